"""The last look before a feed is written: nothing that subscribers cannot read may reach them."""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from html import escape

from lxml import etree

from syndicator.errors import RenderError
from syndicator.formats.clean import clean_line
from syndicator.formats.paths import document_url, without_token
from syndicator.model import Feed
from syndicator.text.messages import tr

_ATOM = "{http://www.w3.org/2005/Atom}"
_LINK = f"{_ATOM}link"

_Found = tuple[str, str, list[str]]
"""An entry as it was read back: its id, its title, and the addresses it gives as its own."""


def check_rendered(data: bytes, fmt: str, feed: Feed) -> None:
    """Read a rendered feed back and compare it with what it was made from.

    ``fmt`` is ``rss``, ``atom`` or ``json``. Raises RenderError where the bytes are not well formed, an entry
    is missing, surplus or doubled, has no title, or gives not exactly one address as its own
    (RFC 4287 §4.1.1: an ``alternate``).
    """
    try:
        found = _READERS[fmt](data)
    except (etree.XMLSyntaxError, ValueError, KeyError, TypeError) as error:
        raise _broken(feed, fmt, tr("it cannot be read back: {error}", error=error)) from error
    _check_ids(found, feed, fmt)
    own = document_url(feed, fmt)
    if (own if fmt == "json" else escape(own, quote=False)).encode() not in data:
        raise _broken(feed, fmt, tr("it does not name its own address {url}", url=without_token(own)))
    for entry_id, title, addresses in found:
        if not title.strip():
            raise _broken(feed, fmt, tr("entry {id} has no title", id=entry_id))
        if len(addresses) != 1 or not addresses[0].isascii() or ":" not in addresses[0]:
            problem = tr("entry {id} has {count} usable links, not one", id=entry_id, count=len(addresses))
            raise _broken(feed, fmt, problem)


def _check_ids(found: Iterable[_Found], feed: Feed, fmt: str) -> None:
    ids = Counter(entry_id for entry_id, _, _ in found)
    expected = Counter(clean_line(entry.id) for entry in feed.entries)
    for entry_id, count in (ids | expected).items():
        if not entry_id:
            raise _broken(feed, fmt, tr("an entry has no id"))
        if count > 1:
            raise _broken(feed, fmt, tr("entry {id} stands in it twice", id=entry_id))
        if ids[entry_id] != expected[entry_id]:
            raise _broken(feed, fmt, tr("entry {id} is missing or surplus", id=entry_id))


def _broken(feed: Feed, fmt: str, problem: str) -> RenderError:
    return RenderError(
        tr(
            "feed {feed} ({language}, {format}) was not written: {problem}. What was published before stays;"
            " please report this as a bug",
            feed=feed.id,
            language=feed.language,
            format=fmt,
            problem=problem,
        )
    )


def _parse(data: bytes) -> etree._Element:
    # A long article exceeds lxml's limit of 10 MB for a text; these are our own bytes.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=True, remove_blank_text=True, collect_ids=False
    )
    return etree.fromstring(data, parser)


def _read_rss(data: bytes) -> list[_Found]:
    return [_read_item(item) for item in _parse(data).iterfind("channel/item")]


def _read_item(item: etree._Element) -> _Found:
    told: dict[str, list[etree._Element]] = {"guid": [], "title": [], "link": [], _LINK: []}
    for child in item:  # once: each question of its own takes longer
        if child.tag in told:
            told[str(child.tag)].append(child)
    addresses = [link.text or "" for link in told["link"]]
    addresses += [link.get("href", "") for link in told[_LINK] if _is_alternate(link)]
    return _first(told["guid"]), _first(told["title"]), addresses


def _first(found: list[etree._Element]) -> str:
    return (found[0].text or "") if found else ""


def _read_atom(data: bytes) -> list[_Found]:
    return [
        (
            entry.findtext(f"{_ATOM}id", ""),
            entry.findtext(f"{_ATOM}title", ""),
            [link.get("href", "") for link in entry.iter(_LINK) if _is_alternate(link)],
        )
        for entry in _parse(data).iterfind(f"{_ATOM}entry")
    ]


def _is_alternate(link: etree._Element) -> bool:
    return link.get("rel", "alternate") == "alternate"


def _read_json(data: bytes) -> list[_Found]:
    return [(str(item["id"]), str(item["title"]), [str(item["url"])]) for item in json.loads(data)["items"]]


_READERS: dict[str, Callable[[bytes], list[_Found]]] = {
    "rss": _read_rss,
    "atom": _read_atom,
    "json": _read_json,
}
