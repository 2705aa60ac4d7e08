"""Reads sitemaps: lists of pages, lists of sitemaps, news sitemaps and plain lists of addresses.

The formats are those of sitemaps.org and of Google's news extension. A sitemap is read piece by piece, and no
further than its bounds: one of 100 MB costs no more memory than one of 1 MB.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from lxml import etree

from syndicator.errors import ParseError
from syndicator.extract.dates import read_date
from syndicator.extract.decode import decode
from syndicator.extract.feed_items import absolute
from syndicator.model import FetchedDocument
from syndicator.text.addresses import same_site
from syndicator.text.messages import tr

MOST_ENTRIES = 50_000  # of one file, as the protocol has it
MOST_BYTES = 50 * 1024 * 1024  # of one file, unpacked, as the protocol has it
LONGEST_ADDRESS = 2048  # characters, as the protocol has it
PIECE = 64 * 1024
GZIP_MAGIC = b"\x1f\x8b"
ROOTS = ("urlset", "sitemapindex")


@dataclass(frozen=True, slots=True)
class Listed:
    """One address in a sitemap, and what the sitemap says of it."""

    url: str  # absolute
    modified: datetime | None = None  # its ``lastmod``
    published: datetime | None = None  # of the news extension
    title: str = ""  # plain; of the news extension
    language: str = ""  # of the news extension


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What one sitemap file lists: pages, or other sitemaps."""

    pages: tuple[Listed, ...] = ()
    sitemaps: tuple[Listed, ...] = ()


def read_sitemap(document: FetchedDocument, timezone: ZoneInfo) -> Sitemap:
    """Return what a sitemap lists, in its order; addresses of other sites are left out.

    Dates that name no zone are in ``timezone``. A file that breaks off is read as far as it goes. Raises
    ParseError where the answer is no sitemap.
    """
    url = document.final_url
    beginning, pieces = _begun(_unpacked(document.body))
    if not beginning.strip():
        raise ParseError(tr("{url}: the answer is empty", url=url))
    if beginning.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") or b"\x00<" in beginning[:200]:
        return _read_xml(document, pieces, timezone)
    return _read_lines(document, b"".join(pieces))


def _begun(pieces: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    first = next(pieces, b"")

    def all_pieces() -> Iterator[bytes]:
        yield first
        yield from pieces

    return first, all_pieces()


def _unpacked(body: bytes) -> Iterator[bytes]:
    """Yield a body in pieces, unpacked where it is packed: sitemaps are stored as .gz files, too."""
    if not body.startswith(GZIP_MAGIC):
        for at in range(0, min(len(body), MOST_BYTES), PIECE):
            yield body[at : at + PIECE]
        return
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    waiting, total = body, 0
    while waiting and not unpacker.eof and total < MOST_BYTES:
        try:
            piece = unpacker.decompress(waiting, PIECE)
        except zlib.error:
            return  # as far as it goes
        waiting = unpacker.unconsumed_tail
        total += len(piece)
        yield piece


def _read_xml(document: FetchedDocument, pieces: Iterator[bytes], timezone: ZoneInfo) -> Sitemap:
    pages: list[Listed] = []
    sitemaps: list[Listed] = []
    parser = etree.XMLPullParser(
        events=("start", "end"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=False,
    )
    root = ""
    for event, element in _events(parser, pieces):
        name = _name(element)
        if not root:
            root = name
            if root not in ROOTS:
                raise ParseError(
                    tr(
                        "{url}: this is no sitemap: it is a <{name}> document",
                        url=document.final_url,
                        name=root,
                    )
                )
        if event != "end" or name not in {"url", "sitemap"}:
            continue
        listed = _listed(element, document, timezone)
        _forget(element)
        if listed is not None:
            (pages if name == "url" else sitemaps).append(listed)
        if len(pages) + len(sitemaps) >= MOST_ENTRIES:
            break
    if not root:
        raise ParseError(tr("{url}: this is no sitemap that can be read", url=document.final_url))
    return Sitemap(tuple(pages), tuple(sitemaps))


def _events(
    parser: "etree.XMLPullParser[etree._Element]", pieces: Iterator[bytes]
) -> "Iterator[tuple[str, etree._Element]]":
    """Yield what a parser finds, until the end or the first mistake."""
    try:
        for piece in pieces:
            parser.feed(piece)
            yield from parser.read_events()
        parser.close()
    except etree.XMLSyntaxError:
        pass
    yield from parser.read_events()


def _forget(element: "etree._Element") -> None:
    """Free an element that was read, and those before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _listed(element: "etree._Element", document: FetchedDocument, timezone: ZoneInfo) -> Listed | None:
    found: dict[str, str] = {}
    for child in element.iter():
        text = (child.text or "").strip()
        if text and isinstance(child.tag, str) and len(text) <= LONGEST_ADDRESS:
            found.setdefault(_name(child), text)
    url = absolute(found.get("loc", ""), document.final_url)
    if not url or not same_site(url, document.final_url):
        return None

    def moment(name: str) -> datetime | None:
        return read_date(found[name], document.fetched_at, timezone) if name in found else None

    return Listed(
        url,
        modified=moment("lastmod"),
        published=moment("publication_date"),
        title=" ".join(found.get("title", "").split()),
        language=found.get("language", ""),
    )


def _name(element: "etree._Element") -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _read_lines(document: FetchedDocument, body: bytes) -> Sitemap:
    """Read a plain list: one address a line, and nothing else."""
    lines = decode(body, document.content_type, "xml").split()[:MOST_ENTRIES]
    if not lines or not all(line.startswith(("http://", "https://")) for line in lines):
        raise ParseError(tr("{url}: this is no sitemap that can be read", url=document.final_url))
    urls = (absolute(line, document.final_url) for line in lines if len(line) <= LONGEST_ADDRESS)
    return Sitemap(tuple(Listed(url) for url in urls if url and same_site(url, document.final_url)))
