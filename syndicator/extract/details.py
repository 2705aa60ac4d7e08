"""Finds the short lines around a title: date, author, counters."""

from collections.abc import Iterator
from itertools import islice

from lxml import etree

from syndicator.extract.boilerplate import Becomes, Line, are_pieces, is_section_label, judge, judge_whole
from syndicator.extract.measures import (
    flat_text,
    holds_prose,
    is_by_itself,
    is_prose,
    link_share,
    sentences_of,
    short_text,
)
from syndicator.extract.structure import remove

_NEAR = 10  # elements behind the title among which its details may stand
_DETAILS = 160  # characters: longer than this, text beside the title is no line of details
_LINKS = 0.5  # of a text: a menu or row of teasers
_LOOSE = 40  # characters of text between elements


def remove_details(heading: etree._Element | None) -> None:
    """Remove the line of details beside the title (date, author, counters), in place."""
    for element in list(elements_near(heading)):
        if element.tag in {"table", "ol", "blockquote", "figure", "pre"}:
            continue
        if element.find(".//img") is None and element.find(".//h1") is None and short_text(element, _DETAILS):
            pieces = [" ".join(str(text).split()) for text in element.itertext()]
            if (are_pieces(pieces) or _is_barred(" ".join(pieces))) and not is_section_label(
                " ".join(pieces)
            ):
                remove(element)


def _is_barred(text: str) -> bool:
    """Whether a line is a row of short details between bars, of which one is a date."""
    parts = [part.strip() for part in text.split("|")]
    return (
        len(parts) > 1
        and all(len(part) <= _LOOSE for part in parts)
        and any((rule := judge(Line(part, is_head=True))) and rule.becomes is Becomes.DATE for part in parts)
    )


def elements_near(heading: etree._Element | None) -> Iterator[etree._Element]:
    """Yield the elements beside the title: those before it in its own box, then those behind it.

    Ends with the first that holds a paragraph of the article.
    """
    if heading is None:
        return
    box = heading
    for _ in range(2):
        parent = box.getparent()
        if parent is None or parent.tag in {"body", "main", "html"}:
            break
        before = [e for e in box.itersiblings(preceding=True) if isinstance(e.tag, str)][:2]
        yield from (element for element in before if short_text(element, _DETAILS))
        box = parent
    yield from islice(_elements_behind(heading), _NEAR)


def _elements_behind(heading: etree._Element) -> Iterator[etree._Element]:
    box: etree._Element | None = heading
    while box is not None and box.tag not in {"body", "html"}:
        for element in box.itersiblings():
            if _is_loose_text(element.getprevious()):
                return
            if isinstance(element.tag, str):
                if _holds_text(element):
                    yield from _before_prose(element)
                    return
                yield element
        box = box.getparent()


def _before_prose(element: etree._Element) -> Iterator[etree._Element]:
    """Yield the elements at the front of one that holds the article, down to its first paragraph."""
    if is_prose((element.text or "").strip()):
        return
    for child in element:
        if not isinstance(child.tag, str):
            continue
        if _holds_text(child):
            yield from _before_prose(child)
            return
        if is_by_itself(child):  # else it is a word of the first paragraph
            yield child
        if is_prose((child.tail or "").strip()):
            return


def _holds_text(element: etree._Element) -> bool:
    """Whether an element holds text of the article: a paragraph, or a sentence that is no line of details."""
    if holds_prose(element) or (len(flat_text(element)) > _DETAILS and link_share(element) < _LINKS):
        return True
    return any(judge_whole(Line(text, is_head=True)) is None for text in sentences_of(element))


def _is_loose_text(element: etree._Element | None) -> bool:
    """Whether a text that may be the article's stands behind an element, in no element of its own."""
    return element is not None and len((element.tail or "").strip()) > _LOOSE
