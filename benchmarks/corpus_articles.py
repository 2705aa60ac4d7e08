"""Articles made of recorded lines: every visible text of an article is one line of the corpus, used once.

Because each line has a recorded translation, every sentence that a feed shows can be judged to the letter.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

SHORT = 110  # characters: the longest line taken for a title, a subhead, a caption or a cell
SENTENCE_END_INSIDE = re.compile(r"[.!?…][\"“”»)]*\s")
PLAIN_WORDS = re.compile(r"(?<= )[^\W\d_]{3,}(?: [^\W\d_]{3,}){0,2}(?= )")


class Kind(StrEnum):
    """What a source carries, as far as the making of its articles is concerned."""

    RICH = "rich"
    PLAIN = "plain"  # paragraphs only: a text file


@dataclass(frozen=True, slots=True)
class Span:
    """Marked words inside a line: ``line[start:end]``."""

    tag: str  # a, strong, em
    start: int
    end: int
    href: str = ""  # as written: absolute, or from the site's root


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the corpus, perhaps with one marked span."""

    text: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of an article's body: ``p``, ``h2``, ``ul``, ``ol``, ``blockquote``, ``figure`` or ``table``.

    A figure's lines are its alt text and its caption; a table's lines are its cells, two a row.
    """

    tag: str
    lines: tuple[Line, ...]
    src: str = ""  # a figure's picture, from the site's root


@dataclass(frozen=True, slots=True)
class MadeArticle:
    """An article whose translation is known."""

    number: int
    title: str
    blocks: tuple[Block, ...]

    def body_lines(self) -> Iterator[Line]:
        """Every line of the body, in reading order."""
        for block in self.blocks:
            yield from block.lines

    @property
    def lead(self) -> str:
        """The first sentence of the first paragraph."""
        return next(block.lines[0].text for block in self.blocks if block.tag == "p")

    @property
    def spans(self) -> list[tuple[Line, Span]]:
        """Every marked line with its span."""
        return [(line, line.span) for line in self.body_lines() if line.span]

    @property
    def pictures(self) -> list[str]:
        return [block.src for block in self.blocks if block.src]

    @property
    def list_items(self) -> int:
        return sum(len(block.lines) for block in self.blocks if block.tag in ("ul", "ol"))

    @property
    def view_counter(self) -> str:
        """A number that stands for the page's view counter: unlike any number of the corpus."""
        return f"76{737868584456 + self.number * 7919}"


def is_single_sentence(text: str) -> bool:
    """Whether nothing in the line looks like the end of a sentence before its own end."""
    return not SENTENCE_END_INSIDE.search(text)


def title_rank(text: str) -> tuple[bool, bool, bool]:
    """Titles are short single sentences that begin with a letter, without a full stop where possible."""
    return (len(text) > SHORT or not is_single_sentence(text), not text[0].isupper(), text.endswith("."))


def with_span(text: str, tag: str, href: str = "") -> Line | None:
    """Mark one to three words well inside the line; None where it has no such words."""
    found = [m for m in PLAIN_WORDS.finditer(text) if m.start() > len(text) // 5]
    if not found:
        return None
    words = max(found[: 1 + len(found) // 2], key=lambda m: len(m.group()))
    return Line(text, Span(tag, words.start(), words.end(), href))


class Pile:
    """The lines of one article that are not placed yet, in the corpus's order."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = list(lines)

    def __len__(self) -> int:
        return len(self.lines)

    def title(self) -> str:
        best = min(self.lines, key=title_rank)
        self.lines.remove(best)
        return best

    def next(self, count: int) -> list[str]:
        taken, self.lines = self.lines[:count], self.lines[count:]
        return taken

    def short(self, count: int) -> list[str]:
        """The next lines that are short, else the next ones."""
        chosen = [text for text in self.lines if len(text) <= SHORT][:count]
        chosen += [text for text in self.lines if text not in chosen][: count - len(chosen)]
        chosen.sort(key=self.lines.index)
        for text in chosen:
            self.lines.remove(text)
        return chosen


def plain_lines(texts: Sequence[str]) -> tuple[Line, ...]:
    return tuple(Line(text) for text in texts)


def paragraph(pile: Pile, count: int, marks: Sequence[tuple[str, str]] = ()) -> Block:
    """A paragraph of the next lines; each (tag, href) marks words in the first line that takes it."""
    lines = list(plain_lines(pile.next(count)))
    for tag, href in marks:
        for at, line in enumerate(lines):
            marked = None if line.span else with_span(line.text, tag, href)
            if marked:
                lines[at] = marked
                break
    return Block("p", tuple(lines))


def rest(pile: Pile, number: int) -> list[Block]:
    """What is left, as paragraphs of two to four lines."""
    blocks = []
    while pile:
        size = 2 + (number + len(pile)) % 3
        blocks.append(paragraph(pile, size if len(pile) - size != 1 else len(pile)))
    return blocks


def make_rich(number: int, lines: Sequence[str]) -> MadeArticle:
    """An article with everything that a page may hold."""
    pile = Pile(lines)
    title = pile.title()
    far, near = f"https://spravka.example/{number}/iztochnik", f"/spravka/{number}"
    figure = [Block("figure", plain_lines(pile.short(2)), f"/snimki/{number}.png")] if number % 3 != 2 else []
    heads = [Block("h2", plain_lines(pile.short(1)))]
    listed = Block("ol" if number % 4 == 1 else "ul", plain_lines(pile.short(3)))
    table = [Block("table", plain_lines(pile.short(4)))] if number % 6 == 4 else []
    blocks = [
        *(figure if number % 4 == 0 else []),
        paragraph(pile, 3, [("strong", "")] if number % 5 == 3 else []),
        *(figure if number % 4 else []),
        paragraph(pile, 2 + number % 2, [("a", far)]),
        *heads,
        paragraph(pile, 2, [("strong", "")]),
        listed,
        paragraph(pile, 2, [("em", ""), ("a", near)]),
        Block("blockquote", plain_lines(pile.next(1 + number % 2))),
        *table,
        *rest(pile, number),
    ]
    return MadeArticle(number, title, tuple(block for block in blocks if block.lines))


def make_plain(number: int, lines: Sequence[str]) -> MadeArticle:
    """An article of paragraphs only, as in a text file."""
    pile = Pile(lines)
    title = pile.title()
    return MadeArticle(number, title, (paragraph(pile, 3), *rest(pile, number)))


def set_aside(lines: Sequence[str], count: int) -> tuple[list[str], list[str]]:
    """Keep back lines for later edits; return (those in use, those kept back).

    Kept back are single sentences of plain words: one line is one segment whatever cuts it, and no check
    has a reason to ask for it twice.
    """
    calm = [text for text in reversed(lines) if 70 <= len(text) <= 200 and is_calm(text)]
    kept = calm[:count]
    return [text for text in lines if text not in kept], kept


def is_calm(text: str) -> bool:
    """A single sentence without digits, quotes, brackets or Latin letters."""
    return (
        is_single_sentence(text) and not re.search(r"[A-Za-z\d\"“”„«»()\[\];:]", text) and text[0].isupper()
    )


def make_articles(lines: Sequence[str], kinds: Sequence[Kind]) -> list[MadeArticle]:
    """Deal the lines out in order, as evenly as possible, and make one article of each share."""
    shares = [len(lines) * at // len(kinds) for at in range(len(kinds) + 1)]
    return [
        (make_plain if kind is Kind.PLAIN else make_rich)(number, lines[shares[number] : shares[number + 1]])
        for number, kind in enumerate(kinds)
    ]


def editable_line(article: MadeArticle) -> str:
    """A calm line of a paragraph whose lines are all unmarked, neither the first paragraph's nor a title."""
    later = [block for block in article.blocks if block.tag == "p"][1:]
    unmarked = [block for block in later if not any(line.span for line in block.lines)]
    found = next((line.text for block in unmarked for line in block.lines if is_calm(line.text)), "")
    if not found:
        raise ValueError(f"article {article.number} has no line fit for an edit")
    return found


def replace_line(article: MadeArticle, old: str, new: str) -> MadeArticle:
    """The same article with one line's text replaced."""
    blocks = tuple(
        replace(
            block,
            lines=tuple(replace(line, text=new) if line.text == old else line for line in block.lines),
        )
        for block in article.blocks
    )
    return replace(article, blocks=blocks)
