"""Where sentences end: a wrong cut costs more than a missed one."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicator.translation.segment import normalised, sentences, split

# One row a text; "|" marks where it must be cut, and nowhere else.
CUT = """
Проектът приключи. | Документите са готови.
Проектът приключи през 2018 г. | Документите са готови.
Наградата е 500 лв. | Участниците бяха десет.
Той е жив от 1950 г. насам. | След това замина.
През 2018 г. Община Стара Загора кандидатства.
На 22.02.2018 г. Участниците се срещнаха в Мантуа.
На 22 февруари 2018 г. В Мантуа, Италия, се проведе среща.
На 22.02. АРИР организира среща.
От 12:00 ч. Агенцията отваря врати.
Входът е от 12:00 ч. | След това има концерт.
Събитието е от 18.30 ч. в зала 3. | След това има концерт.
И. Вазов и П. Р. Славейков са приятели. | Те пишат.
През 2018 г. И. Вазов беше преиздаден.
Д-р Петров, проф. Иванов и инж. Колева участваха.
Живее на ул. „Цар Симеон“ 5, бул. Руски 7, гр. Стара Загора. | Тел. 042 123.
По чл. 5, ал. 2, т. 3 от ЗОП се плаща. | Виж стр. 12 и фиг. 3.
Това е т.нар. Западна Тракия, а т. нар. Пакт е друго.
Пшеница, царевица и т. н. | Участниците бяха доволни.
Градът е от 5 в. пр. н. е. Тракийски е.
Фирма „Ерима и Ко.“ Стара Загора спечели.
Роден е в Сопот (1850 г.) Иван Вазов.
Той обяви (!) Иван за крал, а (какво чудо!) Мария за кралица.
Това е ясно (виж стр. 5). | После тръгнаха.
(Това е ясно.) | После тръгнаха.
Цената е 3.5 лв. за брой и 25.000 лв. за всички.
Това струва 100 лв. 20 на сто е данък.
Вижте www.abc.bg. | Или https://abc.bg/a.html?x=1. | Пишете на a.b@c.bg.
Той спря... | После тръгна… | И пак спря.
Той спря... и тръгна.
„Къде?“ – попита тя. | – Навън! | – Ела!
Каза: „Не зная.“ | После мълча.
Каза: „Не зная.” | “Добре.” | Край
"Кой?" попита той. | "Аз." | Край.
1. Иван дойде. | 2. Мария също.
Завърши на място 12. | След това почиваше.
Това беше през 2018. | Иван е роден тогава.
Ура! | Победа! | Наистина ли?
Mr. Smith met Dr. Jones at 5 p.m. in St. Louis. | They talked.
He lives in the U.S. | The rest do not.
Il sig. Rossi e il dott. Bianchi. | L'art. 5 dice no.
"""


@pytest.mark.parametrize("row", CUT.strip().splitlines())
def test_cuts_at_sentence_ends_only(row: str) -> None:
    expected = tuple(row.split(" | "))
    assert split(" ".join(expected)) == expected


def test_blank_text_has_no_sentences() -> None:
    assert split("") == split(" \n ") == ()


PIECES = st.sampled_from(
    [
        "Иван",
        "г",
        "И",
        ".",
        "!",
        "…",
        "?",
        " ",
        "\n",
        "„",
        "“",
        '"',
        "(",
        ")",
        "–",
        "12",
        "2018",
        "т",
        "н",
        "a",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=60))
def test_slices_cover_every_character_but_blanks_between(text: str) -> None:
    at = 0
    for start, end in sentences(text):
        assert not text[at:start].strip()
        assert text[start:end] == text[start:end].strip() != ""
        at = end
    assert not text[at:].strip()


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40))
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalised(text)
    assert normalised(once) == once
    assert not re.search(r"\s\s", once)


@pytest.mark.parametrize(
    "text",
    [
        "(a. Б " * 5000,
        ". " + "(" * 5000 + "!",
        "." * 50000 + "Б",
        "а" * 50000 + ". Б",
        "а." * 20000 + " Б",
        "на периода " * 5000 + "5 г. Б",
        '. "' * 5000,
    ],
)
def test_odd_texts_take_no_longer_than_others(text: str) -> None:
    began = time.process_time()
    sentences(text)
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("written", "remembered"),
    [
        ("и\u0306", "й"),
        ("раз\u00adдел\u200b", "раздел"),
        ("a\u00a0 \n b", "a b"),
        ("👩\u200d🌾 работи", "👩\u200d🌾 работи"),
    ],
)
def test_normalised_form(written: str, remembered: str) -> None:
    assert normalised(written) == remembered
