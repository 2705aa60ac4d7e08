"""Rebuilds any HTML as plain blocks: paragraphs, headings, lists, quotes, figures, tables.

Small sites write text straight into ``div`` and ``td``, divide paragraphs with ``<br><br>``, and put blocks
inside inline elements. Reading the source once and writing a new tree as a browser would show it is simpler
than repairing each of these in place, and whatever comes out is of one known shape.
"""

import re
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field

from lxml import etree

_INLINE = {
    "a": "a",
    "b": "b",
    "code": "code",
    "del": "s",
    "em": "em",
    "i": "i",
    "kbd": "code",
    "s": "s",
    "samp": "code",
    "strike": "s",
    "strong": "strong",
    "sub": "sub",
    "sup": "sup",
    "tt": "code",
    "u": "u",
}
HEADINGS = {"h1": "h1", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h5", "h6": "h6"}
LEAVES = frozenset({"p", *HEADINGS, "ul", "ol", "blockquote", "figure", "table", "pre", "dl", "hr"})
"""What a rebuilt tree consists of, apart from the divisions around them."""

TITLE_MARK = "data-title"
"""An attribute by which a caller finds the ``h1`` again that shows the title."""

_DIVISIONS = frozenset(
    "address article aside body caption center colgroup dd details dialog dir div dt fieldset figcaption"
    " footer header hgroup html legend li main menu nav section summary tbody td tfoot th thead tr".split()
)
_GONE = frozenset(
    "applet area audio base button canvas datalist embed form frame frameset head iframe input link math meta"
    " noembed noframes noscript object optgroup option param script select style svg template textarea"
    " title video".split()
)
_KEPT_ATTRIBUTES = {"a": ("href", "title"), "img": ("src", "alt", "title", "width", "height")}
# Not every name: broken markup makes attributes of its text, which no tree takes (XML 1.0 §2.3).
_DIVISION_ATTRIBUTES = ("class", "id", "role", "itemprop", "itemtype", "lang", TITLE_MARK)
_CELL_ATTRIBUTES = ("colspan", "rowspan")
_BARE = frozenset({"li", "dd", "td", "th", "figcaption", "caption"})  # a single text in it needs no paragraph
_DEEPEST = 120  # divisions; below that only the text is kept (libxml2 itself stops at 255)
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2060\ufeff]")
_WHOLE_SENTENCE = re.compile(r"[.!?…:][\"'“”»)]*$")
_WHOLE_TEXT = 700  # characters of a cell that is no datum
_LONG_LINE = 90  # characters; the lines of a poem or an address are shorter


def rebuild(source: etree._Element, keep_divisions: bool = False) -> etree._Element:
    """Return a new ``div`` holding the source's content as blocks in the order of the source.

    Every text stands in a block of :data:`LEAVES`; an empty block, inline element or line break at an edge
    is left out; scripts, forms' fields, embedded objects and the like are gone with their content. ``h1``
    stays ``h1``, with its :data:`TITLE_MARK`. With ``keep_divisions``, ``div`` and its kind stay as ``div``
    elements with the attributes of their source (and so does the ``h1``), which tells where in the page a
    block stood.
    """
    root = etree.Element("div")
    builder = _Builder(container=root, keep_divisions=keep_divisions)
    builder.children(source, 0)
    builder.close_block()
    return root


@dataclass(slots=True)
class _Builder:
    container: etree._Element  # where the next block goes
    keep_divisions: bool
    block: etree._Element | None = None  # the open paragraph or heading
    block_tag: str = "p"
    in_line: bool = False  # inside a heading or the like: blocks in it do not divide it
    verbatim: bool = False  # inside pre
    wanted: list[tuple[str, etree._Element]] = field(default_factory=list)  # inline elements around here
    opened: list[etree._Element] = field(default_factory=list)  # those of them already written
    space: bool = False
    breaks: int = 0
    run: list[str] = field(default_factory=list)  # texts that go into the same place one after another
    run_place: etree._Element | None = None

    def children(self, source: etree._Element, depth: int) -> None:
        if depth > _DEEPEST:
            self.text(" ".join(str(text) for text in source.itertext()))
            return
        if text := source.text:
            self.text(text)
        for child in source:
            tag = child.tag
            if isinstance(tag, str):
                self.element(child, tag.lower(), depth + 1)
            if text := child.tail:
                self.text(text)

    def element(self, source: etree._Element, tag: str, depth: int) -> None:
        if tag in _GONE:
            return
        if tag in _INLINE:
            self.inline(source, _INLINE[tag], depth)
        elif tag in _BLOCK_WRITERS:
            if self.in_line:
                self.space = self.block is not None
                self.children(source, depth)
                self.space = self.block is not None
            else:
                _BLOCK_WRITERS[tag](self, source, tag, depth)
        elif tag == "br":
            self.line_break()
        elif tag in {"img", "amp-img"}:
            self.image(source)
        elif tag == "q":
            self.text("„")
            self.children(source, depth)
            self.text("“")
        else:
            self.children(source, depth)

    # Inline content

    def text(self, text: str) -> None:
        if not text.isascii():
            text = _INVISIBLE.sub("", text)
        if self.verbatim:
            self.write(text)
            return
        bare = " ".join(text.split())
        if not bare:
            self.space = self.space or bool(text)
            return
        self.space = self.space or text[0].isspace()
        self.write(bare)
        self.space = text[-1].isspace()

    def write(self, text: str) -> None:
        place = self.place()
        if place is not self.run_place:
            self.close_run()
            self.run_place = place
        self.run.append(text)

    def close_run(self) -> None:
        """Put the texts that were written since the last element into the tree."""
        if self.run_place is not None:
            _append_text(self.run_place, "".join(self.run))
            self.run_place = None
            self.run.clear()

    def place(self) -> etree._Element:
        """Return the element to write into, with what was put off (breaks, a space, inline tags) written."""
        if self.block is None:
            self.block = etree.SubElement(self.container, self.block_tag)
            self.opened = []
            self.breaks = 0
            self.space = False
        place = self.opened[-1] if self.opened else self.block
        if self.breaks:
            self.close_run()
            etree.SubElement(place, "br")
        elif self.space:
            if place is not self.run_place:
                self.close_run()
                self.run_place = place
            self.run.append(" ")
        self.breaks = 0
        self.space = False
        for tag, source in self.wanted[len(self.opened) :]:
            self.close_run()
            place = etree.SubElement(place, tag)
            _copy_attributes(source, place, _KEPT_ATTRIBUTES.get(tag, ()))
            self.opened.append(place)
        return place

    def inline(self, source: etree._Element, tag: str, depth: int) -> None:
        if any(tag == outer for outer, _ in self.wanted) or (tag == "a" and not source.get("href")):
            self.children(source, depth)
            return
        self.wanted.append((tag, source))
        self.children(source, depth)
        self.wanted.pop()
        del self.opened[len(self.wanted) :]

    def line_break(self) -> None:
        if self.verbatim:
            self.write("\n")
        elif self.block is not None:
            self.breaks += 1
            self.space = False
            if self.breaks > 1 and not self.in_line:
                self.close_block()

    def image(self, source: etree._Element) -> None:
        if source.get("src"):
            place = self.place()
            self.close_run()
            image = etree.SubElement(place, "img")
            _copy_attributes(source, image, _KEPT_ATTRIBUTES["img"])

    # Blocks

    def close_block(self) -> None:
        self.close_run()
        if self.block is not None and self.block_tag == "p":
            _divide_long_lines(self.block)
        self.block = None
        self.opened = []
        self.breaks = 0
        self.space = False

    def division(self, source: etree._Element, _tag: str, depth: int) -> None:
        self.close_block()
        if self.keep_divisions:
            outer = self.container
            self.container = etree.SubElement(outer, "div")
            _copy_attributes(source, self.container, _DIVISION_ATTRIBUTES)
            self.children(source, depth)
            self.close_block()
            _drop_if_empty(self.container)
            self.container = outer
        else:
            self.children(source, depth)
            self.close_block()

    def paragraph(self, source: etree._Element, _tag: str, depth: int) -> None:
        self.close_block()
        self.children(source, depth)
        self.close_block()

    def line(self, source: etree._Element, tag: str, depth: int) -> None:
        """Write a block that holds inline content only: a heading, a term, preformatted text."""
        if tag in HEADINGS and source.find(".//p") is not None and _is_whole_text(source):
            self.division(source, tag, depth)  # somebody forgot to close it
            return
        self.close_block()
        tag_before, self.block_tag, self.in_line, self.verbatim = self.block_tag, tag, True, tag == "pre"
        self.children(source, depth)
        block = self.block
        self.close_block()
        self.block_tag, self.in_line, self.verbatim = tag_before, False, False
        if block is None:
            return
        if tag == "pre":
            _trim_newlines(block)
        if tag == "h1":
            _copy_attributes(source, block, _DIVISION_ATTRIBUTES if self.keep_divisions else (TITLE_MARK,))

    def group(self, source: etree._Element, tag: str, depth: int) -> None:
        """Write a block that holds blocks: a quote, a figure, a list item, a cell."""
        self.close_block()
        if tag in _BARE and not len(source) and not self.wanted:
            self.bare(source.text or "", tag)
            return
        outer, self.container = self.container, etree.SubElement(self.container, tag)
        outer_wanted, self.wanted = self.wanted, [w for w in self.wanted if w[0] == "a"]
        self.children(source, depth)
        self.close_block()
        group, self.container, self.wanted = self.container, outer, outer_wanted
        if tag in _BARE:
            _unwrap_single_paragraph(group)
        if tag == "figure":
            _tidy_figure(group)
        if tag not in {"td", "th"}:
            _drop_if_empty(group)

    def bare(self, text: str, tag: str) -> None:
        """Write a list item, a cell or the like that holds nothing but a text: most do."""
        text = " ".join(_INVISIBLE.sub("", text).split())
        if text or tag in {"td", "th"}:
            etree.SubElement(self.container, tag).text = text or None

    def horizontal_rule(self, _source: etree._Element, _tag: str, _depth: int) -> None:
        self.close_block()
        etree.SubElement(self.container, "hr")

    def list(self, source: etree._Element, tag: str, depth: int) -> None:
        self.close_block()
        outer, self.container = self.container, etree.SubElement(self.container, tag)
        self.items(source, depth)
        self.close_block()
        _drop_if_empty(self.container)
        self.container = outer

    def items(self, source: etree._Element, depth: int) -> None:
        self.stray_item(source.text)
        for child in source:
            if not isinstance(child.tag, str) or child.tag in _GONE:
                pass
            elif child.tag == "li":
                self.group(child, "li", depth + 1)
            elif child.tag in {"ul", "ol"} and len(self.container) and depth < _DEEPEST:
                outer, self.container = self.container, self.container[-1]
                self.list(child, child.tag, depth + 1)
                self.container = outer
            elif child.tag in {"div", "section", "span"} and child.find(".//li") is not None:
                self.items(child, depth + 1)
            else:
                item = etree.Element("li")
                item.append(deepcopy(child))
                item[0].tail = None
                self.group(item, "li", depth + 1)
            self.stray_item(child.tail)

    def stray_item(self, text: str | None) -> None:
        if text and text.strip():
            etree.SubElement(self.container, "li").text = " ".join(text.split())

    def terms(self, source: etree._Element, tag: str, depth: int) -> None:
        self.close_block()
        outer, self.container = self.container, etree.SubElement(self.container, tag)
        for child in source.iterdescendants("dt", "dd"):
            if child.tag == "dt":
                self.line(child, "dt", depth + 1)
            else:
                self.group(child, "dd", depth + 1)
        _drop_if_empty(self.container)
        self.container = outer

    def caption(self, source: etree._Element, tag: str, depth: int) -> None:
        if self.container.tag == "figure":
            self.group(source, tag, depth)
        else:
            self.division(source, tag, depth)

    def table(self, source: etree._Element, tag: str, depth: int) -> None:
        if is_layout(source):
            self.division(source, tag, depth)
            return
        self.close_block()
        outer, table = self.container, etree.SubElement(self.container, "table")
        self.container = table
        for child in source:
            if child.tag == "caption":
                self.group(child, "caption", depth + 1)
        for row in _rows(source):
            self.container = _section(table, row[0])
            self.container = etree.SubElement(self.container, "tr")
            for cell in row:
                self.group(cell, str(cell.tag), depth + 1)
                _copy_attributes(cell, self.container[-1], _CELL_ATTRIBUTES)
        self.container = outer
        if not "".join(str(text) for text in table.itertext()).strip() and table.find(".//img") is None:
            outer.remove(table)


_BLOCK_WRITERS = {
    **dict.fromkeys(_DIVISIONS, _Builder.division),
    **dict.fromkeys((*HEADINGS, "pre", "listing", "xmp"), _Builder.line),
    "p": _Builder.paragraph,
    "ul": _Builder.list,
    "ol": _Builder.list,
    "dl": _Builder.terms,
    "table": _Builder.table,
    "hr": _Builder.horizontal_rule,
    "blockquote": _Builder.group,
    "figure": _Builder.group,
    "figcaption": _Builder.caption,
}


def is_layout(table: etree._Element) -> bool:
    """Whether a table only arranges a page: one column, tables in tables, or whole texts in its cells."""
    if table.get("role") == "presentation" or table.find(".//table") is not None:
        return True
    rows = _rows(table)
    if max((len(row) for row in rows), default=0) < 2:
        return True
    cells = [cell for row in rows for cell in row]
    if any(cell.tag == "th" for cell in cells):
        return False
    return len(rows) == 1 or any(_is_whole_text(cell) for cell in cells)


def _is_whole_text(cell: etree._Element) -> bool:
    if not len(cell):
        return len(cell.text or "") > _WHOLE_TEXT
    paragraphs = len(cell.findall(".//p")) + len(cell.findall(".//br")) // 2
    letters = sum(len(str(text)) for text in cell.itertext())
    return letters > _WHOLE_TEXT or (paragraphs > 2 and letters > 300) or cell.find(".//h1") is not None


def _rows(table: etree._Element) -> list[list[etree._Element]]:
    """Return the cells of each row, also of rows and cells that lack their parent."""
    rows: list[list[etree._Element]] = []
    for part in table:
        if part.tag == "tr":
            rows.append(_cells(part))
        elif part.tag in {"td", "th"}:
            rows.append([part])
        elif part.tag in {"thead", "tbody", "tfoot"}:
            rows.extend(_cells(row) if row.tag == "tr" else [row] for row in part)
    return [cells for cells in rows if cells and cells[0].tag in {"td", "th"}]


def _cells(row: etree._Element) -> list[etree._Element]:
    return [cell for cell in row if cell.tag in {"td", "th"}]


def _section(table: etree._Element, first_cell: etree._Element) -> etree._Element:
    """Return the thead, tbody or tfoot that a row belongs to, begun where there is none (HTML §4.9.1)."""
    tag = next((str(a.tag) for a in first_cell.iterancestors("thead", "tbody", "tfoot", "table")), "table")
    tag = "tbody" if tag == "table" else tag
    if len(table) and table[-1].tag == tag:
        return table[-1]
    return etree.SubElement(table, tag)


def _copy_attributes(source: etree._Element, target: etree._Element, names: Iterable[str]) -> None:
    for name in names:
        value = source.get(name)
        if value is not None:
            target.set(name, value)


def _append_text(element: etree._Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def _is_empty(element: etree._Element) -> bool:
    return len(element) == 0 and not (element.text or "").strip()


def _drop_if_empty(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None and _is_empty(element):
        parent.remove(element)


def _unwrap_single_paragraph(group: etree._Element) -> None:
    """Take the first paragraph's tags off where only lists follow it: ``<li>text``, not ``<li><p>text``."""
    if len(group) == 0 or group[0].tag != "p" or any(child.tag not in {"ul", "ol"} for child in group[1:]):
        return
    paragraph = group[0]
    group.remove(paragraph)
    group.text = paragraph.text
    for index, child in enumerate(list(paragraph)):
        group.insert(index, child)


def _tidy_figure(figure: etree._Element) -> None:
    """Leave pictures in a figure bare, and drop a figure whose picture or film is gone."""
    if next(figure.iter("img", "table", "pre", "blockquote", "ul", "ol"), None) is None:
        for child in list(figure):
            figure.remove(child)
        return
    for paragraph in figure.findall("p"):
        if not "".join(str(text) for text in paragraph.itertext()).strip():
            at = figure.index(paragraph)
            figure.remove(paragraph)
            for offset, child in enumerate(list(paragraph)):
                figure.insert(at + offset, child)


def _trim_newlines(block: etree._Element) -> None:
    """Drop empty lines around preformatted text; a parser drops the first one anyway (HTML §13.1.2.5)."""
    if len(block) == 0 and block.text:
        block.text = block.text.strip("\n").rstrip()
        _drop_if_empty(block)
    elif block.text:
        block.text = block.text.lstrip("\n")


def _divide_long_lines(block: etree._Element) -> None:
    """Make paragraphs of lines that are set apart by a single break but are whole paragraphs each."""
    lines = lines_of(block) if next(block.iterchildren("br"), None) is not None else []
    if len(lines) < 2 or not all(len(t) >= _LONG_LINE and _WHOLE_SENTENCE.search(t) for t, _ in lines):
        return
    parent = block.getparent()
    assert parent is not None
    at = parent.index(block)
    parent.remove(block)
    for offset, (_, nodes) in enumerate(lines):
        parent.insert(at + offset, paragraph_of(nodes))


def lines_of(block: etree._Element) -> list[tuple[str, list[etree._Element | str]]]:
    """Return the lines of a block between its own ``br``: the text of each, and its nodes."""
    lines: list[list[etree._Element | str]] = [[block.text] if block.text else []]
    for child in block:
        if child.tag == "br":
            lines.append([])
        else:
            lines[-1].append(child)
        if child.tail:
            lines[-1].append(child.tail)
    return [("".join(map(_node_text, nodes)).strip(), nodes) for nodes in lines]


def _node_text(node: etree._Element | str) -> str:
    if isinstance(node, str):
        return node
    if not len(node):
        return node.text or ""
    return "".join(str(text) for text in node.itertext(with_tail=False))


def paragraph_of(nodes: list[etree._Element | str]) -> etree._Element:
    """Return a new paragraph of the given texts and elements (which leave their old place)."""
    paragraph = etree.Element("p")
    for node in nodes:
        if not isinstance(node, str):
            node.tail = None
            paragraph.append(node)
        else:
            _append_text(paragraph, node)
    return paragraph
