"""How a file is served, by its path: its type, how long it keeps, who may embed it, what it may load."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from syndicator.formats.codings import may_be_coded
from syndicator.formats.handing import is_feed, keeping, media_type
from syndicator.formats.paths import EMBED_ENDING, PRIVATE, is_archive_path
from syndicator.text.addresses import ascii_url

Headers = list[tuple[bytes, bytes]]


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
    feed = is_feed(path)
    is_private = name.parts[0] == PRIVATE
    varied = [b"accept"] if feed else []
    if may_be_coded(path):
        varied.append(b"accept-encoding")
    headers = [
        (b"cache-control", keeping(path).encode("ascii")),
        (b"content-security-policy", _policy(name, house, is_feed=feed).encode("ascii")),
        (b"referrer-policy", b"no-referrer" if is_private else b"strict-origin-when-cross-origin"),
        (b"x-content-type-options", b"nosniff"),
    ]
    if varied:
        headers.append((b"vary", b", ".join(varied)))
    if feed or name.suffix == ".opml":
        headers.append((b"access-control-allow-origin", b"*"))
        headers.append((b"access-control-expose-headers", b"etag, last-modified, link"))
    if feed and not is_private and house.hubs and not is_archive_path(path):
        headers.append((b"link", _discovery(path, house)))
    if is_private:
        headers.append((b"x-robots-tag", b"noindex, nofollow"))
    in_browsers = media_type(path, in_browsers=True)
    return Treatment(headers, media_type(path).encode("ascii"), in_browsers.encode("ascii"))


def _discovery(path: str, house: House) -> bytes:
    """Return how subscribers find a feed's hubs and its own address without reading it (WebSub §4)."""
    links = [
        *(f'<{ascii_url(hub)}>; rel="hub"' for hub in house.hubs),
        f'<{house.base_url}{path}>; rel="self"',
    ]
    return ", ".join(links).encode("ascii")


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
