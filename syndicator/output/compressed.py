"""The compressed forms of a published file, which web servers hand out as they are.

They lie beside the file under its name and their coding's ending (``en/all.rss.gz``): nginx's ``gzip_static``,
Caddy's ``precompressed`` and the built-in server all look for them there.
"""

import gzip
from collections.abc import Callable, Mapping
from pathlib import PurePath

import brotli
import zstandard

SUFFIXES = (".gz", ".br", ".zst")

_TEXTS = frozenset({".rss", ".atom", ".json", ".opml", ".xml", ".html", ".css", ".js", ".svg", ".txt"})
"""Endings of files that are worth it; pictures are compressed already."""

_LEAST = 256
"""Bytes of the smallest file that is worth it: below, the names of the headers weigh more."""

# Costs more than what a web server would spend at each request, and is paid once for each change.
_CODERS: Mapping[str, Callable[[bytes], bytes]] = {
    ".gz": lambda data: gzip.compress(data, compresslevel=9, mtime=0),
    ".br": lambda data: bytes(brotli.compress(data, quality=9)),
    ".zst": lambda data: zstandard.ZstdCompressor(level=12).compress(data),
}


def compressed(name: str, data: bytes) -> dict[str, bytes]:
    """Return a file's compressed forms by their endings; none where it is not worth it.

    Equal data gives equal forms: no dates or names are in them.
    """
    if not may_have_forms(name, len(data)):
        return {}
    return {suffix: coder(data) for suffix, coder in _CODERS.items()}


def may_have_forms(name: str, size: int) -> bool:
    """Return whether :func:`compressed` makes forms of a file with this name and of this many bytes."""
    return PurePath(name).suffix in _TEXTS and size >= _LEAST


def is_compressed_form(name: str) -> bool:
    """Return whether a name is that of a compressed form rather than of a file of its own."""
    path = PurePath(name)
    return path.suffix in SUFFIXES and PurePath(path.stem).suffix in _TEXTS
