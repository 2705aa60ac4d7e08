"""An entry as an RSS ``<item>`` and as an Atom ``<entry>``, written as text.

feedgen writes the feed around them. Its own entries lose the attributes of links in Atom, take the last link
of any relation for an RSS ``<link>``, write ``None`` as a length, and change the process's locale for every
date; and making thousands of elements takes longer than all that is in them. Every feed is read back before
anybody sees it (:mod:`syndicator.formats.selfcheck`).
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from email.utils import format_datetime
from functools import lru_cache
from hashlib import sha256
from html import escape

from lxml import etree

from syndicator.formats.clean import CleanFeed, unmistakable
from syndicator.formats.content import content_in, headline, summary_text
from syndicator.formats.extension import attributes, rfc3339
from syndicator.formats.links import links_in
from syndicator.model import Entry, Image

_PLACE = "entries"
_RSS, _ATOM = "\n" + " " * 6, "\n" + " " * 4
"""The beginning of a line within an entry: feedgen indents by two."""


class Place:
    """Where the entries come: what feedgen takes for the only one."""

    def register_extension(self, *_told: object) -> None:
        """Take none."""

    def rss_entry(self) -> etree._Element:
        """Return an element that stands for all."""
        return etree.Element(_PLACE)

    atom_entry = rss_entry


def filled(frame: bytes, entries: Iterable[str]) -> bytes:
    """Return a feed, as feedgen wrote it around a :class:`Place`, with the entries there."""
    before, place, after = frame.partition(f"<{_PLACE}/>".encode())
    if not place:
        return frame
    margin = before[before.rindex(b"\n") :].decode()
    return before + margin.join(entries).encode() + after


def rss_item(entry: Entry, feed: CleanFeed) -> str:
    """Return an entry as RSS has it; ``feed`` is the one it stands in."""
    lines = [
        _told("title", headline(entry)),
        _element("link", entry.url),
        _element("description", escape(summary_text(entry), quote=False)),
        f"<content:encoded>{_content(feed, entry)}</content:encoded>",
        _element("guid", entry.id, {"isPermaLink": "false"}),
        *(_told("category", tag) for tag in entry.tags),
        _element("pubDate", format_datetime(entry.published)),
    ]
    if entry.source_url:
        lines.append(_told("source", entry.source_name, {"url": entry.source_url}))
    else:
        lines.append(_told("dc:source", entry.source_name))
    for link in links_in(feed, entry):
        if link.rel == "enclosure":
            # It must have all three attributes; importers trust the length.
            told = {"url": link.href, "length": str(link.length), "type": link.type}
            lines += [_empty("enclosure", told)] if link.length else []
        elif link.rel != "alternate":
            lines.append(_empty("atom:link", attributes(link)))
    # Where an item names nobody, readers show the channel's editor: us, who wrote nothing of it.
    lines += [_told("dc:creator", author) for author in entry.authors or (entry.source_name,)]
    lines.append(_element("dc:language", entry.language))
    if entry.rights:
        lines.append(_told("dc:rights", entry.rights))
    lines.append(_element("atom:updated", rfc3339(entry.updated)))
    lines += _shared(entry, _RSS)
    return _nested("item", {"xml:lang": entry.language}, lines, _RSS)


def atom_entry(entry: Entry, feed: CleanFeed) -> str:
    """Return an entry as Atom has it; ``feed`` is the one it stands in."""
    inner = f"{_ATOM}  "
    # An entry must have an author, a person or not (RFC 4287 §4.2.1): its source, where none is named.
    authors = entry.authors or (entry.source_name,)
    lines = [
        _element("id", entry.id),
        _told("title", headline(entry)),
        _element("updated", (entry.updated + fraction_of(entry.id)).isoformat()),
        *(_nested("author", {}, [_told("name", author)], inner) for author in authors),
        f'<content type="html">{_content(feed, entry)}</content>',
        _told("summary", summary_text(entry)),
        *(_empty("category", {"term": tag, "label": tag}) for tag in map(unmistakable, entry.tags)),
        _element("published", entry.published.isoformat()),
    ]
    if entry.rights:
        lines.append(_told("rights", entry.rights))
    lines += [_empty("link", attributes(link)) for link in links_in(feed, entry)]
    lines += [_source(entry, inner), _element("dc:language", entry.language), *_shared(entry, _ATOM)]
    return _nested("entry", {"xml:lang": entry.language}, lines, _ATOM)


def fraction_of(entry_id: str) -> timedelta:
    """Return a part of a second that is the entry's own.

    Entries that came in the same transaction share their second; the W3C validator warns about two entries
    of the same ``updated``.
    """
    digest = int.from_bytes(sha256(entry_id.encode()).digest()[:8], "big")
    return timedelta(microseconds=digest % 1_000_000)


def _source(entry: Entry, inner: str) -> str:
    """Name the source (RFC 4287 §4.2.11), which must have an id and a date.

    Of its date we only know that the article stood in it when it was published. A link would be taken for the
    entry's own by readers that look for links at any depth.
    """
    if not entry.source_url:
        return _told("dc:source", entry.source_name)
    lines = [
        _told("id", entry.source_url),
        _told("title", entry.source_name),
        _element("updated", rfc3339(entry.published)),
    ]
    return _nested("source", {}, lines, inner)


def _shared(entry: Entry, margin: str) -> list[str]:
    lines = []
    if entry.dated_by_first_sight:
        # Nobody says when it was published: the date is when we first saw it.
        lines.append(_element("dcterms:dateAccepted", rfc3339(entry.published)))
    if entry.image:
        lines.append(_picture(entry.image, f"{margin}  "))
    return lines


def _picture(image: Image, inner: str) -> str:
    """Return the picture as Media RSS has it, which lets its type and size be unknown."""
    told = {"url": image.url, "medium": "image"}
    if image.media_type:
        told["type"] = image.media_type
    if image.length:
        told["fileSize"] = str(image.length)
    lines = []
    if description := image.caption or image.alt:
        lines.append(_told("media:description", description, {"type": "plain"}))
    if image.credit:
        lines.append(_told("media:credit", image.credit))
    return _nested("media:content", told, lines, inner) if lines else _empty("media:content", told)


# XML


def _content(feed: CleanFeed, entry: Entry) -> str:
    """Return an entry's content as XML has it, made once for both formats."""
    if id(entry) not in feed.escaped:
        feed.escaped[id(entry)] = _escaped(content_in(feed, entry))
    return feed.escaped[id(entry)]


def _told(tag: str, text: str, told: Mapping[str, str] | None = None) -> str:
    """Return an element with a plain text for readers."""
    return _element(tag, unmistakable(text), told)


def _element(tag: str, text: str, told: Mapping[str, str] | None = None) -> str:
    return f"<{tag}{_attributes(told) if told else ''}>{_escaped(text)}</{tag}>"


def _empty(tag: str, told: Mapping[str, str]) -> str:
    return f"<{tag}{_attributes(told)}/>"


def _nested(tag: str, told: Mapping[str, str], lines: Iterable[str], inner: str) -> str:
    """Return an element with others; ``inner`` begins their lines."""
    return f"<{tag}{_attributes(told)}>{inner}{inner.join(lines)}{inner[:-2]}</{tag}>"


def _attributes(told: Mapping[str, str]) -> str:
    return "".join([f' {name}="{_quoted(value)}"' for name, value in told.items()])


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


@lru_cache(maxsize=4096)  # both formats have the same links, and all entries the same types and relations
def _quoted(text: str) -> str:
    return _escaped(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")
