"""OPML 2.0 (http://opml.org/spec2.opml): every feed at once, for readers to subscribe to."""

from collections.abc import Iterable
from email.utils import format_datetime

from lxml import etree

from syndicator.formats.clean import clean_feed, clean_line
from syndicator.formats.paths import feed_url
from syndicator.model import Feed, LocalText
from syndicator.text.languages import language_name, localized

_FORMAT_PREFERRED = ("atom", "rss")
"""The formats that readers subscribe to from a list of subscriptions; the first that a feed has."""


def render_opml(title: LocalText, feeds: Iterable[Feed]) -> bytes:
    """Return a subscription list of the feeds, in a folder per language, in UTF-8.

    ``title`` is the site's; it is told in the first feed's language. A feed stands in it once, as Atom where
    it has that: a reader would otherwise show every entry twice. One without RSS and Atom is left out, for
    the list knows no other format.
    """
    cleaned = [clean_feed(feed) for feed in feeds]
    opml = etree.Element("opml", version="2.0")
    head = etree.SubElement(opml, "head")
    first_language = cleaned[0].language if cleaned else "en"
    etree.SubElement(head, "title").text = clean_line(localized(title, first_language))
    if cleaned:
        etree.SubElement(head, "dateModified").text = format_datetime(max(feed.updated for feed in cleaned))
    body = etree.SubElement(opml, "body")
    for language in dict.fromkeys(feed.language for feed in cleaned):
        folder = etree.SubElement(body, "outline", text=language_name(language, language))
        for feed in cleaned:
            if feed.language == language:
                _add_feed(folder, feed)
        if len(folder) == 0:
            body.remove(folder)
    return bytes(etree.tostring(opml, encoding="UTF-8", xml_declaration=True, pretty_print=True))


def _add_feed(folder: etree._Element, feed: Feed) -> None:
    fmt = next((fmt for fmt in _FORMAT_PREFERRED if fmt in feed.formats), "")
    if not fmt:
        return
    outline = etree.SubElement(folder, "outline", type="rss", text=feed.title, title=feed.title)
    outline.set("xmlUrl", feed_url(feed, fmt))
    outline.set("htmlUrl", feed.url)
    outline.set("language", feed.language)
    if feed.description:
        outline.set("description", feed.description)
