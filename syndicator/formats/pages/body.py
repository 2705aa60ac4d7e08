"""An article's body made fit for a page of its own, and paired with its original's paragraphs."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from urllib.parse import urlsplit

from lxml import etree, html
from lxml.html import HtmlElement

from syndicator.text.html import bare_paragraphs, parse_html

_HEADINGS = ("h2", "h3", "h4", "h5", "h6")


@dataclass(frozen=True, slots=True)
class Pair:
    """Parts of two texts that say the same; ``""`` where one has nothing to say."""

    original: str  # HTML
    translation: str  # HTML


@dataclass(frozen=True, slots=True)
class _Block:
    """A part of a body, made fit for a page."""

    kind: str  # "p"
    html: str


def page_body(body: str) -> str:
    """Return clean HTML as it stands below a page's ``h1``; ``""`` stays ``""``.

    Pictures load when they are near and have an alternative text, if an empty one; a link around a picture
    without one is named by its host; headings leave out no level (WCAG 2.2 §1.3.1); wide tables scroll by
    themselves and can be reached with the keyboard.
    """
    return "".join(block.html for block in _blocks(body))


def pairs(original: str, translation: str) -> tuple[Pair, ...]:
    """Return the blocks of two bodies side by side.

    A translation keeps its original's blocks, so they go together one by one. Where they differ all the same
    (one was edited by hand), blocks of the same kind in the same order do, and the rest stands alone.
    """
    first, second = _blocks(original), _blocks(translation)
    if len(first) == len(second):
        return tuple(Pair(one.html, other.html) for one, other in zip(first, second, strict=True))
    found = []
    kinds = [block.kind for block in first], [block.kind for block in second]
    matcher = SequenceMatcher(None, *kinds, autojunk=False)
    for _, start, end, other_start, other_end in matcher.get_opcodes():
        left, right = first[start:end], second[other_start:other_end]
        found += [Pair(_nth(left, at), _nth(right, at)) for at in range(max(len(left), len(right)))]
    return tuple(found)


def _nth(blocks: Sequence[_Block], at: int) -> str:
    return blocks[at].html if at < len(blocks) else ""


@lru_cache(maxsize=4)  # the article's own page shows it, and then the one beside the original
def _blocks(body: str) -> tuple[_Block, ...]:
    if not body.strip():
        return ()
    if (paragraphs := bare_paragraphs(body)) is not None:
        return tuple(_Block("p", f"<p>{text}</p>") for text in paragraphs)
    root = parse_html(body).find("body")
    if not isinstance(root, HtmlElement):
        return ()  # nothing but comments
    _mend(root)
    return tuple(_Block(str(block.tag), _outside(block)) for block in root)


def _mend(root: HtmlElement) -> None:
    for image in root.iter("img"):
        if image.get("alt") is None:
            image.set("alt", "")
        image.set("loading", "lazy")
        image.set("decoding", "async")
    for link in root.iter("a"):
        if not link.text_content().strip() and not any(image.get("alt") for image in link.iter("img")):
            link.set("aria-label", urlsplit(link.get("href", "")).hostname or link.get("href", ""))
    for cell in root.iter("th"):
        if not cell.text_content().strip():
            cell.tag = "td"  # an empty heading heads nothing
    _close_ranks(root)
    for table in list(root.iter("table")):
        _let_scroll(table)


def _close_ranks(root: HtmlElement) -> None:
    """Renumber headings so that each is at most one level below the one before it."""
    open_levels: list[int] = []
    for heading in list(root.iter(*_HEADINGS)):
        if not heading.text_content().strip():
            heading.drop_tree()
            continue
        level = int(str(heading.tag)[1])
        while open_levels and open_levels[-1] >= level:
            open_levels.pop()
        open_levels.append(level)
        heading.tag = f"h{1 + len(open_levels)}"


def _let_scroll(table: HtmlElement) -> None:
    box = html.Element("div")
    box.set("class", "scrolling")
    box.set("tabindex", "0")
    box.tail, table.tail = table.tail, None
    parent = table.getparent()
    assert parent is not None
    parent.replace(table, box)
    box.append(table)


def _outside(element: HtmlElement) -> str:
    return str(etree.tostring(element, encoding="unicode", method="html"))
