"""Reads and writes TMX 1.4b, the exchange format of translation memories (LISA OSCAR, 2005)."""

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from syndicator.errors import DataFileError
from syndicator.text.languages import normalise_language, primary_language
from syndicator.text.messages import tr
from syndicator.translation.segment import normalised

CREATOR = "syndicator"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0 §2.2
# Elements whose content is a code of the original document, not text (TMX 1.4b §3.3).
_CODES = frozenset({"bpt", "ept", "it", "ph", "ut"})


@dataclass(frozen=True, slots=True)
class MemoryUnit:
    """One segment and its translation in one direction."""

    source_language: str
    target_language: str
    source: str  # plain, normalised
    target: str  # plain
    origin: str = "reviewed"


def read_tmx(data: bytes, name: str) -> tuple[MemoryUnit, ...]:
    """Return the units of a TMX file, one for each direction from its source language.

    ``name`` stands in messages. A file whose source language is ``*all*`` gives every direction.
    Raises DataFileError, with the line, where the file is no TMX or a unit lacks what it needs.
    """
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    try:
        root = etree.parse(io.BytesIO(data), parser).getroot()
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        raise DataFileError(
            tr("{name}:{line}: not well-formed XML: {reason}", name=name, line=line, reason=error.msg)
        ) from error
    if root.tag != "tmx":
        raise DataFileError(
            tr(
                "{name}:{line}: <{tag}> found where TMX has <tmx>",
                name=name,
                line=root.sourceline,
                tag=root.tag,
            )
        )
    header = root.find("header")
    default = header.get("srclang", "*all*") if header is not None else "*all*"
    # Our own files name languages as the config does ("pt-BR"); other tools add regions nobody asked for.
    is_own = header is not None and header.get("creationtool") == CREATOR
    units: list[MemoryUnit] = []
    for element in root.iterfind("body/tu"):
        units.extend(_directions(element, default, is_own, name))
    return tuple(units)


def _directions(element: etree._Element, default: str, is_own: bool, name: str) -> Iterator[MemoryUnit]:
    spelled = normalise_language if is_own else primary_language  # "bg-BG" from other tools
    texts: dict[str, str] = {}
    for variant in element.iterfind("tuv"):
        language = variant.get(_LANGUAGE) or variant.get("lang")
        segment = variant.find("seg")
        if not language or segment is None:
            lacking = "xml:lang" if not language else "<seg>"
            raise DataFileError(
                tr("{name}:{line}: a <tuv> without {what}", name=name, line=variant.sourceline, what=lacking)
            )
        text = normalised(_text(segment))
        if not text:
            raise DataFileError(
                tr(
                    "{name}:{line}: an empty <seg> ({language})",
                    name=name,
                    line=segment.sourceline,
                    language=language,
                )
            )
        texts[spelled(language)] = text
    if len(texts) < 2:
        raise DataFileError(
            tr("{name}:{line}: a <tu> with fewer than two languages", name=name, line=element.sourceline)
        )
    source = element.get("srclang") or default
    sources = list(texts) if source.lower() == "*all*" else [spelled(source)]
    for language in sources:
        if language not in texts:
            raise DataFileError(
                tr(
                    "{name}:{line}: a <tu> without its source language {language}",
                    name=name,
                    line=element.sourceline,
                    language=language,
                )
            )
        for target, text in texts.items():
            if target != language:
                yield MemoryUnit(language, target, texts[language], text)


def _clean(text: str) -> str:
    return normalised(_NOT_XML.sub("", text))


def _text(element: etree._Element) -> str:
    text = element.text or ""
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _CODES:  # a comment is no text either
            text += _text(child)
        text += child.tail or ""
    return text


def write_tmx(
    units: Iterable[MemoryUnit], source_language: str, version: str, now: datetime
) -> Iterator[bytes]:
    """Yield a TMX 1.4b file in pieces, one unit at a time: a memory may be larger than the machine's.

    Characters that XML cannot hold (XML 1.0 §2.2) are left out, and units of which nothing is left. Texts
    come back from :func:`read_tmx` normalised.
    """
    stamp = now.strftime("%Y%m%dT%H%M%SZ")
    header = etree.Element(
        "header",
        {
            "creationtool": CREATOR,
            "creationtoolversion": version,
            "segtype": "sentence",
            "o-tmf": "syndicator",
            "adminlang": "en",
            "srclang": source_language,
            "datatype": "plaintext",
            "creationdate": stamp,
        },
    )
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">\n  '
    yield etree.tostring(header, encoding="utf-8") + b"\n  <body>\n"
    for unit in units:
        source, target = _clean(unit.source), _clean(unit.target)
        if not (source and target):
            continue  # an empty segment says nothing, and no reader takes it
        element = etree.Element("tu", {"srclang": unit.source_language, "creationid": _clean(unit.origin)})
        for language, text in ((unit.source_language, source), (unit.target_language, target)):
            variant = etree.SubElement(element, "tuv", {_LANGUAGE: language})
            etree.SubElement(variant, "seg").text = text
        yield b"    " + etree.tostring(element, encoding="utf-8") + b"\n"
    yield b"  </body>\n</tmx>\n"
