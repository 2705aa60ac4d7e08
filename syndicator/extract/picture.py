"""A picture as a site sent it → one that we publish ourselves: checked, not too wide, without its place.

Pillow reads what it is given here; what it must not do (decode something that unpacks without bounds, or a
format nobody asked for) is settled from the header, before a pixel is read.
"""

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageFile, ImageOps, IptcImagePlugin
from PIL.ExifTags import Base

from syndicator.errors import PictureError
from syndicator.extract.credits import (
    ARTIST,
    COPYRIGHT,
    Credits,
    read_credits,
    xmp_of,
)
from syndicator.extract.jpeg import segments_of, with_segments
from syndicator.text.messages import tr

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
MOST_PIXELS = 40_000_000
"""Of one picture: what a good camera makes. Decoded it takes four bytes each."""

_QUALITY = 85


@dataclass(frozen=True, slots=True)
class Prepared:
    """A picture ready to be published."""

    data: bytes
    media_type: str
    ending: str  # of its file's name, without a dot
    credit: str  # plain: whom its own metadata name; "" if nobody


def prepare(data: bytes, max_width: int) -> Prepared:
    """Return a picture of at most so many pixels' width, as JPEG or, where it is see-through, as PNG.

    Whom its metadata name stays in it; where it was taken does not. Equal bytes give equal bytes. Raises
    PictureError.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what is odd in it: either it can be read or not
        try:
            return _prepared(data, max_width)
        except PictureError:
            raise
        except Exception as error:  # Pillow raises whatever hostile bytes make of its code
            told = str(error) or type(error).__name__
            raise PictureError(tr("not a picture that can be read: {reason}", reason=told)) from error


def _prepared(data: bytes, max_width: int) -> Prepared:
    try:
        picture: Image.Image = Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise _too_large() from error
    if picture.width * picture.height > MOST_PIXELS:
        raise _too_large()
    found = _credits(picture)
    wide = picture.width > max_width
    if picture.format == "JPEG" and wide:
        picture.draft("RGB", (max_width, picture.height * max_width // picture.width))
    profile = picture.info.get("icc_profile")
    upright = ImageOps.exif_transpose(picture)
    if upright.width > max_width:
        height = max(1, round(upright.height * max_width / upright.width))
        upright = _plain(upright).resize((max_width, height), Image.Resampling.LANCZOS)
    if _is_see_through(upright):
        return Prepared(_as_png(upright, found, profile), "image/png", "png", found.line)
    if picture.format == "JPEG" and not wide and not _is_turned(picture):
        picture.load()  # whether it can be decoded as a whole
        made = with_segments(data, segments_of(found, _exif(found)))
    else:
        made = _as_jpeg(upright, found, profile)
    return Prepared(made, "image/jpeg", "jpg", found.line)


def _too_large() -> PictureError:
    return PictureError(tr("it has more than {most} million pixels", most=MOST_PIXELS // 1_000_000))


def _credits(picture: Image.Image) -> Credits:
    exif = picture.getexif()
    xmp = picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp")
    iim = None
    if isinstance(picture, ImageFile.ImageFile):
        try:
            iim = IptcImagePlugin.getiptcinfo(picture)
        except (ValueError, SyntaxError, OSError, IndexError, TypeError):
            iim = None  # a block that cannot be read says nothing
    return read_credits(exif.get(ARTIST), exif.get(COPYRIGHT), iim or {}, xmp)


def _is_turned(picture: Image.Image) -> bool:
    return bool(picture.getexif().get(Base.Orientation, 1) != 1)


def _plain(picture: Image.Image) -> Image.Image:
    """Return a picture whose pixels are colours, not numbers of a palette."""
    return picture.convert("RGBA" if _is_see_through(picture) else "RGB")


def _is_see_through(picture: Image.Image) -> bool:
    if picture.mode in {"RGBA", "LA", "PA"}:
        return bool(picture.getchannel("A").getextrema()[0] != 255)
    return "transparency" in picture.info


def _exif(found: Credits) -> bytes:
    exif = Image.Exif()
    if found.creators:
        exif[ARTIST] = "; ".join(found.creators).encode()
    if found.copyright:
        exif[COPYRIGHT] = found.copyright.encode()
    return exif.tobytes() if len(exif) else b""


def _as_png(picture: Image.Image, found: Credits, profile: bytes | None) -> bytes:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    if xmp := xmp_of(found):
        info.add_itxt("XML:com.adobe.xmp", xmp.decode())
    out = io.BytesIO()
    clean = _plain(picture)
    clean.info.clear()
    clean.save(out, "PNG", optimize=True, pnginfo=info, exif=_exif(found), icc_profile=profile)
    return out.getvalue()


def _as_jpeg(picture: Image.Image, found: Credits, profile: bytes | None) -> bytes:
    out = io.BytesIO()
    kept = profile if picture.mode != "CMYK" else None  # a profile for inks does not fit light
    clean = picture.convert("L" if picture.mode == "L" else "RGB")
    clean.info.clear()
    clean.save(out, "JPEG", quality=_QUALITY, progressive=True, optimize=True, icc_profile=kept)
    return with_segments(out.getvalue(), segments_of(found, _exif(found)))
