"""The style sheets and the script of the pages, at addresses that change with their content.

They are files of their own, not parts of each page, so that readers load them once and the pages need no
exception in a Content-Security-Policy.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import resources

from syndicator.formats.pages.feedstyle import feed_hints
from syndicator.text.page_words import WORDS

_FOLDER = "assets"


@dataclass(frozen=True, slots=True)
class Assets:
    """Where the shared files lie in the published tree, and what is in them."""

    page_style: str
    feed_style: str
    search: str
    files: Mapping[str, bytes]


@cache
def assets() -> Assets:
    """Return the shared files."""
    page_style = _read("page.css")
    feed_style = _read("feed.css") + feed_hints(WORDS).encode()
    search = _read("search.js")
    paths = {
        _path("page", "css", page_style): page_style,
        _path("feed", "css", feed_style): feed_style,
        _path("search", "js", search): search,
    }
    first, second, third = paths
    return Assets(first, second, third, paths)


@cache
def design() -> str:
    """Return a hash of all that decides how pages look: another one means to write them anew."""
    folder = resources.files("syndicator.formats.pages") / "templates"
    templates = sorted(file.name for file in folder.iterdir() if file.name.endswith(".j2"))
    texts = [(folder / name).read_text("utf-8") for name in templates]
    return sha256(repr((templates, texts, sorted(assets().files))).encode()).hexdigest()


def _read(name: str) -> bytes:
    return (resources.files("syndicator.formats.pages") / _FOLDER / name).read_bytes()


def _path(name: str, ending: str, data: bytes) -> str:
    return f"{_FOLDER}/{name}.{sha256(data).hexdigest()[:12]}.{ending}"
