"""Names of the compressed forms that lie beside published files: ``en/all.rss`` has ``en/all.rss.gz``."""

from collections.abc import Mapping
from pathlib import PurePath

ENDINGS = {"br": ".br", "zstd": ".zst", "gzip": ".gz"}
"""Content codings (IANA's names) and the endings of their files, the best for texts first."""

_OF_PAGES = {coding: ending for coding, ending in ENDINGS.items() if coding != "zstd"}

_TEXTS = frozenset({".rss", ".atom", ".json", ".opml", ".xml", ".html", ".css", ".js", ".svg", ".txt"})
"""Endings of files that are worth it; pictures are compressed already."""

_LEAST = 256
"""Bytes of the smallest file that is worth it: what is smaller fits into a packet with its headers."""


def may_be_coded(name: str) -> bool:
    """Return whether a file with this name is published in compressed forms where it is large enough."""
    return PurePath(name).suffix in _TEXTS


def coded_forms(name: str, size: int) -> Mapping[str, str]:
    """Return the codings, with their endings, in which a file of this name and many bytes is published.

    Pages have no Zstandard form: every browser that takes it takes Brotli, too, which is smaller.
    """
    if size < _LEAST or not may_be_coded(name):
        return {}
    return _OF_PAGES if name.endswith(".html") else ENDINGS


def is_coded_form(name: str) -> bool:
    """Return whether a name is that of a compressed form rather than of a file of its own."""
    path = PurePath(name)
    return path.suffix in ENDINGS.values() and PurePath(path.stem).suffix in _TEXTS
