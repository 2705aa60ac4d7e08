"""Finds the article on a page that is not in Cyrillic: trafilatura's choice, shown in our own blocks.

What we know about the names of boxes and about lines beside articles is Bulgarian; elsewhere stock extraction
knows better, so it is followed block by block.
"""

import re

from lxml import etree

from syndicator.extract.measures import flat_text
from syndicator.extract.region import leaves_of

_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LATIN = re.compile(r"[a-zA-Z]")
_NOT_LETTERS = re.compile(r"[\W_]+")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PIECE = 40  # letters looked up at a time, so that a block of which most is the article's still counts
_MOST = 0.5  # of a block's pieces
_FEWEST = 200  # letters of an article that is believed


def is_foreign(root: etree._Element) -> bool:
    """Whether a page speaks another script than Cyrillic."""
    text = "".join(map(str, root.itertext()))
    return 2 * len(_CYRILLIC.findall(text)) < len(_LATIN.findall(text))


def article_text(source: str) -> str:
    """Return what trafilatura takes for the article in a page's source; ``""`` for next to nothing."""
    import trafilatura  # costs half a second, and many a cycle reads no foreign page

    document = trafilatura.bare_extraction(source, include_comments=False, include_tables=True)
    text = str(getattr(document, "text", "") or "") if document is not None else ""
    return text if len(_letters(text)) >= _FEWEST else ""


def chosen_blocks(page: etree._Element, text: str) -> list[etree._Element]:
    """Return the blocks of a rebuilt page that say what a text says, with the pictures between them.

    Where the page shows less than half of the text (it stood in its data only), paragraphs of the text.
    """
    found = _letters(text)
    lines = {_letters(line) for line in text.splitlines()}
    blocks = leaves_of(page)
    own = [at for at, block in enumerate(blocks) if _is_said(_letters(flat_text(block)), found, lines)]
    if not own:
        return _paragraphs(text)
    for at in own:
        if blocks[at].tag in {"ul", "ol"}:
            _keep_said_items(blocks[at], found, lines)
    if sum(len(_letters(flat_text(blocks[at]))) for at in own) < _MOST * len(found):
        return _paragraphs(text)
    said = set(own)
    return [
        block
        for at, block in enumerate(blocks)
        if at in said or (own[0] < at < own[-1] and (block.tag == "figure" or _is_mere_picture(block)))
    ]


def _is_said(letters: str, found: str, lines: set[str]) -> bool:
    """Whether a block's letters stand in the text: short ones as a line, long ones for the most part."""
    if len(letters) < _PIECE:
        return letters in lines
    pieces = (letters[at : at + _PIECE] for at in range(0, len(letters), _PIECE))
    return sum(len(piece) for piece in pieces if piece in found) >= _MOST * len(letters)


def _keep_said_items(items: etree._Element, found: str, lines: set[str]) -> None:
    """Drop the items of a list that the text does not say, in place."""
    for item in list(items):
        if not _is_said(_letters(flat_text(item)), found, lines) and len(items) > 1:
            items.remove(item)


def _paragraphs(text: str) -> list[etree._Element]:
    blocks = []
    for line in filter(None, map(str.strip, text.splitlines())):
        block = etree.Element("p")
        block.text = _NOT_XML.sub("", line)
        blocks.append(block)
    return blocks


def _is_mere_picture(block: etree._Element) -> bool:
    return next(block.iter("img"), None) is not None and not flat_text(block)


def _letters(text: str) -> str:
    return _NOT_LETTERS.sub("", text).casefold()
