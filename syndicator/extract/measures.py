"""Measures texts and elements: what reads like a paragraph, how much of it is links."""

import re
from collections.abc import Iterator
from typing import cast

from lxml import etree

INLINE = frozenset(
    {"a", "b", "strong", "em", "i", "u", "s", "span", "font", "sup", "sub", "code", "img", "small"}
)
"""Elements of a source that do not end a line."""

_PROSE = 60  # characters: a shorter line is not taken for an article's paragraph
_SHORT_SENTENCE = 20  # characters
_LABEL = 70  # characters: the longest label
_NOT_LETTERS = re.compile(r"[\W_]+")
_NOT_ASCII_LETTERS = bytes(code for code in range(128) if not chr(code).isalnum())
_TEXT = etree.XPath("string()", smart_strings=False)  # twice as fast as itertext
_ENDS, _CLOSES = frozenset(".!?…:;"), "\"'“”»)]"


def is_prose(text: str) -> bool:
    """Whether a line reads like a paragraph that somebody wrote: long enough, and ending a sentence."""
    return len(text) >= _PROSE and text.rstrip().rstrip(_CLOSES)[-1:] in _ENDS


def is_by_itself(element: etree._Element) -> bool:
    """Whether no text of its own line goes on directly before or behind an element."""
    if element.tag not in INLINE:
        return True
    before = element.getprevious()
    parent = element.getparent()
    text = before.tail if before is not None else (parent.text if parent is not None else "")
    return not (element.tail or "").strip() and not (text or "").strip()


def flat_text(element: etree._Element) -> str:
    """Return the text of an element on one line, without spaces at its blocks' borders."""
    return " ".join(whole_text(element).split())


def whole_text(element: etree._Element) -> str:
    """Return the text of an element as it stands in the source."""
    return cast("str", _TEXT(element)) if len(element) else element.text or ""


def letters_of(text: str) -> str:
    """Return a text's letters and digits alone, in lower case: what of it survives any layout."""
    encoded = text.encode("utf-8", "surrogatepass").translate(None, _NOT_ASCII_LETTERS)
    letters = encoded.decode("utf-8", "surrogatepass")
    return (letters if letters.isalnum() else _NOT_LETTERS.sub("", letters)).casefold()


def sentence_length(element: etree._Element) -> int:
    """Return how many characters of an element's lines are sentences, short ones too."""
    return sum(len(text) for text in sentences_of(element))


def sentences_of(element: etree._Element) -> list[str]:
    """Return the lines of an element that end a sentence and are more than a word or two."""
    return [text for text in runs_of(element) if len(text) >= _SHORT_SENTENCE and text[-1] in ".!?…”“»"]


def short_text(element: etree._Element, longest: int = _LABEL) -> str:
    """Return the text of an element, ``""`` where it is too long for a label."""
    if not len(element):
        text = (element.text or "").strip()
        return " ".join(text.split()) if len(text) <= longest else ""
    parts: list[str] = []
    length = 0
    for part in element.itertext():
        parts.append(part)
        length += len(part.strip())
        if length > longest:
            return ""
    return " ".join("".join(parts).split())


def link_share(element: etree._Element) -> float:
    """Return the share of an element's text that is links: 0 to 1."""
    letters = len(flat_text(element))
    return sum(len(flat_text(link)) for link in element.iter("a")) / letters if letters else 0.0


def prose_length(element: etree._Element) -> int:
    """Return how many characters of paragraph-like text, not links, an element holds."""
    return sum(len(text) for text in runs_of(element) if is_prose(text))


def holds_prose(element: etree._Element) -> bool:
    """Whether :func:`prose_length` is more than nothing."""
    paragraphs = (paragraph for paragraph in element.iter("p") if not len(paragraph))
    return any(is_prose(flat_text(paragraph)) for paragraph in paragraphs) or prose_length(element) > 0


def runs_of(element: etree._Element) -> Iterator[str]:
    """Return the runs of text between block borders (and line breaks) inside an element."""
    run: list[str] = []
    runs: list[str] = []
    _collect(element, run, runs)
    runs.append("".join(run))
    return (" ".join(text.split()) for text in runs if text.strip())


def _collect(element: etree._Element, run: list[str], runs: list[str]) -> None:
    is_block = element.tag not in INLINE
    if is_block and run:
        runs.append("".join(run))
        run.clear()
    if text := element.text:
        run.append(text)
    for child in element:
        _collect(child, run, runs)
        if text := child.tail:
            run.append(text)
    if is_block and run:
        runs.append("".join(run))
        run.clear()
