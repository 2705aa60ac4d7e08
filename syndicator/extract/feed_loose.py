"""Feeds that are no XML, read with feedparser: slow, forgiving, and never the first choice."""

import io
import re
from collections.abc import Iterable, Mapping

from syndicator.errors import ParseError
from syndicator.extract.feed_items import (
    Candidate,
    Circumstances,
    absolute,
    as_html,
    best_image,
    distinct,
    fallback_key,
    identified,
    is_image,
    moment,
    number,
    person,
    plain,
)
from syndicator.model import FeedItem, Image, ParsedFeed
from syndicator.text.messages import tr

LARGEST = 5_000_000  # characters
DEEPEST = 100  # open elements
TAG = re.compile(r"<(/?)([A-Za-z][\w:.-]{0,60})[^<>]*?(/?)>")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "wbr"}
ITEMS = {"item", "entry"}
ITEM_START = re.compile(r"<((?:\w{1,20}:)?(?:item|entry))\b")
ROOT_END = re.compile(r"</(?:rss|channel|(?:\w{1,20}:)?(?:feed|RDF))\s*>")

# What feedparser and the parsers beneath it raise at markup that nobody foresaw.
BROKEN = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)

Found = Mapping[str, object]


def read_loose_feed(text: str, circumstances: Circumstances) -> ParsedFeed:
    """Read what can be read of a broken feed.

    Raises ParseError where nothing of it is a feed, where it is too large or too deeply nested to be tried,
    or where it breaks off before its first item ends.
    """
    text = _whole_items(text, circumstances)
    if len(text) > LARGEST or _is_too_deep(text):
        raise ParseError(
            tr(
                "{url}: this is no valid XML, and too large or too deeply nested to be guessed at",
                url=circumstances.url,
            )
        )
    import feedparser  # 0.1 s, and few feeds need it

    try:
        found = feedparser.parse(
            io.BytesIO(text.encode("utf-8")),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except BROKEN as error:
        raise ParseError(tr("{url}: this feed is too broken to be read", url=circumstances.url)) from error
    is_empty = not found.get("entries")
    if is_empty and (not found.get("version") or ITEM_START.search(text)):
        raise ParseError(tr("{url}: this is no feed that can be read", url=circumstances.url))
    feed: Found = found.get("feed") or {}
    home = absolute(_string(feed, "link"), circumstances.url)
    items = (
        _item(entry, feed, home or circumstances.url, circumstances) for entry in _objects(found, "entries")
    )
    return ParsedFeed(
        title=plain(_string(feed, "title")),
        url=home,
        language=_string(feed, "language"),
        items=identified(items),
    )


def _whole_items(text: str, circumstances: Circumstances) -> str:
    """Return a feed that breaks off without its last item, which is only half there.

    Raises ParseError where that was the only one: nothing new and nothing readable are not the same.
    """
    starts = list(ITEM_START.finditer(text))
    if not starts and ROOT_END.search(text) is None:
        raise ParseError(tr("{url}: this feed breaks off before its first item", url=circumstances.url))
    if not starts or text.find(f"</{starts[-1][1]}", starts[-1].end()) >= 0:
        return text
    if ROOT_END.search(text, starts[-1].end()):  # not broken off: this publisher closes no items
        return text
    if len(starts) == 1:
        raise ParseError(tr("{url}: this feed breaks off within its first item", url=circumstances.url))
    return text[: starts[-1].start()]


def _is_too_deep(text: str) -> bool:
    """Return whether elements are nested so deeply that feedparser would take seconds.

    Whatever is left open inside an item ends with it: publishers forget ``</p>`` in every one.
    """
    depth = 0
    for found in TAG.finditer(text):
        closing, name, empty = found[1], found[2].lower(), found[3]
        if closing:
            depth = min(depth - 1, 2) if name in ITEMS else depth - 1
        elif not empty and name not in VOID:
            depth += 1
        depth = max(depth, 0)
        if depth > DEEPEST:
            return True
    return False


def _item(entry: Found, feed: Found, base: str, circumstances: Circumstances) -> FeedItem:
    url = absolute(_string(entry, "feedburner_origlink") or _string(entry, "link"), base)
    title = plain(_string(entry, "title"))
    content = next((text for part in _objects(entry, "content") if (text := _markup(part))), "")
    summary_detail = entry.get("summary_detail")
    summary = _markup(summary_detail) if isinstance(summary_detail, dict) else ""
    date = _string(entry, "published") or _string(entry, "created")
    return FeedItem(
        key=_string(entry, "id") or fallback_key(url, title, date, content or summary),
        url=url,
        title=title,
        summary="" if summary == content else summary,
        content=content,
        authors=_authors(entry),
        published=moment(date, circumstances),
        updated=moment(_string(entry, "updated"), circumstances),
        tags=distinct(
            plain(_string(tag, "label") or _string(tag, "term")) for tag in _objects(entry, "tags")
        ),
        image=_image(entry, base),
        rights=plain(_string(entry, "rights") or _string(feed, "rights")),
        language=_string(entry, "language") or _string(feed, "language"),
    )


def _authors(entry: Found) -> tuple[str, ...]:
    return distinct(person(_string(author, "name")) for author in _objects(entry, "authors"))


def _image(entry: Found, base: str) -> Image | None:
    return best_image(
        _candidates(_objects(entry, name), address, base)
        for name, address in (("media_content", "url"), ("enclosures", "href"), ("media_thumbnail", "url"))
    )


def _candidates(pictures: Iterable[Found], address: str, base: str) -> list[Candidate]:
    found = []
    for picture in pictures:
        url, media_type = absolute(_string(picture, address), base), _string(picture, "type").lower()
        if is_image(url, media_type, _string(picture, "medium").lower()):
            width, length = number(_string(picture, "width")), number(_string(picture, "length"))
            found.append(Candidate(url, width, media_type, length))
    return found


def _markup(part: Found) -> str:
    value = _string(part, "value")
    return as_html(value) if part.get("type") == "text/plain" else value


def _string(owner: Found, name: str) -> str:
    # dict.get, because feedparser's own answers for "updated" with "published" and warns.
    value = dict.get(owner, name) if isinstance(owner, dict) else None
    return value.strip() if isinstance(value, str) else ""


def _objects(owner: Found, name: str) -> list[Found]:
    value = dict.get(owner, name) if isinstance(owner, dict) else None
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
