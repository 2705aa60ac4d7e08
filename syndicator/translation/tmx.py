"""Reads and writes TMX 1.4b, the exchange format of translation memories (LISA OSCAR, 2005)."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO

from lxml import etree

from syndicator.errors import DataFileError
from syndicator.text.html import NOT_XML
from syndicator.text.languages import normalise_language, primary_language
from syndicator.text.messages import tr
from syndicator.translation.segment import normalised

CREATOR = "syndicator"
_STAMP = "%Y%m%dT%H%M%SZ"
_CHUNK = 1 << 16  # bytes read at once
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
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
    changed: datetime | None = field(default=None, compare=False)  # of two that differ the newer one counts


def read_tmx(data: bytes, name: str) -> tuple[MemoryUnit, ...]:
    """Return the units of a TMX file, one for each direction from its source language.

    ``name`` stands in messages. A file whose source language is ``*all*`` gives every direction.
    Raises DataFileError, with the line, where the file is no TMX or a unit lacks what it needs.
    """
    return tuple(stream_tmx(io.BytesIO(data), name))


def stream_tmx(file: IO[bytes], name: str) -> Iterator[MemoryUnit]:
    """Yield the units of an open TMX file as they are read: it may be larger than the machine's memory.

    A mistake is raised where it is reached, so that whoever stores units has to take back what was stored.
    Nothing is loaded for a document type (``tmx14.dtd``), and no entity is expanded. Raises DataFileError.
    """
    parser = etree.XMLPullParser(
        events=("start", "end"), resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )
    header = _Header()
    try:
        while chunk := file.read(_CHUNK):
            parser.feed(chunk)
            yield from _units(parser, header, name)
        parser.close()
        yield from _units(parser, header, name)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        raise DataFileError(
            tr("{name}:{line}: not well-formed XML: {reason}", name=name, line=line, reason=error.msg)
        ) from error


@dataclass(slots=True)
class _Header:
    """What a file says before its first unit."""

    seen_root: bool = False
    source: str = "*all*"
    # Our own files name languages as the config does ("pt-BR"); other tools add regions nobody asked for.
    is_own: bool = False


def _units(parser: "etree.XMLPullParser", header: _Header, name: str) -> Iterator[MemoryUnit]:
    for event, element in parser.read_events():
        if not isinstance(element.tag, str):
            continue
        if event == "start":
            if not header.seen_root:
                header.seen_root = True
                _demand_tmx(element, name)
            elif element.tag == "header":
                header.source = element.get("srclang") or "*all*"
                header.is_own = element.get("creationtool") == CREATOR
        elif element.tag == "tu":
            yield from _directions(element, header.source, header.is_own, name)
            element.clear()
            parent = element.getparent()
            while parent is not None and len(parent) > 1:
                del parent[0]


def _demand_tmx(root: etree._Element, name: str) -> None:
    if root.tag != "tmx":
        raise DataFileError(
            tr(
                "{name}:{line}: <{tag}> found where TMX has <tmx>",
                name=name,
                line=root.sourceline,
                tag=root.tag,
            )
        )


def _directions(element: etree._Element, default: str, is_own: bool, name: str) -> Iterator[MemoryUnit]:
    spelled = normalise_language if is_own else primary_language  # "bg-BG" from other tools
    texts: dict[str, str] = {}
    changed = _moment(element)
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
        changed = max(filter(None, (changed, _moment(variant))), default=None)
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
                yield MemoryUnit(language, target, texts[language], text, changed=changed)


def _moment(element: etree._Element) -> datetime | None:
    """Return when an element was last changed (TMX 1.4b: YYYYMMDDThhmmssZ); None where it does not say."""
    for attribute in ("changedate", "creationdate"):
        try:
            return datetime.strptime(element.get(attribute) or "", _STAMP).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None


def _clean(text: str) -> str:
    return normalised(NOT_XML.sub("", text))


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
    stamp = now.strftime(_STAMP)
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
        said = {"srclang": unit.source_language, "creationid": _clean(unit.origin)}
        if unit.changed:
            said["changedate"] = unit.changed.astimezone(UTC).strftime(_STAMP)
        element = etree.Element("tu", said)
        for language, text in ((unit.source_language, source), (unit.target_language, target)):
            variant = etree.SubElement(element, "tuv", {_LANGUAGE: language})
            etree.SubElement(variant, "seg").text = text
        yield b"    " + etree.tostring(element, encoding="utf-8") + b"\n"
    yield b"  </body>\n</tmx>\n"
