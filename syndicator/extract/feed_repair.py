"""Repairs of XML that is nearly well-formed, so that the strict reader can take it."""

import html
import html.entities
import re
from collections.abc import Callable

CDATA_START, CDATA_END = "<![CDATA[", "]]>"

AMPERSAND = re.compile(r"&(?:#(\d{1,7});|#[xX]([0-9a-fA-F]{1,6});|([A-Za-z][A-Za-z0-9]{1,30};)?)")
XML_ENTITIES = {"amp;", "lt;", "gt;", "quot;", "apos;"}
BARE_LESS_THAN = re.compile(r"<(?![A-Za-z_/!?])")
ROOT_TAG = re.compile(r"<(?:rss|feed|(?:\w+:)?RDF|channel)\b")
# What publishers use without declaring it.
NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "wfw": "http://wellformedweb.org/CommentAPI/",
}


def repaired(text: str) -> str:
    """Return XML with HTML's entities resolved, bare ``&`` and ``<`` escaped and known prefixes declared."""
    return _outside_cdata(_with_namespaces(text), _escape)


def _escape(markup: str) -> str:
    return AMPERSAND.sub(_reference, BARE_LESS_THAN.sub("&lt;", markup))


def _reference(found: re.Match[str]) -> str:
    decimal, hexadecimal, name = found.groups()
    if decimal or hexadecimal:
        return found[0] if _is_xml_character(int(decimal) if decimal else int(hexadecimal, 16)) else ""
    if name in XML_ENTITIES:
        return found[0]
    character = html.entities.html5.get(name) if name else None
    if character:
        return html.escape(character)
    return f"&amp;{found[0][1:]}"


def _is_xml_character(code: int) -> bool:
    """Return whether XML allows a character (XML 1.0 §2.2)."""
    return (
        code in {9, 10, 13}
        or 0x20 <= code <= 0xD7FF
        or 0xE000 <= code <= 0xFFFD
        or 0x10000 <= code <= 0x10FFFF
    )


def _outside_cdata(text: str, change: Callable[[str], str]) -> str:
    """Apply a change to everything but CDATA sections, where ``&`` and ``<`` mean themselves."""
    pieces = []
    position = 0
    while (start := text.find(CDATA_START, position)) >= 0:
        end = text.find(CDATA_END, start)
        end = len(text) if end < 0 else end + len(CDATA_END)
        pieces += [change(text[position:start]), text[start:end]]
        position = end
    pieces.append(change(text[position:]))
    return "".join(pieces)


def _with_namespaces(text: str) -> str:
    root = ROOT_TAG.search(text)
    if root is None:
        return text
    missing = "".join(
        f' xmlns:{prefix}="{uri}"'
        for prefix, uri in NAMESPACES.items()
        if f"xmlns:{prefix}=" not in text and f"{prefix}:" in text
    )
    return f"{text[: root.end()]}{missing}{text[root.end() :]}"
