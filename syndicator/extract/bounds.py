"""Refuses pages that no newspaper writes, before reading them costs what an attacker wants it to cost."""

from collections import Counter
from itertools import islice

from lxml import etree

from syndicator.errors import ParseError
from syndicator.text.messages import tr

MOST_TEXT = 250_000  # characters that a reader would see: some eighty printed pages
MOST_IN_ONE = 100_000  # characters between two tags
MOST_ELEMENTS = 15_000
MOST_PARAGRAPHS = 2_500  # headings among them; those that fill a table's cell count as the cell
MOST_CELLS = 6_000
MOST_EMPHASES = 5_000  # bold words, fonts and the like
_EMPHASES = frozenset({"b", "strong", "i", "em", "u", "s", "font", "big", "small", "sub", "sup"})
_CELLS = frozenset({"td", "th"})
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6"})
_UNSEEN = frozenset({"script", "style", "template", "noscript"})
_TEXT = etree.XPath("string()", smart_strings=False)


def check_bounds(root: etree._Element, address: str) -> None:
    """Raise ParseError, saying which bound it passes, where a parsed page is too much for an article's."""
    if _is_small(root):
        return
    counts: Counter[str] = Counter()
    characters = longest = 0
    for element in root.iter():
        tag = element.tag
        if isinstance(tag, str):
            is_cell_text = tag in _PARAGRAPHS and _is_cell(element.getparent())
            counts["cell text" if is_cell_text else tag] += 1
            if tag not in _UNSEEN:
                length = len((element.text or "").strip())
                characters += length
                longest = max(longest, length)
        characters += len((element.tail or "").strip())
    paragraphs = sum(counts[tag] for tag in _PARAGRAPHS)
    emphases = sum(counts[tag] for tag in _EMPHASES)
    cells = counts["td"] + counts["th"]
    for number, most, what in (
        (characters, MOST_TEXT, tr("characters of text")),
        (longest, MOST_IN_ONE, tr("characters of text with no tag")),
        (counts.total(), MOST_ELEMENTS, tr("elements")),
        (emphases, MOST_EMPHASES, tr("bold words and the like")),
        (paragraphs, MOST_PARAGRAPHS, tr("paragraphs")),
        (cells, MOST_CELLS, tr("table cells")),
    ):
        if number > most:
            raise ParseError(
                tr(
                    "{url} has {number} {what}, more than the {most} that a page with an article may have;"
                    " name the page of a single article",
                    url=address or tr("the file"),
                    number=number,
                    what=what,
                    most=most,
                )
            )


def _is_small(root: etree._Element) -> bool:
    """Whether a page is within every bound even if it were nothing but what the lowest ones are about."""
    elements = sum(1 for _ in islice(root.iter(), MOST_PARAGRAPHS + 1))
    return elements <= MOST_PARAGRAPHS and len(_TEXT(root)) <= MOST_IN_ONE


def _is_cell(parent: etree._Element | None) -> bool:
    """Whether an element is a table's cell with one child: what a word processor makes of a plain one."""
    return parent is not None and parent.tag in _CELLS and len(parent) == 1
