"""Finds the article on a page that is not in Cyrillic: trafilatura's choice, shown in our own blocks.

What we know about the names of boxes and about lines beside articles is Bulgarian; elsewhere stock extraction
knows better, so it is followed block by block.
"""

import re
from bisect import bisect_left
from typing import cast

from lxml import etree
from lxml.html import HtmlElement

from syndicator.extract.choosing import chosen_text
from syndicator.extract.measures import flat_text, letters_of
from syndicator.extract.region import leaves_of
from syndicator.text.html import NOT_XML

_WORDS = re.compile(r"[^\W\d_]+")
_NO_LETTERS = bytes(code for code in range(0x80) if not chr(code).isalpha())
_NO_CYRILLIC = bytes({*range(0x100)} - {*range(0xD0, 0xD4)})  # all but the first bytes of U+0400 to U+04FF
_BODY = etree.XPath("string(//body)", smart_strings=False)
_UNSEEN_IN_BODY = etree.XPath(
    "//body/descendant::*[self::script or self::style or self::template or self::noscript]/text()",
    smart_strings=False,
)
_PIECE = 40  # letters looked up at a time, so that a block of which most is the article's still counts
_MOST = 0.5  # of a block's pieces
_FEWEST = 200  # letters of an article that is believed


class Choice:
    """The text that trafilatura chose, as letters and digits only, with the places where its lines end."""

    def __init__(self, text: str) -> None:
        """Take a text of some lines."""
        self.lines = [line for line in map(str.strip, text.splitlines()) if line]
        letters = [letters_of(line) for line in self.lines]
        self.letters = "".join(letters)
        self.borders = [0]
        for line in letters:
            self.borders.append(self.borders[-1] + len(line))

    def place_of(self, letters: str, expected: int) -> tuple[int, int] | None:
        """Return from where to where a block's letters stand in the text, None where they do not.

        Long ones may stand there for the most part. Short ones must be whole lines, or stand where they are
        ``expected`` because the block before ends there: else any word of the article would count.
        """
        if len(letters) >= _PIECE:
            return self._place_of_long(letters)
        if letters and self.letters.startswith(letters, expected):
            return expected, expected + len(letters)
        at = self.letters.find(letters) if letters else -1
        while at >= 0:
            if self._is_border(at) and self._is_border(at + len(letters)):
                return at, at + len(letters)
            at = self.letters.find(letters, at + 1)
        return None

    def _place_of_long(self, letters: str) -> tuple[int, int] | None:
        if (at := self.letters.find(letters)) >= 0:
            return at, at + len(letters)
        starts = range(0, len(letters), _PIECE)
        found = [(start, self.letters.find(letters[start : start + _PIECE])) for start in starts]
        known = [(start, at) for start, at in found if at >= 0]
        if sum(min(_PIECE, len(letters) - start) for start, _ in known) < _MOST * len(letters):
            return None
        (start, at), (last, end) = known[0], known[-1]
        return max(0, at - start), end + min(_PIECE, len(letters) - last)

    def _is_border(self, at: int) -> bool:
        place = bisect_left(self.borders, at)
        return place < len(self.borders) and self.borders[place] == at


def is_foreign(root: etree._Element) -> bool:
    """Whether a page speaks another script than Cyrillic."""
    cyrillic, others = _count_letters(_BODY(root))
    unseen_cyrillic, unseen_others = _count_letters("".join(_UNSEEN_IN_BODY(root)))
    return 2 * (cyrillic - unseen_cyrillic) < others - unseen_others


def _count_letters(text: str) -> tuple[int, int]:
    """Return how many letters of a text are Cyrillic, and how many are others."""
    encoded = text.encode().translate(None, _NO_LETTERS)  # leaves few runs for the pattern to find
    cyrillic = len(encoded.translate(None, _NO_CYRILLIC))
    return cyrillic, sum(map(len, _WORDS.findall(encoded.decode()))) - cyrillic


def article_text(root: etree._Element) -> str:
    """Return what trafilatura takes for the article of a parsed page; ``""`` for next to nothing."""
    # Which it is: syndicator.text.html's parser makes no others.
    text = chosen_text(cast("HtmlElement", root))
    return text if len(letters_of(text)) >= _FEWEST else ""


def chosen_blocks(page: etree._Element, text: str) -> list[etree._Element]:
    """Return the blocks of a rebuilt page that say what a text says, with the pictures between them.

    Where the page shows less than half of the text (it stood in its data only), paragraphs of the text.
    """
    choice = Choice(text)
    blocks = leaves_of(page)
    letters = [letters_of(flat_text(block)) for block in blocks]
    own = _said(letters, choice)
    if not own:
        return _paragraphs(choice)
    for at in own:
        if blocks[at].tag in {"ul", "ol"}:
            _keep_said_items(blocks[at], choice)
    if sum(len(letters[at]) for at in own) < _MOST * len(choice.letters):
        return _paragraphs(choice)
    said = set(own)
    return [
        block
        for at, block in enumerate(blocks)
        if at in said or (own[0] < at < own[-1] and (block.tag == "figure" or _is_mere_picture(block)))
    ]


def _said(letters: list[str], choice: Choice) -> list[int]:
    """Return which blocks the text says; short ones also where they end just before one that it says."""
    found: dict[int, tuple[int, int]] = {}
    expected = 0
    for at, own in enumerate(letters):
        if own and (place := choice.place_of(own, expected)) is not None:
            found[at] = place
            expected = place[1]
    start = None
    for at in range(len(letters) - 1, -1, -1):
        own = letters[at]
        if at in found:
            start = found[at][0]
        elif own and start is not None:
            ends = len(own) < _PIECE and choice.letters.endswith(own, 0, start)
            start = start - len(own) if ends else None
            if ends:
                found[at] = (start or 0, (start or 0) + len(own))
    return sorted(found)


def _keep_said_items(items: etree._Element, choice: Choice) -> None:
    """Drop the items of a list that the text does not say, in place."""
    expected = 0
    for item in list(items):
        place = choice.place_of(letters_of(flat_text(item)), expected)
        if place is not None:
            expected = place[1]
        elif len(items) > 1:
            items.remove(item)


def _paragraphs(choice: Choice) -> list[etree._Element]:
    blocks = []
    for line in choice.lines:
        block = etree.Element("p")
        block.text = NOT_XML.sub("", line)
        blocks.append(block)
    return blocks


def _is_mere_picture(block: etree._Element) -> bool:
    return next(block.iter("img"), None) is not None and not flat_text(block)
