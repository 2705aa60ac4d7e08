"""Names of the compressed forms that lie beside published files: ``en/all.rss`` has ``en/all.rss.gz``."""

from pathlib import PurePath

ENDINGS = {"br": ".br", "zstd": ".zst", "gzip": ".gz"}
"""Content codings (IANA's names) and the endings of their files, the best for texts first."""

_TEXTS = frozenset({".rss", ".atom", ".json", ".opml", ".xml", ".html", ".css", ".js", ".svg", ".txt"})
"""Endings of files that are worth it; pictures are compressed already."""

_LEAST = 256
"""Bytes of the smallest file that is worth it: what is smaller fits into a packet with its headers."""


def may_be_coded(name: str) -> bool:
    """Return whether a file with this name is published in compressed forms where it is large enough."""
    return PurePath(name).suffix in _TEXTS


def has_coded_forms(name: str, size: int) -> bool:
    """Return whether a file with this name and of this many bytes is published in compressed forms, too."""
    return may_be_coded(name) and size >= _LEAST


def is_coded_form(name: str) -> bool:
    """Return whether a name is that of a compressed form rather than of a file of its own."""
    path = PurePath(name)
    return path.suffix in ENDINGS.values() and PurePath(path.stem).suffix in _TEXTS
