"""How a file is served, by its path: its type, how long it keeps, who may embed it, what it may load."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from syndicator.formats.codings import may_be_coded
from syndicator.formats.paths import EMBED_ENDING, MEDIA_TYPES, PRIVATE, is_archive_path
from syndicator.text.addresses import ascii_url

Headers = list[tuple[bytes, bytes]]

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

_PICTURES = "img-src 'self' https: http: data:"  # entries show pictures of the sites they come from


@dataclass(frozen=True, slots=True)
class Treatment:
    """The headers of a file that are the same in each of its forms."""

    headers: Headers  # of every answer with or about the file, 304 among them
    media_type: bytes
    media_type_in_browsers: bytes


@dataclass(frozen=True, slots=True)
class House:
    """What the operator decided about all files."""

    base_url: str  # public address of the tree
    embed_ancestors: Sequence[str] = ("*",)  # sources of CSP's frame-ancestors for the embeddable pages
    hubs: Sequence[str] = ()  # addresses of WebSub hubs

    @property
    def prefix(self) -> bytes:
        """Where the tree lies on its host: begins and ends with ``/``."""
        return urlsplit(self.base_url).path.encode("ascii") or b"/"


def treatment_of(path: str, house: House) -> Treatment:
    """Return how a file of the published tree is served."""
    name = PurePosixPath(path)
    in_assets = name.parts[0] == "assets"
    is_feed = name.suffix in _FEEDS and not in_assets
    is_private = name.parts[0] == PRIVATE
    media_type = _FEEDS[name.suffix] if is_feed else _OTHERS.get(name.suffix, _UNKNOWN)
    if name.suffix == ".json" and not is_feed:
        media_type = "application/json"
    in_browsers = _FEEDS_IN_BROWSERS[name.suffix] if is_feed else media_type
    varied = [b"accept"] if is_feed else []
    if may_be_coded(path):
        varied.append(b"accept-encoding")
    headers = [
        (b"cache-control", _keeping(path, is_private=is_private)),
        (b"content-security-policy", _policy(name, house, is_feed=is_feed).encode("ascii")),
        (b"referrer-policy", b"no-referrer" if is_private else b"strict-origin-when-cross-origin"),
        (b"x-content-type-options", b"nosniff"),
    ]
    if varied:
        headers.append((b"vary", b", ".join(varied)))
    if is_feed or name.suffix == ".opml":
        headers.append((b"access-control-allow-origin", b"*"))
        headers.append((b"access-control-expose-headers", b"etag, last-modified, link"))
    if is_feed and not is_private and house.hubs and not is_archive_path(path):
        headers.append((b"link", _discovery(path, house)))
    if is_private:
        headers.append((b"x-robots-tag", b"noindex, nofollow"))
    return Treatment(headers, media_type.encode("ascii"), in_browsers.encode("ascii"))


def _discovery(path: str, house: House) -> bytes:
    """Return how subscribers find a feed's hubs and its own address without reading it (WebSub §4)."""
    links = [
        *(f'<{ascii_url(hub)}>; rel="hub"' for hub in house.hubs),
        f'<{house.base_url}{path}>; rel="self"',
    ]
    return ", ".join(links).encode("ascii")


def _keeping(path: str, *, is_private: bool) -> bytes:
    """Return how long caches may keep a file (RFC 9111, RFC 5861 and RFC 8246)."""
    if is_private:
        return b"private, max-age=300"
    return f"public, {_FOR_EVER if _HASHED.search(path) else _FRESH}".encode("ascii")


def _policy(name: PurePosixPath, house: House, *, is_feed: bool) -> str:
    """Return the Content-Security-Policy: nothing is allowed but what our own files use."""
    place = urlsplit(house.base_url)
    # A feed names its style sheet by the public address, which differs from 'self' behind another name.
    own = f"'self' {place.scheme}://{place.netloc}"
    framed = "'none'"
    if name.name.endswith(EMBED_ENDING):
        framed = " ".join(house.embed_ancestors) or "'none'"
    if name.suffix == ".html":
        allowed = [
            "script-src 'self'",
            "style-src 'self' 'unsafe-inline'",
            _PICTURES,
            "media-src https:",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
        ]
    elif is_feed:
        allowed = [f"style-src {own} 'unsafe-inline'", _PICTURES, "font-src 'self'"]
    else:
        allowed = ["style-src 'unsafe-inline'", "img-src 'self' data:"]  # of pictures in SVG
    return "; ".join(["default-src 'none'", *allowed, "base-uri 'none'", f"frame-ancestors {framed}"])
