"""An entry as an RSS ``<item>`` and as an Atom ``<entry>``.

They are written here, and feedgen puts them into its feed. Its own entries lose the attributes of links in
Atom, take the last link of any relation for an RSS ``<link>``, write ``None`` as a length, change the
process's locale for every date, and take longer to fill than to write.
"""

from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from hashlib import sha256
from html import escape

from lxml import etree

from syndicator.formats.clean import CleanFeed, unmistakable
from syndicator.formats.content import content_in, headline, summary_text
from syndicator.formats.extension import ATOM, DC, DCTERMS, MEDIA, XML_LANG, attributes, rfc3339
from syndicator.formats.links import Link, links_in
from syndicator.model import Entry, Image

_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


@dataclass(frozen=True, slots=True)
class Written:
    """A written entry as feedgen asks for it."""

    element: etree._Element

    def register_extension(self, *_told: object) -> None:
        """Take none: all is said."""

    def rss_entry(self) -> etree._Element:
        """Return the ``<item>``."""
        return self.element

    def atom_entry(self) -> etree._Element:
        """Return the ``<entry>``."""
        return self.element


def rss_item(entry: Entry, feed: CleanFeed) -> Written:
    """Return an entry as RSS has it; ``feed`` is the one it stands in."""
    item = etree.Element("item", {XML_LANG: entry.language})
    _add(item, "title", headline(entry))
    _add_plain(item, "link", entry.url)
    _add_plain(item, "description", escape(summary_text(entry), quote=False))
    _add_plain(item, _CONTENT, content_in(feed, entry))
    etree.SubElement(item, "guid", isPermaLink="false").text = entry.id
    for tag in entry.tags:
        _add(item, "category", tag)
    _add_plain(item, "pubDate", format_datetime(entry.published))
    if entry.source_url:
        _add(item, "source", entry.source_name).set("url", entry.source_url)
    else:
        _add(item, f"{{{DC}}}source", entry.source_name)
    for link in links_in(feed, entry):
        if link.rel == "enclosure":
            _add_enclosure(item, link)
        elif link.rel != "alternate":
            etree.SubElement(item, f"{{{ATOM}}}link", attributes(link))
    # Where an item names nobody, readers show the channel's editor: us, who wrote nothing of it.
    for author in entry.authors or (entry.source_name,):
        _add(item, f"{{{DC}}}creator", author)
    _add_plain(item, f"{{{DC}}}language", entry.language)
    if entry.rights:
        _add(item, f"{{{DC}}}rights", entry.rights)
    _add_plain(item, f"{{{ATOM}}}updated", rfc3339(entry.updated))
    _add_shared(item, entry)
    return Written(item)


def atom_entry(entry: Entry, feed: CleanFeed) -> Written:
    """Return an entry as Atom has it. Its elements are in no namespace until feedgen has written the feed."""
    element = etree.Element("entry", {XML_LANG: entry.language})
    _add_plain(element, "id", entry.id)
    _add(element, "title", headline(entry))
    _add_plain(element, "updated", (entry.updated + fraction_of(entry.id)).isoformat())
    # An entry must have an author, a person or not (RFC 4287 §4.2.1): its source, where none is named.
    for author in entry.authors or (entry.source_name,):
        _add(etree.SubElement(element, "author"), "name", author)
    etree.SubElement(element, "content", type="html").text = content_in(feed, entry)
    _add(element, "summary", summary_text(entry))
    for tag in map(unmistakable, entry.tags):
        etree.SubElement(element, "category", term=tag, label=tag)
    _add_plain(element, "published", entry.published.isoformat())
    if entry.rights:
        _add(element, "rights", entry.rights)
    for link in links_in(feed, entry):
        etree.SubElement(element, "link", attributes(link))
    _add_source(element, entry)
    _add_plain(element, f"{{{DC}}}language", entry.language)
    _add_shared(element, entry)
    return Written(element)


def fraction_of(entry_id: str) -> timedelta:
    """Return a part of a second that is the entry's own.

    Entries that came in the same transaction share their second; the W3C validator warns about two entries
    of the same ``updated``.
    """
    digest = int.from_bytes(sha256(entry_id.encode()).digest()[:8], "big")
    return timedelta(microseconds=digest % 1_000_000)


def _add(parent: etree._Element, tag: str, text: str) -> etree._Element:
    """Append an element with a plain text for readers."""
    element = etree.SubElement(parent, tag)
    element.text = unmistakable(text)
    return element


def _add_plain(parent: etree._Element, tag: str, text: str) -> None:
    """Append an element with a text to be taken as it is."""
    etree.SubElement(parent, tag).text = text


def _add_enclosure(item: etree._Element, link: Link) -> None:
    """Append an ``<enclosure>``, which must have all three attributes; importers trust the length."""
    if link.length:
        etree.SubElement(item, "enclosure", url=link.href, length=str(link.length), type=link.type)


def _add_source(element: etree._Element, entry: Entry) -> None:
    """Name the source (RFC 4287 §4.2.11), which must have an id and a date.

    Of its date we only know that the article stood in it when it was published. A link would be taken for the
    entry's own by readers that look for links at any depth.
    """
    if not entry.source_url:
        _add(element, f"{{{DC}}}source", entry.source_name)
        return
    source = etree.SubElement(element, "source")
    _add(source, "id", entry.source_url)
    _add(source, "title", entry.source_name)
    _add_plain(source, "updated", rfc3339(entry.published))


def _add_shared(element: etree._Element, entry: Entry) -> None:
    if entry.dated_by_first_sight:
        # Nobody says when it was published: the date is when we first saw it.
        _add_plain(element, f"{{{DCTERMS}}}dateAccepted", rfc3339(entry.published))
    if entry.image:
        _add_image(element, entry.image)


def _add_image(parent: etree._Element, image: Image) -> None:
    """Append the picture as Media RSS has it, which lets its type and size be unknown."""
    content = etree.SubElement(parent, f"{{{MEDIA}}}content", url=image.url, medium="image")
    if image.media_type:
        content.set("type", image.media_type)
    if image.length:
        content.set("fileSize", str(image.length))
    if description := image.caption or image.alt:
        _add(content, f"{{{MEDIA}}}description", description).set("type", "plain")
    if image.credit:
        _add(content, f"{{{MEDIA}}}credit", image.credit)
