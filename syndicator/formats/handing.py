"""What whoever hands a published file out says of it: its media type, and how long it keeps."""

import re
from pathlib import PurePosixPath

from syndicator.formats.paths import MEDIA_TYPES, PRIVATE

ASSETS = "assets"
"""The folder of what pages are made with; none of it is a feed."""

_FEEDS = {
    f".{ending}": media_type + ("" if ending == "json" else "; charset=utf-8")
    for ending, media_type in MEDIA_TYPES.items()
}
# A browser offers what it does not know for download. As plain XML it shows a feed with its style sheet.
_FEEDS_IN_BROWSERS = {
    ".rss": "application/xml; charset=utf-8",
    ".atom": "application/xml; charset=utf-8",
    ".json": "application/json",
}
_OTHERS = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".opml": "text/x-opml; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".ico": "image/x-icon",
    ".pdf": "application/pdf",
    ".woff2": "font/woff2",
}
_UNKNOWN = "application/octet-stream"

_HASHED = re.compile(r"[.-][0-9a-f]{8,64}\.[a-z0-9]+")
"""The end of a name that holds a hash of the content: such a file never changes."""

_FRESH = "max-age=300, stale-while-revalidate=3600"
_FOR_EVER = "max-age=31536000, immutable"


def is_feed(path: str) -> bool:
    """Whether a file of the published tree is a feed."""
    name = PurePosixPath(path)
    return name.suffix in _FEEDS and name.parts[0] != ASSETS


def media_type(path: str, *, in_browsers: bool = False) -> str:
    """Return a file's media type; ``in_browsers`` the one by which a browser shows a feed like a page."""
    suffix = PurePosixPath(path).suffix
    if is_feed(path):
        return (_FEEDS_IN_BROWSERS if in_browsers else _FEEDS)[suffix]
    return _OTHERS.get(suffix, _UNKNOWN)


def keeping(path: str) -> str:
    """Return how long caches may keep a file (RFC 9111, RFC 5861 and RFC 8246)."""
    if PurePosixPath(path).parts[0] == PRIVATE:
        return "private, max-age=300"
    return f"public, {_FOR_EVER if _HASHED.search(path) else _FRESH}"
