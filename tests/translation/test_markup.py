# ruff: noqa: E501 (markup reads better unbroken)
"""Markup comes off a text and goes on again."""

import re
from collections import Counter

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicator.text.html import clean_html
from syndicator.translation.markup import Span, place, read_template, render_unit
from syndicator.translation.segment import normalised


def texts(body: str) -> list[str]:
    return [unit.text for unit in read_template(body).units]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", []),
        ("<p>Едно <b>две</b>  три.</p>", ["Едно две три."]),
        ("<h2>Глава</h2><ul><li>Едно<ul><li>Две</li></ul></li></ul>", ["Глава", "Едно", "Две"]),
        ("<p>Ред<br>Друг <b>ред<br>трети</b></p>", ["Ред", "Друг ред", "трети"]),
        ("<table><caption>Т</caption><tbody><tr><th>А</th><td>Б</td></tr></tbody></table>", ["Т", "А", "Б"]),
        (
            '<figure><img src="s.png" alt=" Снимка \n на нива"><figcaption>Под нея</figcaption></figure>',
            ["Снимка на нива", "Под нея"],
        ),
        ('<p>Текст <img src="s.png" alt=""> още</p>', ["Текст още"]),
        ("<p>раз\u00adдел и\u0306</p>", ["раздел й"]),
        ("<pre>int x;\n  x++;</pre>", []),
        ("<pre>Стих първи\n  стих втори</pre>", ["Стих първи", "стих втори"]),
    ],
)
def test_units(body: str, expected: list[str]) -> None:
    assert texts(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        '<p>Виж <a href="https://a.bg/?x=1&amp;y=2">тук <strong>и там</strong></a>, &lt;b&gt; &amp; край.</p>',
        '<p>Виж <a href="https://a.bg/">първо</a><br><a href="https://a.bg/">второ</a></p>',
        "<pre>Стих <b>първи</b>\n  стих втори\n\nкрай</pre>",
        "<pre>int  x;\n  x++;</pre><p>Край</p>",
        '<p><a href="https://a.bg/"><img src="https://a.bg/s.png" alt="&quot;Снимка&quot; &amp; още"></a></p>',
        "<blockquote><p>Цитат</p></blockquote><hr><p>Край</p>",
    ],
)
def test_filling_a_template_with_its_own_units_gives_the_same_html(body: str) -> None:
    assert read_template(body).fill(render_unit) == body


BARE = st.lists(
    st.one_of(
        st.sampled_from([" ", "  ", "\u2003", "„", "е\u0301", "</p><p>"]), st.text("аб1\"'>&", max_size=4)
    )
)


@settings(max_examples=300, deadline=None)
@given(BARE.map(lambda parts: f"<p>{''.join(parts)}</p>"))
def test_bare_paragraphs_are_read_as_those_beside_other_markup(body: str) -> None:
    alone, beside = read_template(body), read_template(f"{body}<hr>")
    assert alone.units == beside.units
    assert f"{alone.fill(render_unit)}<hr>" == beside.fill(render_unit)


def test_spans_know_their_words_and_links() -> None:
    (unit,) = read_template('<p>Виж <a href="https://a.bg/"> тук <em>там</em> </a>.</p>').units
    assert [
        (unit.text[s.start : s.end], s.open, s.is_link) for s in sorted(unit.spans, key=lambda s: s.depth)
    ] == [
        ("тук там", '<a href="https://a.bg/">', True),
        ("там", "<em>", False),
    ]


def test_crossing_spans_are_closed_and_opened_again() -> None:
    spans = (Span(0, 5, "<b>", "</b>", 0), Span(3, 8, "<i>", "</i>", 0))
    assert place("abcdefgh", spans) == "<b>abc<i>de</i></b><i>fgh</i>"


SPANS = st.lists(
    st.tuples(
        st.integers(0, 12), st.integers(0, 12), st.sampled_from(["b", "i", "a", "em"]), st.integers(0, 3)
    ),
    max_size=5,
)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="аб <>&\"'x", max_size=12), SPANS)
def test_placed_markup_is_well_formed_and_keeps_the_text(
    text: str, drawn: list[tuple[int, int, str, int]]
) -> None:
    spans = tuple(
        Span(min(a, b, len(text)), min(max(a, b), len(text)), f"<{tag}>", f"</{tag}>", depth)
        for a, b, tag, depth in drawn
    )
    placed = place(text, spans)
    root = lxml.etree.fromstring(f"<p>{placed}</p>")
    assert "".join(root.itertext()) == text


PIECES = """
    <p> </p> <b> </b> <i> </i> <br> <pre> </pre> <ul> <li> </li> </ul> <h1> <table> <tr> <td> </table> <hr>
    <blockquote> </blockquote> <figure> <figcaption> </figure> <code> </code> </a> текст &amp; &lt; <!--x--> . г.
""".split()
ODD_PIECES = [" ", "\n", '<a href="https://a.bg/">', '<img src="/s.png" alt="сн <имка">', "и\u0306", "\u200b"]
HTML = st.lists(st.sampled_from([*PIECES, *ODD_PIECES]), max_size=30).map("".join)


def shape(body: str) -> tuple[str, Counter[str]]:
    root = lxml.html.fragment_fromstring(body, create_parent="div")
    tags = Counter(
        str(element.tag)
        for element in root.iter()
        if element.tag in {"img", "br", "p", "li", "td", "h2", "hr", "table", "pre", "blockquote"}
    )
    return re.sub(r"\s", "", normalised("".join(root.itertext()))), tags


@settings(max_examples=150, deadline=None)
@given(HTML | st.text(max_size=60))
def test_any_clean_html_keeps_its_text_and_elements(raw: str) -> None:
    clean = clean_html(raw, "https://a.bg/")
    filled = read_template(clean).fill(render_unit)
    assert sorted(shape(filled)[0]) == sorted(shape(clean)[0])  # a picture may change sides with a word
    assert shape(filled)[1] == shape(clean)[1]
    assert read_template(filled).fill(render_unit) == filled
