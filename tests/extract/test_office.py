import zipfile
from datetime import UTC, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from syndicator.errors import NoArticleError, ParseError
from syndicator.extract.office import read_office
from syndicator.model import Article

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
FIRST = "Читалището в Гурково обновява библиотеката си с две хиляди нови книги за деца и възрастни."


def read(data: bytes) -> Article:
    return read_office(data, "novina.docx", "bg", NOW, ZoneInfo("Europe/Sofia"))


def saved(document) -> bytes:
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def written():
    document = docx.Document()
    document.add_heading("Нови книги за библиотеката в Гурково", 0)
    paragraph = document.add_paragraph(f"{FIRST} Каталогът е ")
    relation = document.part.relate_to(
        "https://chitalishte.example/k.pdf", RELATIONSHIP_TYPE.HYPERLINK, is_external=True
    )
    link, run, text = OxmlElement("w:hyperlink"), OxmlElement("w:r"), OxmlElement("w:t")
    link.set(qn("r:id"), relation)
    text.text = "тук"
    run.append(text)
    link.append(run)
    paragraph._p.append(link)
    document.add_heading("Какво има", 2)
    for item in ("приказки и романи", "учебници <и> речници"):
        document.add_paragraph(item, style="List Bullet")
    table = document.add_table(2, 2)
    for cell, value in zip(
        [c for row in table.rows for c in row.cells], ("Раздел", "Книги", "Детски", "900"), strict=True
    ):
        cell.text = value
    last = document.add_paragraph("Библиотеката е отворена ")
    last.add_run("всеки делничен ден").bold = True
    last.add_run(" от 9 до 18 часа.")
    return document


def test_headings_lists_tables_links_and_emphasis():
    article = read(saved(written()))
    assert article.title == "Нови книги за библиотеката в Гурково"
    assert article.body == (
        f'<p>{FIRST} Каталогът е <a href="https://chitalishte.example/k.pdf">тук</a></p><h2>Какво има</h2>'
        "<ul><li>приказки и романи</li><li>учебници &lt;и&gt; речници</li></ul>"
        "<table><tbody><tr><td>Раздел</td><td>Книги</td></tr><tr><td>Детски</td><td>900</td></tr></tbody></table>"
        "<p>Библиотеката е отворена <strong>всеки делничен ден</strong> от 9 до 18 часа.</p>"
    )
    assert [one.title for one in article.attachments] == ["k.pdf"]


def repacked(change) -> bytes:
    source = zipfile.ZipFile(BytesIO(saved(written())))
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            name, data = change(member.filename, source.read(member))
            if name:
                target.writestr(name, data)
    return file.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04",
        b"\xd0\xcf\x11\xe0 an old .doc",
        saved(written())[:2000],
        repacked(lambda name, data: (name, b"<broken") if name == "word/document.xml" else (name, data)),
        repacked(lambda name, data: ("", b"") if name == "word/document.xml" else (name, data)),
        repacked(lambda name, data: ("../x.xml", data) if name == "word/styles.xml" else (name, data)),
        repacked(lambda name, data: (name, bytes(7_000_000)) if name == "word/styles.xml" else (name, data)),
        repacked(lambda name, data: ("word/inner.zip", data) if name == "word/styles.xml" else (name, data)),
    ],
    ids=["empty", "cut", "doc", "truncated", "broken", "headless", "slip", "bomb", "nested"],
)
def test_what_is_no_word_document_is_refused(data):
    with pytest.raises(ParseError, match=r"novina\.docx"):
        read(data)


def test_entities_are_not_expanded():
    bomb = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'

    def change(name, data):
        if name != "word/document.xml":
            return name, data
        head, _, rest = data.partition(b"?>")
        return name, head + b"?>" + bomb + rest.replace(
            b"<w:body>", b"<w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p>", 1
        )

    assert "aaaa" not in read(repacked(change)).body


def test_a_document_without_a_text():
    with pytest.raises(NoArticleError, match="title"):
        read(saved(docx.Document()))
