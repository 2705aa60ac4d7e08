"""Pictures made ready to be published: what is kept of them, and what is refused."""

import io
import struct
import zlib

import pytest
from PIL import Image, IptcImagePlugin

from syndicator.errors import PictureError
from syndicator.extract.credits import Credits, iptc_segment, read_credits, xmp_of
from syndicator.extract.picture import MOST_PIXELS, prepare

GPS, ARTIST, COPYRIGHT, MODEL, ORIENTATION = 0x8825, 0x013B, 0x8298, 0x0110, 0x0112
MADE_BY = Credits(
    creators=("Иван Петров", "Maria Rossi"),
    credit="Фото студио",
    source="Стара Загора днес",
    copyright="© 2026 Стара Загора днес",
    terms="Само с позволение",
    statement="https://example.bg/rights",
    digital_source="http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",
)


def bytes_of(picture, kind="JPEG", **options):
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def photo(size=(640, 480)):
    return Image.linear_gradient("L").resize(size).convert("RGB")


def taken(**more):
    """Return a camera's JPEG: with its place, its model, and whose it is."""
    exif = Image.Exif()
    exif[GPS] = {1: "N", 2: (42.0, 25.0, 0.0), 3: "E", 4: (25.0, 37.0, 0.0)}
    exif[MODEL] = "Camera 1"
    for tag, value in more.items():
        exif[int(tag.removeprefix("tag"))] = value
    return bytes_of(photo(), exif=exif, quality=90)


def opened(data):
    return Image.open(io.BytesIO(data))


def credits_of(data):
    picture = opened(data)
    exif = picture.getexif()
    xmp = picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp")
    iim = IptcImagePlugin.getiptcinfo(picture) or {}
    return [
        read_credits(exif.get(ARTIST), exif.get(COPYRIGHT), {}, None),
        read_credits(None, None, iim, None),
        read_credits(None, None, {}, xmp),
    ]


def test_a_wide_picture_is_made_smaller():
    made = prepare(bytes_of(photo((2000, 1000))), 800)
    assert (made.media_type, made.ending) == ("image/jpeg", "jpg")
    assert opened(made.data).size == (800, 400)


def test_where_it_was_taken_is_left_behind_and_whose_it_is_stays():
    before = taken(**{f"tag{ARTIST}": "Ivan Petrov", f"tag{COPYRIGHT}": "(c) Stara Zagora dnes"})
    assert opened(before).getexif().get_ifd(GPS)
    for width in (1600, 320):
        after = prepare(before, width)
        exif = opened(after.data).getexif()
        assert not exif.get_ifd(GPS)
        assert set(exif) == {ARTIST, COPYRIGHT}
        assert after.credit == "Ivan Petrov"
        for block in credits_of(after.data):
            assert (block.creators, block.copyright) == (("Ivan Petrov",), "(c) Stara Zagora dnes")


def test_what_xmp_and_iptc_say_stays_in_every_block():
    jpeg = bytes_of(photo(), xmp=xmp_of(MADE_BY))
    made = prepare(jpeg, 320)
    exif, iptc, xmp = credits_of(made.data)
    assert xmp == MADE_BY
    assert (iptc.creators, iptc.credit, iptc.source) == (MADE_BY.creators, MADE_BY.credit, MADE_BY.source)
    assert iptc.copyright == exif.copyright == MADE_BY.copyright
    assert exif.creators == MADE_BY.creators
    assert made.credit == "Иван Петров / Maria Rossi / Фото студио"
    with_iptc = jpeg[:2] + iptc_segment(MADE_BY) + bytes_of(photo())[2:]
    assert prepare(with_iptc, 320).credit == made.credit
    png = bytes_of(Image.new("RGBA", (20, 10), (0, 0, 0, 0)), "PNG")
    assert prepare(png, 100).media_type == "image/png"
    webp = prepare(bytes_of(photo((40, 30)), "WEBP", xmp=xmp_of(MADE_BY)), 100)
    assert (webp.media_type, webp.credit) == ("image/jpeg", made.credit)


def test_a_see_through_picture_keeps_its_rights_too():
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", xmp_of(MADE_BY).decode())
    made = prepare(bytes_of(Image.new("RGBA", (20, 10), (9, 9, 9, 80)), "PNG", pnginfo=info), 100)
    assert credits_of(made.data)[2] == MADE_BY


def test_bulgarian_names_in_an_old_encoding_are_read():
    assert read_credits("Иван Петров".encode("windows-1251"), None, {}, None).creators == ("Иван Петров",)


def test_a_picture_that_need_not_change_keeps_its_pixels():
    before = taken()
    after = prepare(before, 1600).data
    assert opened(before).tobytes() == opened(after).tobytes()
    assert prepare(before, 1600).data == after, "the same name at every cycle"


def test_a_turned_picture_stands_upright():
    made = prepare(taken(**{f"tag{ORIENTATION}": 6}), 1600)
    assert opened(made.data).size == (480, 640)
    assert ORIENTATION not in opened(made.data).getexif()


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP", "AVIF", "JPEG"])
@pytest.mark.parametrize("mode", ["RGB", "L", "P", "CMYK", "1"])
def test_other_kinds_become_ones_that_everybody_shows(kind, mode):
    try:
        data = bytes_of(photo((60, 40)).convert(mode), kind)
    except (OSError, ValueError):
        pytest.skip("no such file")
    made = prepare(data, 30)
    assert opened(made.data).format in {"JPEG", "PNG"}
    assert opened(made.data).size == (30, 20)


def png_header(width, height):
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    data = zlib.compress(b"\0" * 1000)
    body = struct.pack(">I", len(data)) + b"IDAT" + data + struct.pack(">I", zlib.crc32(b"IDAT" + data))
    return b"\x89PNG\r\n\x1a\n" + chunk + body


@pytest.mark.parametrize(
    "data",
    [
        png_header(30_000, 30_000),
        png_header(100_000, 100_000),
        png_header(MOST_PIXELS + 1, 1),
        b"",
        b"<html>Not found</html>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\0" * 50,
        bytes_of(photo())[:400],
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    ],
    ids=["bomb", "huge bomb", "wide", "nothing", "page", "svg", "jpeg head", "cut", "postscript"],
)
def test_what_is_no_picture_to_publish_is_refused(data):
    with pytest.raises(PictureError):
        prepare(data, 1600)


def test_blocks_of_rubbish_do_no_harm():
    bad = b"\xff\xed\x00\x20Photoshop 3.0\x008BIM\x04\x04\xff\xff\xff\xff\xff\xff"
    data = bytes_of(photo(), xmp=b"<x:xmpmeta><rdf:RDF>&bomb;")
    assert prepare(data[:2] + bad + data[2:], 320).credit == ""
