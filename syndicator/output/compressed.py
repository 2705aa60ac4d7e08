"""The compressed forms of a published file, which web servers hand out as they are.

They lie beside the file under its name and their coding's ending: nginx's ``gzip_static``, Caddy's
``precompressed`` and the built-in server all look for them there.
"""

import gzip
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

import brotli
import zstandard

from syndicator.formats.codings import ENDINGS, codings_of

_LEAST_WINDOW, _LARGEST_WINDOW = 10, 22  # bits (RFC 7932 §9.1)
_LARGE = 1 << 16  # bytes


class _Zstandard(threading.local):
    """A compressor for each thread: making one costs as much as a page."""

    def __init__(self) -> None:
        self.made = zstandard.ZstdCompressor(level=5)  # above it feeds take longer and come out no smaller

    def compress(self, data: bytes) -> bytes:
        """Return data in one frame."""
        return self.made.compress(data)


def _brotli(data: bytes) -> bytes:
    # A window no larger than the data: making room for 4 MB took longer than compressing a page.
    window = min(max(len(data).bit_length(), _LEAST_WINDOW), _LARGEST_WINDOW)
    # A page comes out as small at 5, with half the memory to fill.
    quality = 6 if len(data) >= _LARGE else 5
    return bytes(brotli.compress(data, mode=brotli.MODE_TEXT, quality=quality, lgwin=window))


_CODERS: Mapping[str, Callable[[bytes], bytes]] = {
    "br": _brotli,
    "zstd": _Zstandard().compress,
    "gzip": lambda data: gzip.compress(data, compresslevel=6, mtime=0),
}


def compressed(name: str, data: bytes) -> dict[str, bytes]:
    """Return a file's compressed forms by their endings; none where it is not worth it.

    Equal data gives equal forms: no dates or names are in them.
    """
    codings = codings_of(name, len(data))
    if len(data) < _LARGE:
        return {ENDINGS[coding]: _CODERS[coding](data) for coding in codings}
    with ThreadPoolExecutor(len(codings) or 1) as threads:  # none of the coders holds up the others
        forms = threads.map(lambda coding: _CODERS[coding](data), codings)
        return {ENDINGS[coding]: form for coding, form in zip(codings, forms, strict=True)}
