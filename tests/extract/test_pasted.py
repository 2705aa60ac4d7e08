# ruff: noqa: E501, ISC004 (markup and sentences read better unbroken)
"""Texts as people paste them."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicator.errors import NoArticleError
from syndicator.extract.pasted import read_html_file, read_text
from syndicator.model import Article

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
SOFIA = ZoneInfo("Europe/Sofia")
SEED = Path(__file__).parents[3] / "shared" / "seed" / "stzagora-innogrow.txt"

FIRST = "Общинският съвет прие бюджета за новата година с 14 гласа „за“ и три „въздържал се“."
SECOND = "Най-много средства отиват за образование и за ремонт на пътищата, съобщи кметът."
THIRD = "Предвидени са и пари за читалището в село Обручище и за нов училищен автобус."
TITLE = "Гълъбово прие бюджета за новата година"


def read(text: str, name: str = "vest.txt") -> Article:
    return read_text(text, name, "bg", NOW, SOFIA)


@pytest.mark.skipif(not SEED.is_file(), reason="the seed article is not part of the repository")
def test_the_seed_article() -> None:
    article = read(SEED.read_text("utf-8"))
    assert article.title.startswith("Експерти от Стара Загора участваха")
    assert article.title.endswith("в рамките на проект INNOGROW")
    assert article.body.count("<p>") == article.body.count("</p>") == 4
    assert article.body.startswith("<p>На 22.02.2018 (четвъртък)")
    assert article.body.endswith("достъп до нови пазари.</p>")
    assert article.rights == "Copyright © 2024 Стара Загора днес. Всички права запазени."
    assert article.published is None
    assert article.summary == ""


def test_a_page_pasted_with_everything_around_it() -> None:
    article = read(
        f"""{TITLE}

MARISHKIVESTI.BG
*
03.02.2026 | 14:20
Автор: Десислава Минкова
8812345{FIRST}

{SECOND}

Какво предстои

{THIRD}
Снимка: Архив
#
бутони за споделяне

Още новини
Пожар край Раднево
Спират водата в три села
Copyright © 2026 Маришки вести. Всички права запазени. ЗА КОНТАКТИ: E-mail: vesti@example.bg
Powered by уеб дизайн"""
    )
    assert article.title == TITLE
    assert article.body == f"<p>{FIRST}</p><p>{SECOND}</p><h2>Какво предстои</h2><p>{THIRD}</p>"
    assert article.rights == "Copyright © 2026 Маришки вести. Всички права запазени."
    assert article.authors == ("Десислава Минкова",)
    assert article.published == datetime(2026, 2, 3, 12, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "body"),
    [
        (f"{TITLE}\n\n{FIRST}\n\n{SECOND}\n", f"<p>{FIRST}</p><p>{SECOND}</p>"),
        (f"{TITLE}\r\n{FIRST}\r\n{SECOND}\r\n", f"<p>{FIRST}</p><p>{SECOND}</p>"),
        (f"\ufeff{TITLE}\n\n\n\n{FIRST}", f"<p>{FIRST}</p>"),
        (
            f"# {TITLE}\n\n{FIRST}\n\n## Подробности\n\n{SECOND}",
            f"<p>{FIRST}</p><h2>Подробности</h2><p>{SECOND}</p>",
        ),
        (f"Заглавие: {TITLE}\n{FIRST}", f"<p>{FIRST}</p>"),
        (
            f"{TITLE}\n\n{FIRST}\nСредствата са за:\n- пътища\n- училища\n• читалища\n{SECOND}",
            f"<p>{FIRST}</p><p>Средствата са за:</p><ul><li>пътища</li><li>училища</li><li>читалища</li></ul><p>{SECOND}</p>",
        ),
        (
            f"{TITLE}\n\n{FIRST}\n\n1. пътища\n2. училища\n\n{SECOND}",
            f"<p>{FIRST}</p><ol><li>пътища</li><li>училища</li></ol><p>{SECOND}</p>",
        ),
        (
            f"{TITLE}\n\n{FIRST}\n\n– Доволен ли сте?\n– Да, разбира се.\n– Благодаря ви!",
            f"<p>{FIRST}</p><p>– Доволен ли сте?</p><p>– Да, разбира се.</p><p>– Благодаря ви!</p>",
        ),
        (
            f"{TITLE}\n\n{FIRST}\n\nОще на https://example.bg/бюджет и на info@example.bg.",
            f'<p>{FIRST}</p><p>Още на <a href="https://example.bg/%D0%B1%D1%8E%D0%B4%D0%B6%D0%B5%D1%82">'
            'https://example.bg/бюджет</a> и на <a href="mailto:info@example.bg">info@example.bg</a>.</p>',
        ),
        (
            f"{TITLE}\n\nОбщинският съвет прие бюджета за новата година с 14 гласа\n„за“ и три „въздържал се“. "
            f"Най-много пари отиват за образование\nи за ремонт на пътищата.\n\n{SECOND}",
            f"<p>{FIRST[:-1]}. Най-много пари отиват за образование и за ремонт на пътищата.</p><p>{SECOND}</p>",
        ),
        (
            f"{TITLE}\n\n{FIRST}\n\nА < Б & В > Г, каза той.",
            f"<p>{FIRST}</p><p>А &lt; Б &amp; В &gt; Г, каза той.</p>",
        ),
    ],
)
def test_the_shapes_of_texts(text: str, body: str) -> None:
    article = read(text)
    assert article.title == TITLE
    assert article.body == body


def test_bytes_in_windows_1251() -> None:
    text = f"{TITLE}\n\n{FIRST}\n\n{SECOND}"
    assert read_text(text.encode("windows-1251"), "vest.txt", "bg", NOW, SOFIA) == read(text)


def test_a_text_without_a_title_takes_the_files_name_or_its_first_sentence() -> None:
    long = f"{FIRST} {SECOND} {THIRD} {FIRST}"
    assert read(long, "Бюджетът на Гълъбово.txt").title == "Бюджетът на Гълъбово"
    assert read(long, "1.txt").title == FIRST.rstrip(".")


@pytest.mark.parametrize("text", ["", "\n \n", "Заглавие", "*\n#\necho", "Заглавие\n\nКратко.", "123 456"])
def test_a_text_without_an_article_is_named(text: str) -> None:
    with pytest.raises(NoArticleError, match=r"vest\.txt"):
        read(text)


def test_a_text_that_is_html_is_read_as_html() -> None:
    assert read(f"<html><body><h1>{TITLE}</h1><p>{FIRST}</p></body></html>").body == f"<p>{FIRST}</p>"


def test_a_saved_page() -> None:
    page = f"<html><head><title>x</title></head><body><h1>{TITLE}</h1><p>{FIRST}</p><p><a href='/x'>{SECOND}</a></p></body></html>"
    article = read_html_file(page.encode("windows-1251"), "x.html", "bg", NOW, SOFIA)
    assert article.title == TITLE
    assert article.url == ""
    assert article.body == f"<p>{FIRST}</p><p>{SECOND}</p>"


@pytest.mark.parametrize("page", ["", "<html></html>", "<p>Кратко.</p>"])
def test_a_saved_page_without_an_article_is_named(page: str) -> None:
    with pytest.raises(NoArticleError, match=r"x\.html"):
        read_html_file(page, "x.html", "bg", NOW, SOFIA)


PIECES = st.sampled_from(
    [
        TITLE,
        FIRST,
        SECOND,
        "\n",
        "\n\n",
        "- ",
        "1. ",
        "•",
        "12.03.2026",
        "Още новини",
        "Коментари",
        "©",
        "#",
        "Автор: ",
        " ",
        "\t",
        "Снимка: X",
        "http://",
        "www.",
        "@",
        "<b>",
        "&",
        "\x00",
        "\ud800",
        "я" * 300,
        "A",
        "7" * 12,
        "„",
        "…",
    ]
)


@given(st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=25).map("".join))
@settings(max_examples=200, deadline=None)
def test_any_text_gives_an_article_or_says_that_it_holds_none(text: str) -> None:
    try:
        article = read(text)
    except NoArticleError:
        return
    assert article.title
    assert article.body
