"""Who made a picture and whose it is, as its file says: read from EXIF, IPTC and XMP, and written again.

IPTC Photo Metadata Standard 2023.2; EXIF 2.32 (Artist, Copyright); XMP (ISO 16684-1). Whatever else such
blocks hold (places, cameras, serial numbers, thumbnails) is left behind.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from struct import pack

from lxml import etree

ARTIST, COPYRIGHT = 0x013B, 0x8298  # EXIF
BY_LINE, CREDIT, SOURCE, NOTICE = (2, 80), (2, 110), (2, 115), (2, 116)  # IPTC-IIM 4.2
_UTF8 = (1, 90)
_MOST = 2000  # characters of one of these texts

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_META = "adobe:ns:meta/"
_DC = "http://purl.org/dc/elements/1.1/"
_PHOTOSHOP = "http://ns.adobe.com/photoshop/1.0/"
_RIGHTS = "http://ns.adobe.com/xap/1.0/rights/"
_EXT = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
_NAMES = {
    "x": _META,
    "rdf": _RDF,
    "dc": _DC,
    "photoshop": _PHOTOSHOP,
    "xmpRights": _RIGHTS,
    "Iptc4xmpExt": _EXT,
}
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

Iim = Mapping[tuple[int, int], object]


@dataclass(frozen=True, slots=True)
class Credits:
    """What readers of a picture's file are told of its rights; all plain."""

    creators: tuple[str, ...] = ()
    credit: str = ""
    source: str = ""
    copyright: str = ""
    terms: str = ""
    statement: str = ""  # an address
    digital_source: str = ""  # IPTC's code, an address: tells what a machine made

    @property
    def line(self) -> str:
        """The line under a picture: who made it, and for whom."""
        parts = (*self.creators, self.credit)
        return " / ".join(dict.fromkeys(part for part in parts if part)) or self.copyright


def read_credits(artist: object, copyright_line: object, iim: Iim, xmp: object) -> Credits:
    """Return what the blocks of a file say; XMP's word goes before IPTC's, and that before EXIF's."""
    found = Credits(creators=_several(_bytes(artist), ";"), copyright=_text(_bytes(copyright_line)))
    by_iim = Credits(
        creators=tuple(filter(None, map(_text, _listed(iim.get(BY_LINE))))),
        credit=_text(iim.get(CREDIT)),
        source=_text(iim.get(SOURCE)),
        copyright=_text(iim.get(NOTICE)),
    )
    return _over(_over(found, by_iim), _of_xmp(xmp))


def _bytes(value: object) -> object:
    """Return an EXIF text as its bytes: Pillow takes it for Latin-1, which hardly any program writes."""
    try:
        return value.encode("latin-1") if isinstance(value, str) else value
    except UnicodeEncodeError:
        return value


def _over(below: Credits, above: Credits) -> Credits:
    names = Credits.__dataclass_fields__
    given = {name: getattr(above, name) for name in names if getattr(above, name)}
    return replace(below, **given)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _several(value: object, separator: str) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in _text(value).split(separator))))


def _text(value: object) -> str:
    """Return a text of a block; nobody can be trusted to say in which encoding."""
    if isinstance(value, bytes):
        for encoding in ("utf-8", "windows-1251"):
            with suppress(UnicodeDecodeError):
                return _clean(value.decode(encoding))
        return _clean(value.decode("latin-1"))
    return _clean(value) if isinstance(value, str) else ""


def _clean(text: str) -> str:
    kept = "".join(sign if sign.isprintable() else " " for sign in text.partition("\0")[0])
    return " ".join(kept.split())[:_MOST]


def _of_xmp(data: object) -> Credits:
    raw = data.encode("utf-8", "replace") if isinstance(data, str) else data
    if not isinstance(raw, bytes) or not raw.strip():
        return Credits()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, load_dtd=False)
    try:
        root = etree.fromstring(raw.strip(b"\0 \r\n\t"), parser)
    except etree.XMLSyntaxError:
        return Credits()
    if root is None:
        return Credits()
    return Credits(
        creators=tuple(_values(root, f"{{{_DC}}}creator")),
        credit=next(_values(root, f"{{{_PHOTOSHOP}}}Credit"), ""),
        source=next(_values(root, f"{{{_PHOTOSHOP}}}Source"), ""),
        copyright=next(_values(root, f"{{{_DC}}}rights"), ""),
        terms=next(_values(root, f"{{{_RIGHTS}}}UsageTerms"), ""),
        statement=next(_values(root, f"{{{_RIGHTS}}}WebStatement"), ""),
        digital_source=next(_values(root, f"{{{_EXT}}}DigitalSourceType"), ""),
    )


def _values(root: etree._Element, tag: str) -> Iterator[str]:
    """Yield the values of a property, which may be an element, a list of them, or an attribute."""
    for description in root.iter(f"{{{_RDF}}}Description"):
        if text := _text(description.get(tag)):
            yield text
        for element in description.iterfind(tag):
            items = [item.text for item in element.iter(f"{{{_RDF}}}li")] or [element.text]
            yield from filter(None, map(_text, items))


def xmp_of(found: Credits) -> bytes:
    """Return an XMP packet that says nothing else; ``b""`` where there is nothing to say."""
    if found == Credits():
        return b""
    meta = etree.Element(f"{{{_META}}}xmpmeta", nsmap=_NAMES)
    description = etree.SubElement(
        etree.SubElement(meta, f"{{{_RDF}}}RDF"), f"{{{_RDF}}}Description", {f"{{{_RDF}}}about": ""}
    )
    _add_list(description, f"{{{_DC}}}creator", "Seq", found.creators)
    _add_list(description, f"{{{_DC}}}rights", "Alt", (found.copyright,))
    _add_list(description, f"{{{_RIGHTS}}}UsageTerms", "Alt", (found.terms,))
    for tag, text in {
        f"{{{_PHOTOSHOP}}}Credit": found.credit,
        f"{{{_PHOTOSHOP}}}Source": found.source,
        f"{{{_RIGHTS}}}WebStatement": found.statement,
        f"{{{_EXT}}}DigitalSourceType": found.digital_source,
    }.items():
        if text:
            etree.SubElement(description, tag).text = text
    body = bytes(etree.tostring(meta, encoding="utf-8"))
    return b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>' + body + b'<?xpacket end="r"?>'


def _add_list(parent: etree._Element, tag: str, kind: str, texts: tuple[str, ...]) -> None:
    said = [text for text in texts if text]
    if not said:
        return
    listed = etree.SubElement(etree.SubElement(parent, tag), f"{{{_RDF}}}{kind}")
    for text in said:
        item = etree.SubElement(listed, f"{{{_RDF}}}li")
        item.text = text
        if kind == "Alt":
            item.set(_XML_LANG, "x-default")


def iptc_segment(found: Credits) -> bytes:
    """Return an APP13 segment of a JPEG file with the IPTC fields; ``b""`` where there is nothing to say."""
    fields = [
        *((BY_LINE, creator) for creator in found.creators),
        (CREDIT, found.credit),
        (SOURCE, found.source),
        (NOTICE, found.copyright),
    ]
    said = [(field, text.encode()) for field, text in fields if text]
    if not said:
        return b""
    records = b"".join(_record(field, data) for field, data in [(_UTF8, b"\x1b%G"), *said])
    resource = b"8BIM" + pack(">HHI", 0x0404, 0, len(records)) + records + b"\0" * (len(records) % 2)
    content = b"Photoshop 3.0\0" + resource
    return b"\xff\xed" + pack(">H", len(content) + 2) + content


def _record(field: tuple[int, int], data: bytes) -> bytes:
    return pack(">BBBH", 0x1C, *field, len(data)) + data
