# ruff: noqa: E501 (markup and sentences read better unbroken)
"""Is it changed, ours, wanted, an article?"""

from dataclasses import replace

import pytest

from syndicator.extract.identity import content_hash, is_in_language, matches, too_short
from syndicator.model import Article, Image, Match

BODY = "<p>Общинският съвет прие бюджета за новата година с 14 гласа и ще го публикува в понеделник.</p>"
ARTICLE = Article(title="Бюджетът е приет", summary="", body=BODY, language="bg", url="https://a.example/1")


@pytest.mark.parametrize(
    "same",
    [
        replace(ARTICLE, body=BODY.replace(" ", "\n  ")),
        replace(ARTICLE, body=f" {BODY}\n"),
        replace(ARTICLE, title="Бюджетът  е приет"),
    ],
)
def test_whitespace_is_no_change(same: Article) -> None:
    assert content_hash(same) == content_hash(ARTICLE)


def test_a_pictures_version_is_no_change() -> None:
    one = replace(
        ARTICLE,
        body=BODY + '<p><img src="https://a.example/1.jpg?v=1"></p>',
        image=Image("https://a.example/1.jpg?v=1"),
    )
    other = replace(
        ARTICLE,
        body=BODY + '<p><img src="https://a.example/1.jpg?v=2"></p>',
        image=Image("https://a.example/1.jpg?v=2"),
    )
    assert content_hash(one) == content_hash(other)


@pytest.mark.parametrize(
    "other",
    [
        replace(ARTICLE, title="Бюджетът не е приет"),
        replace(ARTICLE, summary="Нещо"),
        replace(ARTICLE, body=BODY.replace("14", "15")),
        replace(ARTICLE, body=BODY.replace("бюджета", "<b>бюджета</b>")),
        replace(ARTICLE, tags=("бюджет",)),
        replace(ARTICLE, authors=("Ана",)),
        replace(ARTICLE, image=Image("https://a.example/2.jpg")),
        replace(ARTICLE, rights="© А"),
    ],
)
def test_what_readers_see_is_a_change(other: Article) -> None:
    assert content_hash(other) != content_hash(ARTICLE)


def test_the_hash_is_the_same_in_every_release() -> None:
    assert content_hash(ARTICLE) == "b3631bf225c0f2f6e980fdbfbc6cf705a47be2766c6bf26032571f18238010ad"


TEXTS = {
    "bg": "Общинският съвет прие бюджета за новата година и реши да се дадат повече пари за училищата, които са в ремонт.",
    "ru": "Городской совет принял бюджет на новый год и решил выделить больше денег на школы, которые сейчас ремонтируются.",
    "mk": "Градскиот совет го усвои буџетот за новата година и реши да се одвојат повеќе пари за училиштата што се обновуваат.",
    "sr": "Градско веће је усвојило буџет за нову годину и одлучило да издвоји више новца за школе које се обнављају.",
    "uk": "Міська рада прийняла бюджет на новий рік і вирішила виділити більше грошей на школи, які зараз ремонтуються.",
    "en": "The city council adopted the budget for the new year and decided to give more money to the schools that are under repair.",
    "it": "Il consiglio comunale ha approvato il bilancio per il nuovo anno e ha deciso di dare più soldi alle scuole in riparazione.",
    "pt": "A câmara municipal aprovou o orçamento para o novo ano e decidiu dar mais dinheiro às escolas que estão em obras.",
}


@pytest.mark.parametrize("language", ["bg", "en", "it", "pt"])
@pytest.mark.parametrize("text", TEXTS)
def test_languages_are_told_apart(text: str, language: str) -> None:
    article = replace(ARTICLE, title="", body=f"<p>{TEXTS[text]}</p>")
    assert is_in_language(article, language) is (text == language)


@pytest.mark.parametrize(
    "title", ["INNOGROW и INTERREG EUROPE: среща в Мантуа", "Бюджет 2026", "Честит празник!", "2:1"]
)
def test_a_doubtful_text_is_in_the_language(title: str) -> None:
    assert is_in_language(replace(ARTICLE, title=title, body=""), "bg")


def test_latin_names_in_a_bulgarian_text() -> None:
    body = f"{BODY}<p>Партньори са Provincia di Mantova, SZREDA и Regional Development Fund.</p>"
    assert is_in_language(replace(ARTICLE, body=body), "bg")


@pytest.mark.parametrize(
    ("match", "wanted"),
    [
        (Match(), True),
        (Match(any=("бюджет",)), True),
        (Match(any=("БЮДЖЕТИ",)), True),
        (Match(any=("община",)), False),
        (Match(any=("понеделници", "понеделник")), True),
        (Match(any=("съвет",)), True),
        (Match(any=("съветник",)), False),
        (Match(any=("новата година",)), True),
        (Match(any=("година новата",)), False),
        (Match(all=("бюджет", "съвет")), True),
        (Match(all=("бюджет", "спорт")), False),
        (Match(none=("спорт",)), True),
        (Match(none=("бюджет",)), False),
        (Match(any=("гол",)), False),
        (Match(any=("INTERREG",)), False),
        (Match(any=("14",)), True),
    ],
)
def test_keyword_filters(match: Match, wanted: bool) -> None:
    assert matches(ARTICLE, match) is wanted


def test_tags_and_latin_words_are_searched_without_regard_to_case() -> None:
    assert matches(replace(ARTICLE, tags=("Interreg Europe",)), Match(any=("INTERREG",)))
    assert not matches(replace(ARTICLE, title="Interregional"), Match(any=("INTERREG",)))


def test_a_caption_is_too_short_and_a_notice_is_not() -> None:
    assert too_short(replace(ARTICLE, body="<p>Снимка от площада.</p>"))
    assert too_short(replace(ARTICLE, body=""))
    assert not too_short(ARTICLE)
