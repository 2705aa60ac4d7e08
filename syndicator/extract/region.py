"""Finds which part of a page is its article.

trafilatura says which text is the article's; its own output loses links, pictures and lists, so that text
only votes: the part of our own tree that holds the votes is taken whole, in the order of the page.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from itertools import islice

from lxml import etree

from syndicator.extract.boilerplate import Line, judge
from syndicator.extract.choosing import chosen_text
from syndicator.extract.measures import flat_text, is_prose, letters_of, link_share
from syndicator.extract.structure import remove
from syndicator.text.html import serialise
from syndicator.text.paragraphs import LEAVES

_PIECE = 40  # letters looked up at a time, so that a block of which trafilatura kept most still counts
_MOST_ROWS = 100
_DESCENT = 0.8  # an inner division is the article where it holds this share of what its parent holds
_PICTURE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?:[?#]|$)")


def find_blocks(page: etree._Element, title: etree._Element | None) -> list[etree._Element]:
    """Return the blocks of the article on a page, in reading order.

    ``page`` is a tree rebuilt with its divisions, rid of noise; ``title`` is the article's heading in it, if
    it is known.
    """
    blocks = leaves_of(page)
    order = {block: index for index, block in enumerate(blocks)}
    votes = _votes(page, blocks)
    if not any(votes.values()):
        return []
    region = _densest(page, votes)
    inside = set(leaves_of(region))
    after_title = order.get(title, -1) if title is not None else -1
    inner = [order[block] for block in inside if votes.get(block)]
    if after_title > max(inner):
        after_title = -1
    inside |= _lead_ins(blocks, votes, after_title, min(order[key] for key in inside))
    inside |= _continuations(page, region, votes) | _gallery(page, region)
    return [block for block in blocks if block in inside and order[block] > after_title]


def leaves_of(division: etree._Element) -> list[etree._Element]:
    """Return the blocks of a rebuilt division, in reading order."""
    if division.tag in LEAVES:
        return [division]
    leaves: list[etree._Element] = []
    for child in division:
        if child.tag in LEAVES:
            leaves.append(child)
        else:
            leaves.extend(leaves_of(child))
    return leaves


def _votes(page: etree._Element, blocks: list[etree._Element]) -> dict[etree._Element, float]:
    """Return how many letters of each block are the article's, by block."""
    found = _article_text(page)
    votes: dict[etree._Element, float] = {}
    for block in blocks:
        letters = letters_of(flat_text(block))
        if block.tag in {"h1", "hr", "figure"} or not letters:
            continue
        pieces = [letters[at : at + _PIECE] for at in range(0, len(letters), _PIECE)]
        share = sum(len(piece) for piece in pieces if piece in found) / len(letters)
        weight = len(letters) * share * (1 - link_share(block))
        votes[block] = weight if is_prose(flat_text(block)) or block.tag != "p" else weight / 4
    if not any(votes.values()):
        return {b: float(len(flat_text(b))) for b in blocks if b.tag == "p" and is_prose(flat_text(b))}
    return votes


def _article_text(page: etree._Element) -> str:
    """Return what trafilatura takes for the article, letters and digits only."""
    if next((row for table in page.iter("table") for row in _rows_too_many(table)), None) is not None:
        page = deepcopy(page)
        for row in [row for table in page.iter("table") for row in _rows_too_many(table)]:
            remove(row)
    markup = f"<html><body>{serialise(page)}</body></html>"
    return letters_of(chosen_text(markup, quick=True))


def _rows_too_many(table: etree._Element) -> Iterator[etree._Element]:
    """Yield the rows of a long table that say nothing new about whether it is the article's."""
    return islice(table.iter("tr"), _MOST_ROWS, None)


def _densest(page: etree._Element, votes: dict[etree._Element, float]) -> etree._Element:
    region = page
    while True:
        inner = [child for child in region if child.tag not in LEAVES]
        whole = _weight(region, votes)
        best = max(inner, key=lambda child: _weight(child, votes), default=None)
        if best is None or whole == 0 or _weight(best, votes) < _DESCENT * whole:
            return region
        region = best


def _weight(division: etree._Element, votes: dict[etree._Element, float]) -> float:
    return sum(votes.get(block, 0.0) for block in leaves_of(division))


def _lead_ins(
    blocks: list[etree._Element], votes: dict[etree._Element, float], title: int, first: int
) -> set[etree._Element]:
    """Return the blocks between the title and the article's division that belong to it: lead, picture."""
    if title < 0:
        return set()
    between = blocks[title + 1 : first]
    return {
        block
        for block in between
        if (block.tag in {"figure", "blockquote", "ul", "ol"} and link_share(block) < 0.5)
        or votes.get(block, 0.0) > 0
        or next(block.iter("img"), None) is not None
        or (_is_sentence(flat_text(block)) and link_share(block) < 0.5)
    }


def _continuations(
    page: etree._Element, region: etree._Element, votes: dict[etree._Element, float]
) -> set[etree._Element]:
    """Return the blocks of divisions that are made like the article's and stand beside it."""
    found: set[etree._Element] = set()
    parent = region.getparent()
    if parent is None or region is page:
        return found
    for sibling in parent:
        if sibling is region or sibling.tag in LEAVES or sibling.get("class") != region.get("class"):
            continue
        leaves = leaves_of(sibling)
        voted = [block for block in leaves if votes.get(block, 0.0) > 0]
        if voted and link_share(sibling) < 0.3 and not _is_teaser(sibling):
            found |= set(leaves)
    return found


def _gallery(page: etree._Element, region: etree._Element) -> set[etree._Element]:
    """Return the blocks right behind the article's division that show pictures and lead nowhere else."""
    found: set[etree._Element] = set()
    for sibling in region.itersiblings() if region is not page else ():
        leaves = leaves_of(sibling)
        pictured = [block for block in leaves if next(block.iter("img"), None) is not None]
        texts = [
            block for block in leaves if block not in pictured and block.tag not in {"h2", "h3", "h4", "h5"}
        ]
        links = [link.get("href", "").lower() for link in sibling.iter("a")]
        if not pictured or texts or not all(_PICTURE.search(link) for link in links):
            break
        if any(block.tag != "figure" and flat_text(block) for block in pictured):
            break
        found |= set(leaves)
    return found


def _is_sentence(text: str) -> bool:
    return len(text.split()) >= 3 and text[-1] in ".!?…:”“" and judge(Line(text, is_head=True)) is None


def _is_teaser(division: etree._Element) -> bool:
    heading = next(division.iter("h2", "h3", "h4", "h5", "h6"), None)
    return heading is not None and heading.find(".//a") is not None
