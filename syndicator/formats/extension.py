"""The one pair of feedgen extensions that says what feedgen cannot, and says right what it gets wrong.

feedgen loses the attributes of an entry's links in Atom, takes the last link of any relation for an RSS
``<link>``, writes ``None`` as a length and changes the process's locale for every date of an entry. So it is
given none of these: they are written here.
"""

from datetime import UTC, datetime
from email.utils import format_datetime

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from lxml import etree

from syndicator.formats.clean import CleanFeed, unmistakable
from syndicator.formats.links import Link, feed_links, links_in
from syndicator.model import Entry, Feed, Image

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
HISTORY = "http://purl.org/syndication/history/1.0"
DCTERMS = "http://purl.org/dc/terms/"
MEDIA = "http://search.yahoo.com/mrss/"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

NAME = "syndicator"
"""The name under which feedgen keeps the pair: ``generator.syndicator``, ``entry.syndicator``."""


class FeedExtension(BaseExtension):  # type: ignore[misc]
    """What a feed as a whole says beyond feedgen."""

    feed: Feed

    def extend_ns(self) -> dict[str, str]:
        """Return the namespaces of both extensions."""
        shared = {"dc": DC, "dcterms": DCTERMS, "media": MEDIA}
        return shared | {"fh": HISTORY} if self.feed.archive else shared

    def extend_rss(self, feed: etree._Element) -> etree._Element:
        """Add the language and the links to ``<rss>``, whose only child is the channel."""
        feed.set(XML_LANG, self.feed.language)
        for link in feed_links(self.feed, "rss"):
            if link.rel != "alternate":
                _add_link(feed[0], link, f"{{{ATOM}}}link")
        if self.feed.archive:
            etree.SubElement(feed[0], f"{{{HISTORY}}}archive")
        return feed

    def extend_atom(self, feed: etree._Element) -> etree._Element:
        """Add the links to ``<feed>``. feedgen's elements are in no namespace until they are written."""
        for link in feed_links(self.feed, "atom"):
            _add_link(feed, link, "link")
        if self.feed.archive:
            etree.SubElement(feed, f"{{{HISTORY}}}archive")
        return feed


class EntryExtension(BaseEntryExtension):  # type: ignore[misc]
    """What an entry says beyond feedgen."""

    entry: Entry
    feed: CleanFeed

    def extend_rss(self, feed: etree._Element) -> etree._Element:
        """Add to an ``<item>`` its language, one link, dates, enclosure, authors, source and rights."""
        item, entry = feed, self.entry
        item.set(XML_LANG, entry.language)
        item.insert(1, _text_element("link", entry.url))
        _add_text(item, "pubDate", format_datetime(entry.published))
        self._add_rss_source(item)
        for link in links_in(self.feed, entry):
            if link.rel == "enclosure":
                _add_rss_enclosure(item, link)
            elif link.rel != "alternate":
                _add_link(item, link, f"{{{ATOM}}}link")
        # Where an item names nobody, readers show the channel's editor: us, who wrote nothing of it.
        for author in entry.authors or (entry.source_name,):
            _add_text(item, f"{{{DC}}}creator", author)
        _add_text(item, f"{{{DC}}}language", entry.language)
        if entry.rights:
            _add_text(item, f"{{{DC}}}rights", entry.rights)
        _add_text(item, f"{{{ATOM}}}updated", rfc3339(entry.updated))
        self._add_shared(item)
        return feed

    def extend_atom(self, feed: etree._Element) -> etree._Element:
        """Add to an ``<entry>`` its language, its links and its source."""
        element = feed
        element.set(XML_LANG, self.entry.language)
        for link in links_in(self.feed, self.entry):
            _add_link(element, link, "link")
        self._add_atom_source(element)
        _add_text(element, f"{{{DC}}}language", self.entry.language)
        self._add_shared(element)
        return feed

    def _add_rss_source(self, item: etree._Element) -> None:
        if self.entry.source_url:
            source = _add_text(item, "source", self.entry.source_name)
            source.set("url", self.entry.source_url)
        else:
            _add_text(item, f"{{{DC}}}source", self.entry.source_name)

    def _add_atom_source(self, element: etree._Element) -> None:
        """Name the source (RFC 4287 §4.2.11), which must have an id and a date.

        Of its date we only know that the article stood in it when it was published. A link would be taken
        for the entry's own by readers that look for links at any depth.
        """
        if not self.entry.source_url:
            _add_text(element, f"{{{DC}}}source", self.entry.source_name)
            return
        source = etree.SubElement(element, "source")
        _add_text(source, "id", self.entry.source_url)
        _add_text(source, "title", self.entry.source_name)
        _add_text(source, "updated", rfc3339(self.entry.published))

    def _add_shared(self, element: etree._Element) -> None:
        if self.entry.dated_by_first_sight:
            # Nobody says when it was published: the date is when we first saw it.
            _add_text(element, f"{{{DCTERMS}}}dateAccepted", rfc3339(self.entry.published))
        if self.entry.image:
            _add_image(element, self.entry.image)


def rfc3339(moment: datetime) -> str:
    """Return a time in UTC as RFC 3339 writes it."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _text_element(tag: str, text: str) -> etree._Element:
    element = etree.Element(tag)
    element.text = text
    return element


def _add_text(parent: etree._Element, tag: str, text: str) -> etree._Element:
    """Append an element with a plain text."""
    element = etree.SubElement(parent, tag)
    element.text = unmistakable(text)
    return element


def _add_link(parent: etree._Element, link: Link, tag: str) -> None:
    told = {"rel": link.rel, "href": link.href, "type": link.type, "hreflang": link.hreflang}
    if link.title:
        told["title"] = unmistakable(link.title)
    if link.length:
        told["length"] = str(link.length)
    etree.SubElement(parent, tag, {name: value for name, value in told.items() if value})


def _add_rss_enclosure(item: etree._Element, link: Link) -> None:
    """Append an ``<enclosure>``, which must have all three attributes; importers trust the length."""
    if link.length:
        etree.SubElement(item, "enclosure", url=link.href, length=str(link.length), type=link.type)


def _add_image(parent: etree._Element, image: Image) -> None:
    """Append the picture as Media RSS has it, which lets its type and size be unknown."""
    content = etree.SubElement(parent, f"{{{MEDIA}}}content", url=image.url, medium="image")
    if image.media_type:
        content.set("type", image.media_type)
    if image.length:
        content.set("fileSize", str(image.length))
    if description := image.caption or image.alt:
        _add_text(content, f"{{{MEDIA}}}description", description).set("type", "plain")
    if image.credit:
        _add_text(content, f"{{{MEDIA}}}credit", image.credit)
