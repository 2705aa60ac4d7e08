"""Where published files lie in the tree, and so their public addresses: permanent, in ASCII."""

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
