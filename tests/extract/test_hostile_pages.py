"""Nothing that could run gets out of a page, and nothing in one brings the reader down."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import lxml.html
import pytest

from syndicator.errors import ParseError
from syndicator.extract.bounds import MOST_CELLS, MOST_ELEMENTS, MOST_EMPHASES, MOST_PARAGRAPHS, MOST_TEXT
from syndicator.extract.page import read_markup
from syndicator.model import SiteRules
from syndicator.text.html import ALLOWED_ATTRIBUTES, ALLOWED_SCHEMES, ALLOWED_TAGS, clean_html

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from hostile_inputs import ARTICLE, SCRIPTS, costly

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def harmless(html: str) -> bool:
    """Whether a parser finds nothing in it but what is allowed."""
    root = lxml.html.fragment_fromstring(html, create_parent="div")
    for element in root.iterdescendants():
        if element.tag not in ALLOWED_TAGS:
            return False
        for name, value in element.attrib.items():
            if name not in ALLOWED_ATTRIBUTES.get(element.tag, ()):
                return False
            if name in {"href", "src"} and value.partition(":")[0] not in ALLOWED_SCHEMES:
                return False
    return True


@pytest.mark.parametrize("number", range(len(SCRIPTS)))
def test_no_script_gets_out_of_an_article(number):
    markup = f"<p>{ARTICLE * 2}</p>{SCRIPTS[number]}<p>{ARTICLE} Край на текста за моста.</p>"
    assert harmless(clean_html(markup, "https://a.example/1"))
    page = (
        f"<html><body><article><h1>Нов мост</h1><p>{ARTICLE * 2}</p>{SCRIPTS[number]}</article></body></html>"
    )
    article = read_markup(page, "https://a.example/1", SiteRules(), "bg", NOW, ZoneInfo("Europe/Sofia"))
    assert harmless(article.body)
    assert harmless(clean_html(article.body, ""))
    assert article.image is None or article.image.url.startswith("http")
    assert all(one.url.startswith("http") for one in article.attachments)


def test_there_are_enough_of_them():
    assert len(SCRIPTS) + len(costly()) >= 100


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        (f"<p>{'дума ' * (MOST_TEXT // 5 + 1)}</p>", f"{MOST_TEXT} that"),
        ("<b>а</b>" * (MOST_ELEMENTS + 1), f"elements, more than the {MOST_ELEMENTS}"),
        ("<b>а</b>" * (MOST_EMPHASES + 1), "bold words"),
        ("<p>а</p>" * (MOST_PARAGRAPHS + 1), f"paragraphs, more than the {MOST_PARAGRAPHS}"),
        ("<table><tr>" + "<td>а</td>" * (MOST_CELLS + 1) + "</tr></table>", "table cells, more than"),
    ],
)
def test_a_page_beyond_all_bounds_is_refused_by_name(markup, reason):
    page = f"<html><body><h1>Мост</h1><p>{ARTICLE * 3}</p>{markup}</body></html>"

    with pytest.raises(ParseError, match=reason):
        read_markup(page, "https://a.example/1", SiteRules(), "bg", NOW, ZoneInfo("Europe/Sofia"))


@pytest.mark.parametrize("cell", ["{}", "<p>{}</p>", "<p><span>{}</span></p>"])
def test_a_large_table_of_results_is_within_all_bounds(cell):
    cells = [[cell.format(f"{row}.{column}") for column in range(12)] for row in range(300)]
    rows = "".join("<tr><td>" + "</td><td>".join(row) + "</td></tr>" for row in cells)
    page = f"<html><body><h1>Класиране</h1><p>{ARTICLE * 3}</p><table>{rows}</table></body></html>"

    body = read_markup(page, "https://a.example/1", SiteRules(), "bg", NOW, ZoneInfo("Europe/Sofia")).body

    assert body.count("<td>") == 3600
    assert "<td>299.11</td>" in body


def test_blanks_count_towards_no_bound():
    blanks = ("<a></a>" + " " * 3000) * 100
    page = f"<html><body><h1>Мост</h1><p>{ARTICLE * 3}</p>{blanks}</body></html>"

    assert read_markup(page, "https://a.example/1", SiteRules(), "bg", NOW, ZoneInfo("Europe/Sofia")).body


def test_a_long_protocol_is_within_all_bounds():
    page = f"<html><body><h1>Протокол</h1>{f'<p>{ARTICLE * 2}</p>' * 700}</body></html>"

    assert (
        ARTICLE.strip()
        in read_markup(page, "https://a.example/1", SiteRules(), "bg", NOW, ZoneInfo("Europe/Sofia")).body
    )


def test_what_fills_the_cells_of_a_large_table_is_taken_for_their_text():
    cells = "".join(f"<td><p><span>{number}</span></p></td>" for number in range(5))
    rows = f"<tr><td><p><b>Общо</b> лв.</p></td>{cells}</tr>" * 120
    page = (
        f"<html><body><article><h1>Бюджет на общината</h1><p>{ARTICLE * 2}</p>"
        f"<table>{rows}</table><p>{ARTICLE} Край.</p></article></body></html>"
    )
    article = read_markup(page, "https://a.example/1", SiteRules(), "bg", NOW, ZoneInfo("Europe/Sofia"))
    row = "<tr><td><b>Общо</b> лв.</td><td>0</td><td>1</td><td>2</td><td>3</td><td>4</td></tr>"
    assert article.body.count(row) == 120
