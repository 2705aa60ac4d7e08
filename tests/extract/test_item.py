"""What feeds carry of an article, and what their pages add."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from syndicator.errors import NoArticleError
from syndicator.extract.item import article_from_item, complete, needs_page
from syndicator.model import Article, Attachment, FeedItem, Image

FIRST = "Общинският съвет прие бюджета за новата година с 14 гласа „за“ и три „въздържал се“."
SECOND = "Най-много средства отиват за образование и за ремонт на пътищата, съобщи кметът."
BODY = f"<p>{FIRST}</p><p>{SECOND}</p>"
LONG = "".join(f"<p>{FIRST} {SECOND} Абзац {i}.</p>" for i in range(5))
DATE = datetime(2026, 2, 3, 12, 20, tzinfo=UTC)
ITEM = FeedItem(key="7", url="https://vesti.example/7", title="Гълъбово прие бюджета", summary="", content="")
PAGE = Article(
    title="Гълъбово прие бюджета за 2026",
    summary="",
    body=BODY,
    language="bg",
    url="https://vesti.example/novini/7",
)


@pytest.mark.parametrize(
    ("summary", "content", "wanted"),
    [
        ("", "", True),
        (f"<p>{FIRST}</p>", "", True),
        (f"<p>{FIRST} [&hellip;]</p>", "", True),
        (f"{FIRST[:50]}...", "", True),
        (f"{FIRST} <a href='/7'>Прочетете още</a>", "", True),
        (f"{FIRST} Read more", "", True),
        (LONG, "", False),
        (FIRST, LONG, False),
        (FIRST, BODY, False),
        ("", BODY, False),
        (FIRST, f"<p>{FIRST}</p>", True),
        (FIRST, f"<p>{FIRST} {SECOND}</p>", True),
        (LONG, LONG, False),
        (FIRST, f"{LONG}<p>The post <a>Бюджет</a> appeared first on <a>Вести</a>.</p>", False),
        (FIRST, f"<p>{FIRST} {SECOND}</p><p>{FIRST} […]</p>", True),
        (FIRST, f"<p>{FIRST}</p><p>The post <a>Бюджет</a> appeared first on <a>Вести</a>.</p>", True),
    ],
)
def test_a_page_is_fetched_only_for_what_the_feed_lacks(summary: str, content: str, wanted: bool) -> None:
    assert needs_page(replace(ITEM, summary=summary, content=content)) is wanted


def test_an_article_of_a_full_item() -> None:
    content = (
        '<div><img src="/i/1.jpg" alt="Залата" class="wp-post-image"></div>'
        f"<p>{FIRST}</p><h1>Числа</h1><p>{SECOND} Още <a href='budget.pdf'>тук</a>.</p>"
        '<p>Снимка: БТА</p><div class="sharedaddy"><a href="#">Facebook</a></div>'
        '<p>The post <a href="/7">Бюджет</a> appeared first on <a href="/">Вести</a>.</p>'
        '<img src="https://feeds.feedburner.com/~r/vesti/~4/abc" height="1" width="1" alt="">'
    )
    item = replace(
        ITEM,
        summary="Ремонти на пътища и училища в бюджета на Гълъбово.",
        content=content,
        published=DATE,
        tags=("бюджет", "Бюджет"),
        authors=("admin", "Ана Илиева"),
    )
    article = article_from_item(item, "bg", "https://vesti.example/novini/7")
    assert article == Article(
        title="Гълъбово прие бюджета",
        summary="Ремонти на пътища и училища в бюджета на Гълъбово.",
        body=(
            '<p><img src="https://vesti.example/i/1.jpg" alt="Залата"></p>'
            f"<p>{FIRST}</p><h2>Числа</h2>"
            f'<p>{SECOND} Още <a href="https://vesti.example/novini/budget.pdf">тук</a>.</p>'
        ),
        language="bg",
        url="https://vesti.example/7",
        authors=("Ана Илиева",),
        published=DATE,
        image=Image("https://vesti.example/i/1.jpg", alt="Залата", credit="БТА", media_type="image/jpeg"),
        tags=("бюджет",),
        attachments=(
            Attachment("https://vesti.example/novini/budget.pdf", "budget.pdf", "application/pdf", "bg"),
        ),
    )


def test_a_description_with_a_picture_is_a_plain_summary() -> None:
    summary = (
        '<img src="/i/1.jpg" align="left"><p>Ремонти на пътища и училища в <b>бюджета</b> на Гълъбово.</p>'
    )
    article = article_from_item(replace(ITEM, summary=summary, content=BODY), "bg", ITEM.url)
    assert article.summary == "Ремонти на пътища и училища в бюджета на Гълъбово."


def test_a_summary_that_begins_the_body_is_none() -> None:
    item = replace(ITEM, summary=f"<p>{FIRST[:40]}…</p>", content=LONG)
    assert article_from_item(item, "bg", ITEM.url).summary == ""
    assert article_from_item(replace(item, summary=FIRST), "bg", ITEM.url).summary == ""


def test_a_cut_summary_of_its_own_keeps_its_whole_sentences() -> None:
    summary = "Ремонти на пътища и училища са в бюджета на Гълъбово. Повече пари ще има и за..."
    assert article_from_item(replace(ITEM, summary=summary, content=LONG), "bg", ITEM.url).summary == (
        "Ремонти на пътища и училища са в бюджета на Гълъбово."
    )


def test_an_item_with_text_only_in_its_summary() -> None:
    article = article_from_item(replace(ITEM, summary=LONG), "bg", ITEM.url)
    assert article.body == LONG
    assert article.summary == ""


def test_an_item_with_a_title_only() -> None:
    assert article_from_item(ITEM, "bg", ITEM.url).body == ""


def test_an_item_with_nothing_is_named() -> None:
    with pytest.raises(NoArticleError, match="7"):
        article_from_item(replace(ITEM, title=""), "bg", ITEM.url)


def test_a_page_completes_an_item() -> None:
    item = replace(
        ITEM,
        summary="Ремонти на пътища и училища в бюджета на Гълъбово.",
        published=DATE,
        tags=("бюджет",),
        rights="© Вести",
    )
    article = complete(item, PAGE)
    assert article.body == BODY
    assert article.title == "Гълъбово прие бюджета"
    assert article.url == "https://vesti.example/novini/7"
    assert article.summary == "Ремонти на пътища и училища в бюджета на Гълъбово."
    assert article.published == DATE
    assert article.tags == ("бюджет",)
    assert article.rights == "© Вести"


@pytest.mark.parametrize(
    ("of_item", "of_page", "wanted"),
    [
        (None, None, None),
        (DATE, None, DATE),
        (None, DATE, DATE),
        (DATE, DATE.replace(hour=0, minute=0), DATE),
        (DATE, DATE - timedelta(days=900), DATE - timedelta(days=900)),
    ],
)
def test_the_more_precise_date_wins(
    of_item: datetime | None, of_page: datetime | None, wanted: datetime | None
) -> None:
    assert complete(replace(ITEM, published=of_item), replace(PAGE, published=of_page)).published == wanted


def test_a_cut_title_gives_way_to_the_pages() -> None:
    assert complete(replace(ITEM, title="Гълъбово прие…"), PAGE).title == PAGE.title
    assert complete(replace(ITEM, title=""), PAGE).title == PAGE.title


def test_a_page_that_is_a_stub_does_not_replace_what_the_feed_carries() -> None:
    item = replace(ITEM, summary=BODY)
    assert needs_page(item)
    article = complete(item, replace(PAGE, body=f"<p>{FIRST}</p>"))
    assert article.body == BODY
    assert complete(item, replace(PAGE, body=LONG)).body == LONG
    cut = replace(ITEM, summary=f"<p>{FIRST}</p><p>{SECOND[:40]}…</p>")
    assert complete(cut, replace(PAGE, body=f"<p>{FIRST}</p>")).body == f"<p>{FIRST}</p>"
