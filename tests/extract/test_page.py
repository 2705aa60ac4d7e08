# ruff: noqa: E501, ISC004 (markup and sentences read better unbroken)
"""Odd pages: each a file in pages/, named for its oddity, with what must come of it beside it."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicator.errors import NoArticleError, ParseError
from syndicator.extract.page import read_page
from syndicator.model import Article, FetchedDocument, SiteRules, Validators
from syndicator.text.html import clean_html

PAGES = Path(__file__).parent / "pages"
NAMES = sorted(p.name.removesuffix(".html") for p in PAGES.glob("*.html") if ".expected" not in p.name)
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
SOFIA = ZoneInfo("Europe/Sofia")


def fetched(body: bytes, content_type: str = "text/html") -> FetchedDocument:
    return FetchedDocument(
        url="https://vesti.example/novini/7",
        final_url="https://vesti.example/novini/7",
        status=200,
        body=body,
        content_type=content_type,
        validators=Validators("", ""),
        fetched_at=NOW,
    )


def read(markup: str | bytes, rules: SiteRules = SiteRules(), language: str = "bg") -> Article:  # noqa: B008
    body = markup.encode() if isinstance(markup, str) else markup
    return read_page(fetched(body), rules, language, NOW, SOFIA)


def shown(article: Article) -> str:
    """Return an article as a small page: its fields in the head, each block of its body on a line."""
    image = article.image
    fields = {
        "summary": article.summary,
        "url": article.url,
        "authors": "; ".join(article.authors),
        "published": article.published.isoformat() if article.published else "",
        "image": image.url if image else "",
        "image alt": image.alt if image else "",
        "image caption": image.caption if image else "",
        "image credit": image.credit if image else "",
        "rights": article.rights,
        "tags": "; ".join(article.tags),
    }
    lines = [f"<title>{escape(article.title, quote=False)}</title>"]
    lines += [f'<meta name="{name}" content="{escape(value)}">' for name, value in fields.items() if value]
    body = article.body
    for tag in ("p", "h2", "h3", "h4", "ul", "ol", "table", "tr", "li", "figure", "blockquote"):
        body = body.replace(f"</{tag}>", f"</{tag}>\n")
    return "\n".join([*lines, "<body>", body.strip(), ""])


@pytest.mark.parametrize("name", NAMES)
def test_an_odd_page_gives_its_article(name: str) -> None:
    article = read((PAGES / f"{name}.html").read_bytes())
    assert shown(article) == (PAGES / f"{name}.expected.html").read_text("utf-8")


PARAGRAPHS = (
    "<p>Общинският съвет в Гълъбово прие бюджета за новата година с 14 гласа „за“.</p>"
    "<p>Най-много средства отиват за образование и за пътищата, съобщи кметът Николай Тонев.</p>"
)


def test_site_rules_say_where_the_parts_are() -> None:
    markup = (
        "<html><head><title>Сайт</title></head><body><div class='t'>Истинско заглавие на новината</div>"
        "<div class='d'>Излезе: 5.02.2026</div><div class='w'>Ана Илиева</div><h1>Сайт</h1>"
        f"<div class='b'>{PARAGRAPHS}<div class='promo-x'><p>Купете си абонамент само днес на половин цена!</p></div></div>"
        "<div class='b2'><p>Друг текст, който е дълъг и свършва с точка, но не е от статията.</p></div></body></html>"
    )
    rules = SiteRules(body="div.b", title=".t", date=".d", author=".w", remove=(".promo-x",))
    article = read(markup, rules)
    assert article.title == "Истинско заглавие на новината"
    assert article.body == PARAGRAPHS
    assert article.authors == ("Ана Илиева",)
    assert article.published == datetime(2026, 2, 4, 22, tzinfo=UTC)


def test_site_rules_that_match_nothing_fall_back() -> None:
    markup = (
        f"<html><head><title>Бюджет 2026</title></head><body><h1>Бюджет 2026</h1>{PARAGRAPHS}</body></html>"
    )
    rules = SiteRules(body=".none", title=".none", date=".none", author=".none", remove=(".none",))
    assert read(markup, rules) == read(markup)
    assert read(markup).body == PARAGRAPHS


def test_a_rule_that_is_no_selector_is_named() -> None:
    with pytest.raises(ParseError, match=r"div\[\["):
        read("<p>Текст</p>", SiteRules(body="div[["))


@pytest.mark.parametrize(
    "markup",
    [
        "<html><body></body></html>",
        "<p>Кратко.</p>",
        "<!-- нищо -->",
        "<html><head><title>404 - Страницата не е намерена</title></head><body><h1>404 - Страницата не е намерена</h1>"
        "<p>Съжаляваме, но страницата, която търсите, не съществува или е преместена.</p></body></html>",
        "<ul>" + "".join(f'<li><a href="/{i}">Новина {i}</a></li>' for i in range(30)) + "</ul>",
    ],
)
def test_a_page_without_an_article_is_named(markup: str) -> None:
    with pytest.raises(NoArticleError, match=r"vesti\.example"):
        read(markup)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [(b"%PDF-1.7 ...", ""), (b"\x89PNG", "image/png"), (b"{}", "application/json"), (b"  \n", "text/html")],
)
def test_what_is_no_page_is_named(body: bytes, content_type: str) -> None:
    with pytest.raises(ParseError, match=r"vesti\.example"):
        read_page(fetched(body, content_type), SiteRules(), "bg", NOW, SOFIA)


def test_the_address_that_answered_counts() -> None:
    document = replace(
        fetched(f"<h1>Бюджет</h1>{PARAGRAPHS}<p><a href='x'>Тук</a></p>".encode()),
        final_url="https://n.example/a/b",
    )
    article = read_page(document, SiteRules(), "bg", NOW, SOFIA)
    assert article.url == "https://n.example/a/b"
    assert 'href="https://n.example/a/x"' in article.body


def test_the_language_is_the_sources() -> None:
    assert read(f"<html lang='en'><h1>Бюджет</h1>{PARAGRAPHS}</html>", language="mk").language == "mk"


PIECES = sorted(
    {
        piece
        for name in NAMES
        for piece in re.findall(
            r"<[^>]*>|[^<]+", (PAGES / f"{name}.html").read_bytes().decode("utf-8", "replace")
        )
    }
)


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
@settings(max_examples=60, deadline=None)
def test_any_page_gives_an_article_or_a_named_error(markup: str) -> None:
    try:
        article = read(markup)
    except (NoArticleError, ParseError):
        return
    assert article.title
    assert clean_html(article.body, "") == article.body
