# ruff: noqa: E501 (markup reads better unbroken)
"""Any HTML becomes safe, whole and tidy."""

import re

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicator.text.html import (
    ALLOWED_ATTRIBUTES,
    ALLOWED_TAGS,
    bare_paragraphs,
    clean_html,
    parse_html,
    plain_text,
    resolve,
    text_of,
)

BASE = "https://site.example/novini/7"


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        ("", ""),
        ("текст", "<p>текст</p>"),
        ("а <b>б</b> в", "<p>а <b>б</b> в</p>"),
        ("<p>а<p>б", "<p>а</p><p>б</p>"),
        ("<div>а<div>б</div>в</div>", "<p>а</p><p>б</p><p>в</p>"),
        ("а<br><br>б<br>в<br>&nbsp;<br>г<br>", "<p>а</p><p>б<br>в</p><p>г</p>"),
        ("<b>а<br><br>б</b>", "<p><b>а</b></p><p><b>б</b></p>"),
        ("<font><span>а</span></font>", "<p>а</p>"),
        ("<h1>а</h1><h6>б</h6>", "<h2>а</h2><h6>б</h6>"),
        ("<h2><div>а</div>б</h2>", "<h2>а б</h2>"),
        ("<p></p><p>&nbsp;</p><div><b> </b></div><ul><li></li></ul>", ""),
        ("<ul><li>а<li>б<ul><li>в</ul></ul>", "<ul><li>а</li><li>б<ul><li>в</li></ul></li></ul>"),
        ("<ul><li>а</li><ul><li>б</li></ul></ul>", "<ul><li>а<ul><li>б</li></ul></li></ul>"),
        ("<ul><li><p>а</p></li></ul>", "<ul><li>а</li></ul>"),
        ("<ol>а<li>б</li></ol>", "<ol><li>а</li><li>б</li></ol>"),
        ("<blockquote>а<br><br>б</blockquote>", "<blockquote><p>а</p><p>б</p></blockquote>"),
        ("<dl><dt>а<dd>б</dl>", "<dl><dt>а</dt><dd>б</dd></dl>"),
        ("<pre>\n а\n  б\n</pre>", "<pre> а\n  б</pre>"),
        ("<del>а</del> <kbd>б</kbd> <q>в</q>", "<p><s>а</s> <code>б</code> „в“</p>"),
        ("а<hr>б", "<p>а</p><hr><p>б</p>"),
        ("H<sub>2</sub>O, m<sup>2</sup>", "<p>H<sub>2</sub>O, m<sup>2</sup></p>"),
        ("<p>а &lt;b&gt; &amp; б</p>", "<p>а &lt;b&gt; &amp; б</p>"),
        ("па\u00adра\u200bграф", "<p>параграф</p>"),
        ("<p onclick='x()' style='color:red' class='y'>а</p>", "<p>а</p>"),
        ("<script>а</script><style>б</style><form>в<input></form><iframe>г</iframe>д", "<p>д</p>"),
        ("<svg><text>а</text></svg><math>б</math><select><option>в</select><button>г</button>", ""),
        ("<a href='javascript:alert(1)'>а</a>", "<p>а</p>"),
        ("<a href=' JaVaScRiPt:x'>а</a><a href='data:text/html,x'>б</a>", "<p>аб</p>"),
        ("<a>а</a><a href=''>б</a>", "<p>аб</p>"),
        (
            "<a href='/x y' target='_blank' rel='nofollow' title='т'>а</a>",
            '<p><a href="https://site.example/x%20y" title="т">а</a></p>',
        ),
        ("<a href='../б'>а</a>", '<p><a href="https://site.example/%D0%B1">а</a></p>'),
        ("<a href='//други.бг/'>а</a>", '<p><a href="https://xn--c1abn4ap.xn--90ae/">а</a></p>'),
        ("<a href='mailto: a@b.bg '>а</a>", '<p><a href="mailto:a@b.bg">а</a></p>'),
        ("<a href='tel:+359 42 1'>а</a>", '<p><a href="tel:+359421">а</a></p>'),
        (
            "<a href='/x'><h3>а</h3><p>б</p></a>",
            '<h3><a href="https://site.example/x">а</a></h3><p><a href="https://site.example/x">б</a></p>',
        ),
        (
            "<img src='/1.jpg' alt='т' width='600px' height='auto' onerror='x()'>",
            '<p><img src="https://site.example/1.jpg" alt="т" width="600"></p>',
        ),
        (
            "<img src='data:image/gif;base64,AA' data-src='/1.jpg'>",
            '<p><img src="https://site.example/1.jpg"></p>',
        ),
        ("<img srcset='/1.jpg 300w, /2.jpg 900w'>", '<p><img src="https://site.example/2.jpg"></p>'),
        ("<img src='/1.jpg' srcset='/2.jpg 900w'>", '<p><img src="https://site.example/1.jpg"></p>'),
        ("<img src='/p.gif' width=1 height=1><img src='/q.gif' style='display:none'>", ""),
        ("<noscript><img src='/1.jpg'></noscript>", '<p><img src="https://site.example/1.jpg"></p>'),
        ("<img class='emoji' alt='🚌' src='/e.png'>", "<p>🚌</p>"),
        (
            "<figure><div><img src='/1.jpg'></div><figcaption><p>а <i>б</i></p></figcaption></figure>",
            '<figure><img src="https://site.example/1.jpg"><figcaption>а <i>б</i></figcaption></figure>',
        ),
        ("<figure><iframe src='x'></iframe><figcaption>а</figcaption></figure><p>б</p>", "<p>б</p>"),
        (
            "<table><tr><th>а<th>б<tr><td rowspan=2 bgcolor=red>в<td>г</table>",
            '<table><tbody><tr><th>а</th><th>б</th></tr><tr><td rowspan="2">в</td><td>г</td></tr></tbody></table>',
        ),
        ("<table><tr><td><p>а</p><p>б</p></td></tr></table>", "<p>а</p><p>б</p>"),
        ("а\x00б\ud800в", "<p>абв</p>"),
    ],
)
def test_html_is_cleaned(html: str, wanted: str) -> None:
    assert clean_html(html, BASE) == wanted


def test_without_a_base_relative_addresses_go() -> None:
    assert clean_html("<a href='/x'>а</a><img src='y.jpg'>", "") == "<p>а</p>"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("<p>а\n б <b>в</b>г</p><ul><li>д</li><li>е</li></ul>", "а б вг\nд\nе"),
        ("а<br>б", "а\nб"),
        ("<table><tr><td>а</td><td>б</td></tr></table>", "а\nб"),
        ("<script>x</script>а<!-- б -->в<style>y</style>", "ав"),
        ("1 &lt; 2 &amp;&nbsp;3", "1 < 2 & 3"),
        ("<img alt='т'>", ""),
    ],
)
def test_plain_text(html: str, text: str) -> None:
    assert plain_text(html) == text


@pytest.mark.parametrize("before", ["", 'title="<p>" ', "title='>' "])
def test_of_thousands_of_attributes_some_are_taken(before: str) -> None:
    flood = " ".join(f"a{number}=1" for number in range(6_000))
    root = parse_html(f"<body><p {before}{flood}>а <b class=x>б</b></p><p>в</p></body>")
    assert all(len(element.attrib) <= 200 for element in root.iter())
    assert plain_text(lxml.html.tostring(root, encoding="unicode")) == "а б\nв"
    assert root.find(".//b").get("class") == "x"


def test_a_page_with_a_declared_encoding_keeps_its_head() -> None:
    page = '<?xml version="1.0" encoding="windows-1251"?><html><head><title>Ж</title></head><body>а</body></html>'
    assert parse_html(page).findtext("head/title") == "Ж"


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("x", "https://site.example/novini/x"),
        ("#а", "https://site.example/novini/7#%D0%B0"),
        ("ftp://a/", ""),
        ("http://[", ""),
        ("", ""),
    ],
)
def test_addresses_are_resolved(address: str, wanted: str) -> None:
    assert resolve(address, BASE) == wanted


TAGS = "p div b a i strong ul ol li table tr td th h1 h2 span br img figure figcaption blockquote pre dl dt dd font script form"
PIECES = st.sampled_from(
    [f"<{tag}>" for tag in TAGS.split()]
    + [f"</{tag}>" for tag in TAGS.split()]
    + [
        "<a href='/x'>",
        "<img src=a.jpg>",
        "<img data-src=b.png>",
        "<td colspan=2>",
        "<noscript>",
        "<svg>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
    ]
    + [
        "&amp;",
        "&#0;",
        "&nbsp;",
        "\x00",
        "\ud800",
        "<p style='",
        "\n",
        " ",
        "дума",
        "Цяло изречение, което е дълго." * 4,
        "<",
    ]
)
MARKUP = st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=25).map("".join)


@given(MARKUP)
@settings(max_examples=300, deadline=None)
def test_what_comes_out_is_allowed_and_stays_as_it_is(html: str) -> None:
    cleaned = clean_html(html, BASE)
    assert clean_html(cleaned, BASE) == cleaned
    assert set(re.findall(r"</?([a-z0-9]+)", cleaned)) <= ALLOWED_TAGS
    if cleaned:
        for element in lxml.html.fragment_fromstring(cleaned, create_parent="div").iterdescendants():
            assert set(element.keys()) <= ALLOWED_ATTRIBUTES.get(str(element.tag), set())


PARAGRAPHS = st.lists(
    st.one_of(st.sampled_from(["</p><p>", "<p>", "</p>", "<br>", "&", "<", ">", " ", "\u00a0", "\u2003"]), st.text(max_size=5)),
    max_size=12,
).map(lambda parts: f"<p>{''.join(parts)}</p>")  # fmt: skip


@given(PARAGRAPHS)
@settings(max_examples=500, deadline=None)
def test_bare_paragraphs_are_what_a_parser_finds(html: str) -> None:
    texts = bare_paragraphs(html)
    if texts is None:
        return
    body = parse_html(html).find("body")
    assert [element.tag for element in body] == ["p"] * len(texts)
    assert [element.text or "" for element in body] == texts
    assert "".join(lxml.etree.tostring(one, encoding="unicode", method="html") for one in body) == html
    assert plain_text(html) == text_of(body)


@pytest.mark.parametrize(
    "html",
    ["", "<p>", "а", "<p>а</p>\n<p>б</p>", "<p>а<b>б</b></p>", "<p>а &amp; б</p>", "<p>а</p><h2>б</h2>", "<p>а\x07</p>"],
)  # fmt: skip
def test_paragraphs_with_anything_else_are_not_bare(html: str) -> None:
    assert bare_paragraphs(html) is None


def test_bare_paragraphs() -> None:
    assert bare_paragraphs('<p>Първи абзац.</p><p></p><p>„Втори“ "абзац".</p>') == [
        "Първи абзац.",
        "",
        '„Втори“ "абзац".',
    ]


@given(MARKUP)
@settings(max_examples=100, deadline=None)
def test_plain_text_holds_no_breaks_at_its_ends(html: str) -> None:
    text = plain_text(html)
    assert text == text.strip()
    assert "\n\n" not in text
