"""Feeds made safe to write: no character, address or date that could break a format or its readers."""

import re
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from html import escape, unescape
from html.entities import name2codepoint
from typing import TYPE_CHECKING

from syndicator.model import Attachment, Edition, Entry, Feed, Image
from syndicator.text.addresses import ascii_url
from syndicator.text.languages import normalise_language

if TYPE_CHECKING:
    from syndicator.formats.links import Link

# What XML 1.0 §2.2 forbids (controls, surrogates, U+FFFE, U+FFFF), what it discourages (C1 controls and the
# other noncharacters), and U+FFFD, which only tells that a character was lost. The W3C validator warns
# about each of the latter.
_UNREADABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffd-\uffff"
    + "".join(chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(1, 17))
    + "]"
)
_LOST = "\ufffd"
_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")
_LINK = re.compile(r'(?<=\s)(href|src)="([^"]*)"')
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+")
_MAIL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")

# "<b" and "&copy" in a plain title are markup to one half of the readers and text to the other half. A word
# joiner (U+2060, invisible) after the sign makes them text to all. Escaping twice shows "&lt;" to one half.
_MISREAD = re.compile(r"<(?=[A-Za-z/!?])|&(?=(#?\w+))")
_WORD_JOINER = "\u2060"


def clean_text(text: str) -> str:
    """Return a text, plain or HTML, without the characters that no feed may hold."""
    # All that is taken out or replaced is unprintable to Python but U+FFFD; asking that takes a tenth.
    if _LOST not in text and text.replace("\n", "").isprintable():
        return text
    return _LINE_ENDS.sub("\n", _UNREADABLE.sub("", text))


def clean_line(text: str) -> str:
    """Return a plain text as one line without such characters."""
    if not text:
        return ""
    return " ".join(clean_text(text).split())


def unmistakable(text: str) -> str:
    """Return a plain text that shows the same in readers that take it for HTML and in those that do not."""
    if "<" not in text and "&" not in text:
        return text
    return _MISREAD.sub(lambda match: match.group() + (_WORD_JOINER if _is_misread(match) else ""), text)


def _is_misread(match: re.Match[str]) -> bool:
    name = match.group(1)
    return name is None or name in name2codepoint or name == "apos" or not name.isalpha()


@dataclass(frozen=True, slots=True)
class CleanFeed(Feed):
    """A feed that is safe to write. Only :func:`clean_feed` makes one, and it is never changed after."""

    # What was made of its entries, by their identity: each format shows the same.
    contents: dict[int, str] = field(default_factory=dict, compare=False, repr=False)
    escaped: dict[int, str] = field(default_factory=dict, compare=False, repr=False)
    links: dict[int, "tuple[Link, ...]"] = field(default_factory=dict, compare=False, repr=False)


def clean_feed(feed: Feed) -> CleanFeed:
    """Return the feed with readable texts, ASCII addresses, and times in UTC and whole seconds.

    One that is clean is returned as it is: every format asks for that of the same feed.
    """
    if isinstance(feed, CleanFeed):
        return feed
    cleaned = replace(
        feed,
        language=normalise_language(feed.language),
        title=clean_line(feed.title) or feed.id,
        description=clean_line(feed.description),
        url=ascii_url(feed.url) or feed.base_url,
        contact=feed.contact if _MAIL.fullmatch(feed.contact) else "",
        updated=_whole_seconds(feed.updated),
        entries=tuple(clean_entry(entry, ascii_url(feed.url) or feed.base_url) for entry in feed.entries),
        rights=clean_line(feed.rights),
        funding=clean_line(feed.funding),
        funding_image=ascii_url(feed.funding_image),
        editions=tuple(_clean_edition(edition) for edition in feed.editions),
    )
    return CleanFeed(**{one.name: getattr(cleaned, one.name) for one in fields(Feed)})


def clean_body(html: str) -> str:
    """Return an entry's text, HTML, without such characters and with ASCII addresses in its links."""
    if not html:
        return ""
    return _with_ascii_links(clean_text(html)).strip()


def clean_entry(entry: Entry, home: str) -> Entry:
    """Return the entry likewise; one without a usable address leads to ``home``."""
    updated = _whole_seconds(entry.updated)
    return replace(
        entry,
        id=clean_line(entry.id),
        language=normalise_language(entry.language),
        title=clean_line(entry.title),
        summary=clean_line(entry.summary),
        body=clean_body(entry.body),
        correction=clean_line(entry.correction),
        original_title=clean_line(entry.original_title),
        original_body=clean_body(entry.original_body),
        url=ascii_url(entry.url) or home,
        original_url=ascii_url(entry.original_url),
        source_id=clean_line(entry.source_id),
        source_name=clean_line(entry.source_name) or clean_line(entry.source_id),
        source_url=ascii_url(entry.source_url),
        source_language=normalise_language(entry.source_language),
        # A source's clock may be ahead of ours; what is dated in the future is hidden or refused by readers.
        published=min(_whole_seconds(entry.published), updated),
        updated=updated,
        authors=_lines(entry.authors),
        image=None if entry.withdrawn else _clean_image(entry.image),
        rights=clean_line(entry.rights),
        tags=_lines(entry.tags),
        attachments=tuple(
            _clean_attachment(one) for one in entry.attachments if not entry.withdrawn and ascii_url(one.url)
        ),
        engines=_lines(entry.engines),
        editions=tuple(_clean_edition(edition) for edition in entry.editions),
    )


def _clean_edition(edition: Edition) -> Edition:
    return replace(edition, language=normalise_language(edition.language), title=clean_line(edition.title))


def _clean_attachment(attachment: Attachment) -> Attachment:
    return replace(
        attachment,
        url=ascii_url(attachment.url),
        title=clean_line(attachment.title),
        language=normalise_language(attachment.language),
    )


def _clean_image(image: Image | None) -> Image | None:
    url = ascii_url(image.url) if image else ""
    if image is None or not url:
        return None
    return replace(
        image,
        url=url,
        alt=clean_line(image.alt),
        caption=clean_line(image.caption),
        credit=clean_line(image.credit),
        media_type=image.media_type if _MEDIA_TYPE.fullmatch(image.media_type) else "",
        length=image.length if image.length and image.length > 0 else None,
    )


def _lines(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the texts as lines, each once, in their order, without empty ones."""
    return tuple(dict.fromkeys(line for line in map(clean_line, texts) if line))


def _whole_seconds(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def _with_ascii_links(html: str) -> str:
    """Return HTML whose links and pictures have ASCII addresses: importers refuse others."""
    if html.isascii() or ("href=" not in html and "src=" not in html):
        return html
    return _LINK.sub(_ascii_attribute, html)


def _ascii_attribute(match: re.Match[str]) -> str:
    url = "" if match.group(2).isascii() else ascii_url(unescape(match.group(2)))
    return f'{match.group(1)}="{escape(url)}"' if url else match.group()
