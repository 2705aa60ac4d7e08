"""Reads the article in a word processor's file (.docx): headings, lists, tables, links, emphasis."""

from collections.abc import Iterator
from datetime import datetime
from html import escape
from io import BytesIO
from zipfile import BadZipFile
from zoneinfo import ZoneInfo

import docx
from docx.document import Document
from docx.opc.exceptions import OpcError
from docx.table import Table
from docx.text.hyperlink import Hyperlink
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from lxml import etree

from syndicator.errors import ParseError
from syndicator.extract.region import leaves_of
from syndicator.extract.structure import parse_page
from syndicator.extract.written import article_of_blocks
from syndicator.model import Article
from syndicator.text.archives import check_archive
from syndicator.text.messages import tr
from syndicator.text.paragraphs import rebuild

_MOST_UNPACKED = 30_000_000  # bytes of all parts, pictures too
_MOST_PART = 8_000_000  # bytes of one part
_MOST_CELLS = 20_000  # of all tables


def read_office(data: bytes, name: str, language: str, now: datetime, timezone: ZoneInfo) -> Article:
    """Return the article in a .docx file. Pictures, headers, footers and comments in it are not read.

    Raises ParseError for what is no such file or unpacks to more than any article is, NoArticleError for one
    without an article.
    """
    check_archive(data, name, most_total=_MOST_UNPACKED, most_member=_MOST_PART)
    try:
        markup = "".join(_markup(docx.Document(BytesIO(data))))
    except (BadZipFile, OpcError, KeyError, ValueError, AttributeError, etree.LxmlError, EOFError) as error:
        raise ParseError(
            tr("{name} cannot be read as a Word document (.docx); save it again", name=name)
        ) from error
    blocks = leaves_of(rebuild(parse_page(f"<body>{markup}</body>", "")))
    return article_of_blocks(blocks, name, language, now, timezone)


def _markup(document: Document) -> Iterator[str]:
    kind = ""
    cells = 0
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            cells += len(block.rows) * len(block.columns)
            if cells > _MOST_CELLS:
                raise ValueError("too many cells")
        wanted = "" if isinstance(block, Table) else _list_kind(block)
        if wanted != kind:
            yield (f"</{kind}>" if kind else "") + (f"<{wanted}>" if wanted else "")
            kind = wanted
        yield _table(block) if isinstance(block, Table) else _paragraph(block, kind)
    yield f"</{kind}>" if kind else ""


def _list_kind(paragraph: Paragraph) -> str:
    """Return ``ul`` or ``ol`` for an item of a list, by its style's name or its own numbering."""
    style = _style(paragraph)
    if "list number" in style or "номериран" in style:
        return "ol"
    properties = paragraph._p.pPr  # noqa: SLF001 - python-docx shows the numbering nowhere else
    numbered = properties is not None and properties.numPr is not None
    return "ul" if "list" in style or "списък" in style or numbered else ""


def _style(paragraph: Paragraph) -> str:
    style = paragraph.style
    return (style.name or "").lower() if style is not None else ""


def _paragraph(paragraph: Paragraph, kind: str) -> str:
    style = _style(paragraph)
    text = "".join(map(_inline, paragraph.iter_inner_content()))
    if kind:
        return f"<li>{text}</li>"
    if style in {"title", "заглавие"}:
        return f"<h1>{text}</h1>"
    if style.startswith(("heading", "заглавие ")):
        level = min(int(style.split()[-1]) if style.split()[-1].isdigit() else 2, 6)
        return f"<h{level}>{text}</h{level}>"
    if style in {"quote", "intense quote"}:
        return f"<blockquote><p>{text}</p></blockquote>"
    return f"<p>{text}</p>"


def _inline(part: Run | Hyperlink) -> str:
    if isinstance(part, Hyperlink):
        words = "".join(map(_inline, part.runs))
        address = part.url  # checked with all other addresses when the body is cleaned
        return f'<a href="{escape(address)}">{words}</a>' if address else words
    text = escape(part.text).replace("\n", "<br>").replace("\t", " ")
    for tag, on in (("strong", part.bold), ("em", part.italic)):
        if on and text.strip():
            text = f"<{tag}>{text}</{tag}>"
    return text


def _table(table: Table) -> str:
    rows = []
    for row in table.rows:
        # A cell that spans several columns comes once for each of them.
        cells = list({id(cell._tc): cell for cell in row.cells}.values())  # noqa: SLF001
        texts = ["<br>".join(escape(paragraph.text) for paragraph in cell.paragraphs) for cell in cells]
        rows.append("<tr>" + "".join(f"<td>{text}</td>" for text in texts) + "</tr>")
    return f"<table>{''.join(rows)}</table>"
