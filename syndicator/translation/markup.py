"""Takes the markup off a text before it is translated, and knows where it belonged.

An article's HTML becomes a :class:`Template`: the literal markup in order, and between its pieces the
:class:`Unit` values that hold what a reader reads. A unit is one run of text without a break (a paragraph, a
heading, a list item, a table cell, a caption, an alt text, or a line of one that holds ``<br>``), as plain
text with the spans of its inline elements. Only plain sentences reach an engine: tags sent along come back
damaged, and damage the sentence (0 of 200 kept, 7 to 12 % of sentences harmed).
"""

import html
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import lxml.html
from lxml import etree
from lxml.html import HtmlElement

from syndicator.text.html import bare_paragraphs
from syndicator.text.transliterate import has_cyrillic
from syndicator.translation.segment import normalised, visible

# Elements that stand inside a sentence. Everything else divides texts.
INLINE = frozenset(
    "a abbr b bdi bdo cite code del dfn em i ins kbd mark q s samp small span strong sub sup time tt u var"
    " wbr".split()
)
VOID = frozenset({"br", "img", "hr", "col"})


@dataclass(frozen=True, slots=True)
class Span:
    """An inline element around ``text[start:end]`` of its unit."""

    start: int
    end: int
    open: str  # '<a href="…">'
    close: str  # "</a>"
    depth: int  # of nesting; an outer element has the smaller one

    @property
    def is_link(self) -> bool:
        """Whether losing the element would lose a link."""
        return self.close == "</a>"


@dataclass(frozen=True, slots=True)
class Unit:
    """A run of text without a break, and the inline elements on it."""

    text: str
    spans: tuple[Span, ...] = ()
    attribute: bool = False  # stands inside a tag: no markup may be put into it


@dataclass(frozen=True, slots=True)
class Template:
    """A text's markup with holes: literal strings and units, in order."""

    parts: tuple[str | Unit, ...]

    @property
    def units(self) -> tuple[Unit, ...]:
        """What there is to translate, in reading order."""
        return tuple(part for part in self.parts if isinstance(part, Unit))

    def fill(self, render: Callable[[Unit], str]) -> str:
        """Return the HTML with every unit replaced by ``render(unit)`` (escaped HTML)."""
        return "".join(render(part) if isinstance(part, Unit) else part for part in self.parts)


# Each article is taken apart three times, and two groups of them are under way at once.
@lru_cache(maxsize=320)
def read_template(body: str) -> Template:
    """Take clean HTML (see :mod:`syndicator.text.html`) apart.

    Filling the template with the units as they are gives HTML with the same text and elements.
    """
    if not body.strip():
        return Template(())
    reader = _Reader()
    if (paragraphs := bare_paragraphs(body)) is not None:
        reader.paragraphs(paragraphs)
        return Template(tuple(reader.merged()))
    root = lxml.html.fragment_fromstring(body, create_parent="div")
    reader.children(root)
    reader.end_run()
    return Template(tuple(reader.merged()))


def render_unit(unit: Unit) -> str:
    """Return a unit as the HTML that it was read from."""
    return html.escape(unit.text) if unit.attribute else place(unit.text, unit.spans)


def place(text: str, spans: tuple[Span, ...]) -> str:
    """Return the escaped text with its spans' tags around their places, properly nested.

    Spans that would cross are split: the later one is closed and opened again at the border.
    """
    borders = sorted({0, len(text), *(s.start for s in spans), *(s.end for s in spans)})
    ordered = sorted(spans, key=lambda s: (s.start, -s.end, s.depth))
    out: list[str] = []
    opened: list[Span] = []
    for at, following in zip(borders, [*borders[1:], len(text)], strict=True):
        _close_ended(out, opened, at)
        for span in ordered:
            if span.start == at and span.end > at:
                out.append(span.open)
                opened.append(span)
        out.append(html.escape(text[at:following], quote=False))
    return "".join(out)


def _close_ended(out: list[str], opened: list[Span], at: int) -> None:
    ended = [index for index, span in enumerate(opened) if span.end <= at]
    if not ended:
        return
    first = ended[0]
    reopened = [span for span in opened[first:] if span.end > at]
    out.extend(span.close for span in reversed(opened[first:]))
    out.extend(span.open for span in reopened)
    opened[first:] = reopened


@dataclass(slots=True)
class _Run:
    """The inline content collected since the last break."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    spans: list[Span] = field(default_factory=list)
    before: list[str | Unit] = field(default_factory=list)  # pictures that precede the text
    after: list[str | Unit] = field(default_factory=list)  # pictures in or behind it

    def add(self, text: str) -> None:
        """Append text in the form of segments: blanks squeezed, none at the start, nothing invisible."""
        text = _squeezed(visible(text))
        if text.startswith(" ") and (not self.pieces or self.pieces[-1].endswith(" ")):
            text = text[1:]
        if text:
            self.pieces.append(text)
            self.length += len(text)


def _squeezed(text: str) -> str:
    """Return a text with a single blank for each run of them, at its ends too."""
    words = " ".join(text.split())
    if not words:
        return " " if text else ""
    before, after = (" " if end.isspace() else "" for end in (text[0], text[-1]))
    return f"{before}{words}{after}"


class _Reader:
    """Walks one tree and collects its template's parts."""

    def __init__(self) -> None:
        self.parts: list[str | Unit] = []
        self.run = _Run()
        self.stack: list[tuple[HtmlElement, int]] = []  # open inline elements, where their text began
        self.keeps_lines = False  # inside <pre>

    def merged(self) -> Iterator[str | Unit]:
        literal = ""
        for part in self.parts:
            if isinstance(part, str):
                literal += part
                continue
            if literal:
                yield literal
                literal = ""
            yield part
        if literal:
            yield literal

    def paragraphs(self, texts: Iterable[str]) -> None:
        for text in texts:
            self.parts.append("<p>")
            self.run.add(text)
            self.end_run()
            self.parts.append("</p>")

    def children(self, element: HtmlElement) -> None:
        self.text(element.text)
        for child in element:
            if isinstance(child.tag, str):
                self.element(child)
            self.text(child.tail)

    def text(self, text: str | None) -> None:
        if not self.keeps_lines:
            self.run.add(text or "")
            return
        for index, line in enumerate((text or "").split("\n")):
            if index:
                self.literal("\n")
            if not self.run.pieces:
                self.run.before.append(line[: len(line) - len(line.lstrip())])  # the line's indent
            self.run.add(line)

    def element(self, element: HtmlElement) -> None:
        if element.tag == "img":
            self.picture(element)
        elif element.tag == "br":
            self.literal("<br>")
        elif element.tag == "pre" and not has_cyrillic(str(element.text_content())):
            self.literal(etree.tostring(element, encoding="unicode", method="html", with_tail=False))
        elif element.tag in INLINE and not _holds_block(element):
            self.inline(element)
        else:
            self.block(element)

    def inline(self, element: HtmlElement) -> None:
        self.stack.append((element, self.run.length))
        self.children(element)
        _, start = self.stack.pop()
        self.add_span(element, start)

    def add_span(self, element: HtmlElement, start: int) -> None:
        text = "".join(self.run.pieces)[start:]
        start += len(text) - len(text.lstrip())
        end = start + len(text.strip())
        if end > start:
            self.run.spans.append(Span(start, end, *_tags(element), depth=len(self.stack)))

    def block(self, element: HtmlElement) -> None:
        opening, closing = _tags(element)
        outer, self.keeps_lines = self.keeps_lines, self.keeps_lines or element.tag == "pre"
        self.literal(opening)
        self.children(element)
        self.keeps_lines = outer
        self.literal("" if element.tag in VOID else closing)

    def literal(self, markup: str) -> None:
        """Put in markup that divides texts.

        The inline elements around it (<a>… <br> …</a>) are closed before it and opened again behind it.
        """
        outer = [element for element, _ in self.stack]
        while self.stack:
            self.add_span(*self.stack.pop())
        self.end_run()
        self.parts.append(markup)
        self.stack = [(element, 0) for element in outer]

    def picture(self, element: HtmlElement) -> None:
        place = self.run.after if self.run.pieces else self.run.before
        place.extend(_tags(outer)[0] for outer, _ in self.stack)
        place.extend(_open_with_units(element))
        place.extend(_tags(outer)[1] for outer, _ in reversed(self.stack))

    def end_run(self) -> None:
        run, self.run = self.run, _Run()
        text = "".join(run.pieces).rstrip()
        self.parts.extend(run.before)
        if text:
            self.parts.append(Unit(text, tuple(run.spans)))
        self.parts.extend(run.after)


def _holds_block(element: HtmlElement) -> bool:
    return any(
        isinstance(child.tag, str) and child.tag not in INLINE | {"br", "img"} for child in element.iter()
    )


def _tags(element: HtmlElement) -> tuple[str, str]:
    attributes = "".join(f' {name}="{html.escape(value)}"' for name, value in _attributes(element))
    return f"<{element.tag!s}{attributes}>", f"</{element.tag!s}>"


def _open_with_units(element: HtmlElement) -> Iterator[str | Unit]:
    """Yield an image's tag with its readable attribute as a unit."""
    yield f"<{element.tag!s}"
    for name, value in _attributes(element):
        text = normalised(value)
        if name == "alt" and text:
            yield ' alt="'
            yield Unit(text, attribute=True)
            yield '"'
        else:
            yield f' {name}="{html.escape(value)}"'
    yield ">"


def _attributes(element: HtmlElement) -> Iterator[tuple[str, str]]:
    for name, value in element.attrib.items():
        if name != "title":  # a tooltip that nobody sees in a feed is not worth an engine's word
            yield str(name), str(value)
