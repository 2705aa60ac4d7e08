"""Where published files lie in the tree, and so their public addresses: permanent, in ASCII."""

import re

from syndicator.model import Feed

OPML_PATH = "feeds.opml"
INDEX_PATH = "index.html"
PRIVATE = "private"
"""The folder of feeds that are for one partner each: they stand in no index, list or hub."""

EMBED_ENDING = ".embed.html"

SEVERAL = "mul"
"""The language of a feed that holds several (ISO 639-2); RSS has no code for it and names none."""

MEDIA_TYPES = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
}
"""The formats and their media types (RFC 4287 §7, JSON Feed 1.1; RSS by common use)."""


def feed_path(feed_id: str, language: str, fmt: str) -> str:
    """Return a feed's place in the published tree: ``en/all.rss``; ``fmt`` is a key of ``MEDIA_TYPES``."""
    return f"{language}/{feed_id}.{fmt}"


def feed_url(feed: Feed, fmt: str) -> str:
    """Return a feed's public address in one of its formats."""
    return feed.base_url + feed_path(feed.id, feed.language, fmt)


def archive_path(feed_id: str, language: str, number: int, fmt: str) -> str:
    """Return the place of an archive document of a feed: ``en/all.archive-1.rss``."""
    return f"{language}/{feed_id}.archive-{number}.{fmt}"


_ARCHIVE = re.compile(r".+\.archive-[0-9]+\.[a-z]+")


def is_archive_path(path: str) -> bool:
    """Whether a path is the place of an archive document."""
    return _ARCHIVE.fullmatch(path) is not None


def archive_url(feed: Feed, number: int, fmt: str) -> str:
    """Return the public address of one of a feed's archive documents."""
    return feed.base_url + archive_path(feed.id, feed.language, number, fmt)


def document_url(feed: Feed, fmt: str) -> str:
    """Return the public address of a feed as it stands: its own, or that of the archive document it is."""
    return archive_url(feed, feed.archive, fmt) if feed.archive else feed_url(feed, fmt)


IMAGES = "images"
"""The folder of pictures that we publish ourselves."""


def image_path(digest: str, ending: str) -> str:
    """Return the place of a picture by its content's SHA-256, in hexadecimal: it never changes."""
    return f"{IMAGES}/picture-{digest[:40]}.{ending}"


def is_image_path(path: str) -> bool:
    """Whether a path is such a place."""
    return re.fullmatch(rf"{IMAGES}/picture-[0-9a-f]{{40}}\.[a-z]+", path) is not None


def private_folder(token: str) -> str:
    """Return the folder of a token's feeds and pages, a published tree of its own."""
    return f"{PRIVATE}/{token}/"


_TOKEN = re.compile(rf"(?<![^/]){PRIVATE}/(?P<beginning>[A-Za-z0-9_-]{{8}})[A-Za-z0-9_-]{{8,}}")
_IN_PRIVATE = re.compile(rf"{PRIVATE}/(?P<token>[A-Za-z0-9_-]{{16,}})/(?P<path>.+)")


def without_token(text: str) -> str:
    """Return a path, or a message with one, as a log may hold it: whoever has a token may read."""
    return _TOKEN.sub(f"{PRIVATE}/…", text)


def with_short_token(text: str) -> str:
    """Return a path, or a message with one, that names a private tree without opening it."""
    return _TOKEN.sub(rf"{PRIVATE}/\g<beginning>…", text)


def split_private(path: str) -> tuple[str, str]:
    """Return the token in a path of the published tree ("": it is public), and the path below its folder."""
    found = _IN_PRIVATE.fullmatch(path)
    return (found["token"], found["path"]) if found else ("", path)


def embed_path(feed_id: str, language: str) -> str:
    """Return the place of a feed's embeddable page: ``en/all.embed.html``."""
    return f"{language}/{feed_id}{EMBED_ENDING}"


def page_path(public_id: str, language: str) -> str:
    """Return the place of an article's page in a language; the id was minted once and is stored."""
    return f"{language}/articles/{public_id}.html"


def side_path(public_id: str, language: str) -> str:
    """Return the place of the page that shows an article beside its original."""
    return f"{language}/articles/{public_id}.side.html"


def landing_path(language: str) -> str:
    """Return the place of a language's landing page."""
    return f"{language}/index.html"


def month_path(language: str, month: str) -> str:
    """Return the place of the list of a month's articles; ``month`` is ``2026-11``."""
    return f"{language}/archive/{month}.html"


def titles_path(language: str, month: str) -> str:
    """Return the place of a month's titles for the search box."""
    return f"{language}/archive/{month}.js"
