"""Feeds of every kind, from bytes to items: strictly first, forgivingly where that fails."""

import html
import re
from zoneinfo import ZoneInfo

from lxml import etree

from syndicator.errors import ParseError
from syndicator.extract.decode import decode
from syndicator.extract.feed_items import Circumstances, absolute, distinct
from syndicator.extract.feed_json import read_json_feed
from syndicator.extract.feed_loose import read_loose_feed
from syndicator.extract.feed_repair import repaired
from syndicator.extract.feed_xml import read_xml_feed
from syndicator.model import FetchedDocument, ParsedFeed
from syndicator.text.messages import tr

UTC_ZONE = ZoneInfo("UTC")
HEAD = 20_000  # characters in which a feed must begin

FEED_ROOT = re.compile(r"<(rss|feed|[\w.-]{1,20}:(?:feed|RDF)|RDF)[\s>]")
ANY_ROOT = re.compile(r"(?:<[?!][^>]{0,2000}>\s*){0,20}<([A-Za-z_][\w.:-]{0,60})[\s/>]")
# "&#150;" is a control character in XML and was meant as windows-1252 has it.
WESTERN_REFERENCE = re.compile(r"&#(?:x([89][0-9a-fA-F])|(1(?:2[89]|[34]\d|5\d)));")

HTML_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
LINK_TAG = re.compile(r"<link\b[^<>]{0,1000}>", re.IGNORECASE)
ATTRIBUTE = re.compile(r"""([a-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
FEED_TYPES = {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"}
BINARY = (
    b"%PDF",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"RIFF",
    b"OggS",
    b"ID3",
    b"\x7fELF",
)


def read_feed(document: FetchedDocument, timezone: ZoneInfo = UTC_ZONE) -> ParsedFeed:
    """Read RSS 0.9x, 1.0 or 2.0, Atom 0.3 or 1.0, or JSON Feed; its items in the feed's order, each once.

    Dates that name no zone are in ``timezone``. Raises ParseError, which says what came instead of a feed.
    """
    url = document.final_url
    circumstances = Circumstances(url, document.fetched_at, timezone)
    if not document.body.strip():
        raise ParseError(tr("{url}: the answer is empty", url=url))
    if document.body.startswith(BINARY):
        raise ParseError(tr("{url}: this is a binary file, no feed", url=url))
    text = decode(document.body, document.content_type, "xml").lstrip()
    if text.startswith(("{", "[")):
        return read_json_feed(text, circumstances)
    root = FEED_ROOT.search(text, 0, HEAD)
    if root is None or HTML_PAGE.search(text, 0, root.start()):
        raise _no_feed(text, circumstances)
    return _read_markup(_prepared(text, root), circumstances)


def _prepared(text: str, root: re.Match[str]) -> str:
    """Return a feed without what stands around its root: warnings of PHP, declarations, a DTD, scripts.

    Without its DTD a feed has no entities to expand and no file or address to load.
    """
    end = text.rfind(f"</{root[1]}")
    text = text[root.start() : text.find(">", end) + 1 or None] if end >= 0 else text[root.start() :]
    return WESTERN_REFERENCE.sub(_western, text) if "&#" in text else text


def _western(found: re.Match[str]) -> str:
    code = int(found[1], 16) if found[1] else int(found[2])
    return bytes([code]).decode("cp1252", errors="ignore")


def _read_markup(text: str, circumstances: Circumstances) -> ParsedFeed:
    try:
        root = _parse(text, circumstances.url)
    except etree.XMLSyntaxError:
        try:
            root = _parse(repaired(text), circumstances.url)
        except etree.XMLSyntaxError:
            return read_loose_feed(text, circumstances)
    return read_xml_feed(root, circumstances)


def _parse(text: str, url: str) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    return etree.fromstring(text.encode("utf-8"), parser, base_url=url)


def _no_feed(text: str, circumstances: Circumstances) -> ParseError:
    """Say what came instead of a feed, and for a page which feed it advertises."""
    url = circumstances.url
    if HTML_PAGE.search(text, 0, HEAD):
        advertised = advertised_feeds(text, url)
        if advertised:
            return ParseError(
                tr("{url}: this is a web page, no feed; its feed is {feed}", url=url, feed=advertised[0])
            )
        return ParseError(tr("{url}: this is a web page, no feed, and it names none", url=url))
    other = ANY_ROOT.match(text)
    if other is not None:
        return ParseError(
            tr("{url}: this is XML, but no feed: it is a <{name}> document", url=url, name=other[1])
        )
    if "\ufffd" in text[:HEAD] or not text:
        return ParseError(tr("{url}: this is a binary file, no feed", url=url))
    beginning = " ".join(text[:200].split())[:60]
    return ParseError(tr("{url}: this is no feed; it begins with: {beginning}", url=url, beginning=beginning))


def advertised_feeds(page: str, url: str) -> tuple[str, ...]:
    """Return the addresses of the feeds that a page names in its head (RSS autodiscovery)."""
    found = []
    for tag in LINK_TAG.finditer(page):
        attributes = {
            part[1].lower(): part[2] or part[3] or part[4] or "" for part in ATTRIBUTE.finditer(tag[0])
        }
        kinds = attributes.get("rel", "").lower().split()
        if "alternate" in kinds and attributes.get("type", "").strip().lower() in FEED_TYPES:
            found.append(absolute(html.unescape(attributes.get("href", "")), url))
    return distinct(found)
