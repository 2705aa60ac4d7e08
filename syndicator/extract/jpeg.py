"""The segments of a JPEG file (ITU-T T.81 Annex B): its pixels stay, what else it tells is replaced."""

from collections.abc import Iterator
from struct import pack

from syndicator.errors import PictureError
from syndicator.extract.credits import Credits, iptc_segment, xmp_of
from syndicator.text.messages import tr

_START, _END, _SCAN, _COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
_APP0, _APP1, _APP2, _APP14, _APP15 = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF
_MOST = 0xFFFF - 2
# JFIF and Adobe's segment tell how the colours are meant, and so does a colour profile.
_KEPT = {_APP0: b"JFIF\0", _APP2: b"ICC_PROFILE\0", _APP14: b"Adobe"}


def segments_of(found: Credits, exif: bytes) -> bytes:
    """Return the segments that tell whose a picture is; ``exif`` as Pillow writes it."""
    xmp = xmp_of(found)
    parts = [_app1(exif), _app1(b"http://ns.adobe.com/xap/1.0/\0" + xmp if xmp else b""), iptc_segment(found)]
    return b"".join(parts)


def _app1(content: bytes) -> bytes:
    if not content or len(content) > _MOST:
        return b""
    return bytes((0xFF, _APP1)) + pack(">H", len(content) + 2) + content


def with_segments(jpeg: bytes, segments: bytes) -> bytes:
    """Return a file whose application segments and comments are these; the pixels are not touched.

    What stands behind the picture's end is cut off. Raises PictureError where it is no JPEG file.
    """
    head: list[bytes] = []
    rest: list[bytes] = []
    for marker, part in _parts(jpeg):
        if _APP0 <= marker <= _APP15 or marker == _COMMENT:
            if part[4:].startswith(_KEPT.get(marker, b"\0none")):
                head.append(part)
        else:
            rest.append(part)
    return b"".join((bytes((0xFF, _START)), *head, segments, *rest))


def _parts(jpeg: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield each segment by its marker, a scan with its data, up to the end of the picture."""
    at = 2
    while at + 1 < len(jpeg):
        if jpeg[at] != 0xFF:
            break
        marker = jpeg[at + 1]
        if marker == 0xFF:  # fill byte
            at += 1
            continue
        if marker == _END:
            yield marker, jpeg[at : at + 2]
            return
        end = at + 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if marker == _SCAN:
            end = _end_of_scan(jpeg, end)
        yield marker, jpeg[at:end]
        at = end
    raise PictureError(tr("not a picture that can be read: {reason}", reason="JPEG"))


def _end_of_scan(jpeg: bytes, at: int) -> int:
    """Return where the data of a scan end: at a marker that is no escaped byte and no restart."""
    while True:
        at = jpeg.find(b"\xff", at)
        if at < 0 or at + 1 >= len(jpeg):
            return len(jpeg)
        following = jpeg[at + 1]
        if following != 0 and not 0xD0 <= following <= 0xD7 and following != 0xFF:
            return at
        at += 1 if following == 0xFF else 2
