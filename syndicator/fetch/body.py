"""The body of an answer, unpacked, within its size limit."""

import zlib
from collections.abc import Iterable, Iterator

from syndicator.errors import TooLargeError, UnreachableError
from syndicator.text.messages import tr

ACCEPT_ENCODING = "gzip, deflate"
GZIP_MAGIC = b"\x1f\x8b"


def read_body(chunks: Iterable[bytes], content_encoding: str, max_bytes: int, place: str) -> bytes:
    """Join and unpack the pieces of a body.

    ``max_bytes`` counts after unpacking, and unpacking stops there: 64 KB of gzip can hold 66 MB.
    ``place`` is the address, for messages. Raises TooLargeError, and UnreachableError where the packing is
    broken, cut off or not one we asked for (RFC 9110 §8.4).
    """
    packing = content_encoding.strip().lower()
    body = bytearray()
    for piece in _unpacked(chunks, packing, max_bytes + 1, place):
        body += piece
        if len(body) > max_bytes:
            raise TooLargeError(tr("{url}: the answer is larger than fetch.max_bytes allows", url=place))
    return bytes(body)


def _unpacked(chunks: Iterable[bytes], packing: str, most: int, place: str) -> Iterator[bytes]:
    if packing in {"", "identity"}:
        return iter(chunks)
    if packing in {"gzip", "x-gzip", "deflate"}:
        return _inflated(chunks, most, place)
    raise UnreachableError(
        tr(
            "{url}: the server packed its answer as {packing}, which was not asked for",
            url=place,
            packing=packing,
        )
    )


def _inflated(chunks: Iterable[bytes], most: int, place: str) -> Iterator[bytes]:
    """Unpack what calls itself gzip or deflate: gzip, zlib, bare deflate, or not packed after all."""
    pieces = iter(chunks)
    head = b""
    while len(head) < len(GZIP_MAGIC) and (piece := next(pieces, b"")):
        head += piece
    if not head:
        return
    decompressor = _decompressor(head)
    if decompressor is None:
        yield head
        yield from pieces
        return
    try:
        yield decompressor.decompress(head, most)
        for piece in pieces:
            if decompressor.eof:
                break
            yield decompressor.decompress(decompressor.unconsumed_tail + piece, most)
    except zlib.error as error:
        raise UnreachableError(
            tr("{url}: the answer is damaged and cannot be unpacked", url=place)
        ) from error
    if not decompressor.eof:
        raise UnreachableError(tr("{url}: the answer broke off", url=place))


def _decompressor(head: bytes) -> "zlib._Decompress | None":
    if head.startswith(GZIP_MAGIC):
        return zlib.decompressobj(zlib.MAX_WBITS | 16)
    if head[0] & 0x0F == zlib.DEFLATED and int.from_bytes(head[:2], "big") % 31 == 0:  # RFC 1950 §2.2
        return zlib.decompressobj()
    if head.lstrip()[:1] in {b"<", b"{", b"\xef"}:  # some servers announce a packing they do not apply
        return None
    return zlib.decompressobj(-zlib.MAX_WBITS)
