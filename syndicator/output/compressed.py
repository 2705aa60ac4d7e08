"""The compressed forms of a published file, which web servers hand out as they are.

They lie beside the file under its name and their coding's ending: nginx's ``gzip_static``, Caddy's
``precompressed`` and the built-in server all look for them there.
"""

import os
import threading
import zlib
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

import brotli
import zstandard

from syndicator.formats.codings import ENDINGS, codings_of

# Bits. A window no larger than the data: making room for 4 MB took longer than compressing a page.
# A feed of 1.6 MB takes a quarter longer with 22 (RFC 7932 §9.1), and comes out no smaller.
_LEAST_WINDOW, _LARGEST_WINDOW = 10, 20
_LARGEST_WINDOW_OF_GZIP = 15  # RFC 1951 §2
_GZIP = 16  # added to the window, for a header of gzip (RFC 1952) in place of zlib's
_LARGE = 1 << 16  # bytes


class _Zstandard(threading.local):
    """A compressor for each thread: making one costs as much as a page."""

    def __init__(self) -> None:
        self.made = zstandard.ZstdCompressor(level=5)  # above it feeds take longer and come out no smaller

    def compress(self, data: bytes) -> bytes:
        """Return data in one frame."""
        return self.made.compress(data)


def _window(data: bytes, largest: int) -> int:
    return min(max(len(data).bit_length(), _LEAST_WINDOW), largest)


def _gzip(data: bytes) -> bytes:
    """Return data in gzip's format; the header has no name and no date."""
    coder = zlib.compressobj(6, wbits=_GZIP + _window(data, _LARGEST_WINDOW_OF_GZIP))
    return coder.compress(data) + coder.flush()


def _brotli(data: bytes) -> bytes:
    window = _window(data, _LARGEST_WINDOW)
    # A page comes out as small at 5, with half the memory to fill.
    quality = 6 if len(data) >= _LARGE else 5
    return bytes(brotli.compress(data, mode=brotli.MODE_TEXT, quality=quality, lgwin=window))


_CODERS: Mapping[str, Callable[[bytes], bytes]] = {
    "br": _brotli,
    "zstd": _Zstandard().compress,
    "gzip": _gzip,
}


def compressed(files: Mapping[str, bytes]) -> dict[str, dict[str, bytes]]:
    """Return the compressed forms of files by their endings; of one that is not worth it, none.

    Equal data gives equal forms: no dates or names are in them.
    """
    wanted = [(name, coding) for name, data in files.items() for coding in codings_of(name, len(data))]
    made: Iterable[bytes] = (_CODERS[coding](files[name]) for name, coding in wanted)
    if any(len(files[name]) >= _LARGE for name, _ in wanted):
        with ThreadPoolExecutor(os.cpu_count()) as threads:  # no coder holds up the others
            made = list(threads.map(lambda each: _CODERS[each[1]](files[each[0]]), wanted))
    forms: dict[str, dict[str, bytes]] = {name: {} for name in files}
    for (name, coding), form in zip(wanted, made, strict=True):
        forms[name][ENDINGS[coding]] = form
    return forms
