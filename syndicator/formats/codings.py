"""Names of the compressed forms that lie beside published files: ``en/all.rss`` has ``en/all.rss.gz``."""

from pathlib import PurePath

ENDINGS = {"br": ".br", "zstd": ".zst", "gzip": ".gz"}
"""Content codings (IANA's names) and the endings of their files, the best for texts first."""

_TEXTS = (".rss", ".atom", ".json", ".opml", ".xml", ".html", ".css", ".js", ".svg", ".txt")
"""Endings of files that are worth it; pictures are compressed already."""

_PAGES = ".html"
"""Ending of what browsers ask for."""

_LARGE_PAGE = 1 << 15
"""Bytes. In gzip a smaller page fits into a connection's first flight of ten packets (RFC 6928): Brotli, in
which it is a seventh smaller, would bring it no sooner, and cost each of thousands of pages a file more."""

_OF_LARGE_PAGES = ("br", "gzip")
"""All browsers that take Zstandard take Brotli, too, in which pages are smaller."""

_LEAST = 256
"""Bytes of the smallest file that is worth it: what is smaller fits into a packet with its headers."""


def may_be_coded(name: str) -> bool:
    """Return whether a file with this name is published in compressed forms where it is large enough."""
    return name.endswith(_TEXTS)


def codings_of(name: str, size: int) -> tuple[str, ...]:
    """Return the codings in which a file with this name and of this many bytes is published, too."""
    if size < _LEAST or not may_be_coded(name):
        return ()
    if not name.endswith(_PAGES):
        return tuple(ENDINGS)
    return _OF_LARGE_PAGES if size >= _LARGE_PAGE else ("gzip",)


def is_coded_form(name: str) -> bool:
    """Return whether a name is that of a compressed form rather than of a file of its own."""
    path = PurePath(name)
    return path.suffix in ENDINGS.values() and PurePath(path.stem).suffix in _TEXTS
