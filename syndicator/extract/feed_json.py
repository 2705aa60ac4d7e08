"""JSON Feed 1 and 1.1 (jsonfeed.org/version/1.1), tolerant of values of a wrong type."""

import json
from collections.abc import Mapping, Sequence

from syndicator.errors import ParseError
from syndicator.extract.decode import clean
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
    person,
    plain,
)
from syndicator.model import FeedItem, Image, ParsedFeed
from syndicator.text.messages import tr

VERSION = "jsonfeed.org/version/"

Object = Mapping[str, object]


def read_json_feed(text: str, circumstances: Circumstances) -> ParsedFeed:
    """Read a JSON Feed. Raises ParseError where the text is no JSON, or JSON of another kind."""
    try:
        feed: object = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        raise ParseError(
            tr("{url}: this begins like JSON but is none: {reason}", url=circumstances.url, reason=error)
        ) from error
    if not isinstance(feed, dict) or not (VERSION in _string(feed, "version") or _looks_like_feed(feed)):
        raise ParseError(tr("{url}: this is JSON, but no JSON Feed", url=circumstances.url))
    home = absolute(_string(feed, "home_page_url"), circumstances.url)
    items = (_item(item, feed, home or circumstances.url, circumstances) for item in _objects(feed, "items"))
    return ParsedFeed(
        title=plain(_string(feed, "title")),
        url=home,
        language=_string(feed, "language"),
        items=identified(items),
    )


def _looks_like_feed(feed: Object) -> bool:
    """Return whether a feed without its version is one all the same."""
    return "title" in feed and any(
        "content_html" in item or "content_text" in item for item in _objects(feed, "items")
    )


def _item(item: Object, feed: Object, base: str, circumstances: Circumstances) -> FeedItem:
    url = absolute(_string(item, "url") or _string(item, "external_url"), base)
    title = plain(_string(item, "title"))
    summary = as_html(_string(item, "summary"))
    content = _string(item, "content_html") or as_html(_string(item, "content_text"))
    date = _string(item, "date_published")
    return FeedItem(
        key=_string(item, "id") or fallback_key(url, title, date, content or summary),
        url=url,
        title=title,
        summary=summary,
        content=content,
        authors=_authors(item) or _authors(feed),
        published=moment(date, circumstances),
        updated=moment(_string(item, "date_modified"), circumstances),
        tags=distinct(plain(tag) for tag in _list(item, "tags") if isinstance(tag, str)),
        image=_image(item, base),
        language=_string(item, "language") or _string(feed, "language"),
    )


def _authors(owner: Object) -> tuple[str, ...]:
    """Return the names of version 1.1's ``authors`` and of version 1's ``author``."""
    author = owner.get("author")
    people = [*_objects(owner, "authors"), *([author] if isinstance(author, dict) else [])]
    return distinct(person(_string(one, "name")) for one in people)


def _image(item: Object, base: str) -> Image | None:
    named = (absolute(_string(item, name), base) for name in ("image", "banner_image"))
    attached = (
        Candidate(url, media_type=_string(attachment, "mime_type"), length=_size(attachment))
        for attachment in _objects(item, "attachments")
        if is_image(url := absolute(_string(attachment, "url"), base), _string(attachment, "mime_type"))
    )
    return best_image(([Candidate(url) for url in named if is_image(url, "", "image")][:1], attached))


def _size(attachment: Object) -> int | None:
    size = attachment.get("size_in_bytes")
    return size if isinstance(size, int) and size > 0 else None


def _string(owner: Object, name: str) -> str:
    """Return a text; version 1 allows numbers as ids, and nobody checks the rest."""
    value = owner.get(name)
    if isinstance(value, str):
        return clean(value).strip()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _list(owner: Object, name: str) -> Sequence[object]:
    value = owner.get(name)
    return value if isinstance(value, list) else []


def _objects(owner: Object, name: str) -> list[Object]:
    return [value for value in _list(owner, name) if isinstance(value, dict)]
