"""A translation is derived from one that differs in numerals only where that is certain, else not."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicator.translation.substitution import masked, substitute

CERTAIN = [
    ("На 23 март е празник.", "23", "24", "The feast is on March 23.", "en", "The feast is on March 24."),
    ("Начало: 9:30 ч.", "9", "10", "It starts at 9:30.", "en", "It starts at 10:30."),
    ("Начало: 17:30 ч.", "30", "45", "Inizio alle 17:30.", "it", "Inizio alle 17:45."),
    ("Дадени са 3 000 лв.", "3", "2", "BGN 3,000 was given.", "en", "BGN 2,000 was given."),
    ("На 1 март е празник.", "1", "2", "The feast is on March 1.", "en", "The feast is on March 2."),
    ("Дойдоха 7 души.", "7", "8", "There came 7 people.", "en", "There came 8 people."),
    ("Снимка 05 от 12", "05", "06", "Picture 05 of 12", "en", "Picture 06 of 12"),
    ("Ръст от 3,5 %", "3,5", "2,7", "A rise of 3.5%", "en", "A rise of 2.7%"),
]
OPEN = {
    "the number stands twice": ("От 5 до 5 ч.", "От 6 до 5 ч.", "From 5 to 5", "en"),
    "one asks for the singular": ("Цена: 1 евро", "Цена: 2 евро", "Price: 1 euro", "en"),
    "an ordinal's ending": ("На 23 март", "На 24 март", "On the 23rd of March", "en"),
    "a number in words": ("Дойдоха 3 жени.", "Дойдоха 4 жени.", "There came three women.", "en"),
    "a twelve-hour clock": ("В 5:30 ч.", "В 17:30 ч.", "At 5:30 pm", "en"),
    "an article before a vowel": ("Ръст от 7 %", "Ръст от 8 %", "A 7 % rise", "en"),
    "an elided article": ("На 8 март", "На 9 март", "L'8 marzo", "it"),
    "the number in another form": ("Общо 5000 лв.", "Общо 6000 лв.", "A total of 5,000 leva", "en"),
    "several plurals": ("Дойдоха 3 жени.", "Дойдоха 5 жени.", "Przyszły 3 kobiety.", "pl"),
    "other words": ("На 23 март", "На 24 май", "On March 23", "en"),
    "a name with a number": ("Магистрала А1 е готова", "Магистрала А2 е готова", "The A1 is ready", "en"),
    "another grouping": ("Има 500 места", "Има 5000 места", "There are 500 seats", "en"),
    "other decimals": ("Ръст 9.5 %", "Ръст 9.45 %", "Up 9.5%", "en"),
    "a number for a house and a grouped one": ("Стаи 1 000 тук", "Стаи 1 30 тук", "Rooms 1,000 here", "en"),
    "the date in other figures": ("На 5.03.2024", "На 5.04.2024", "On March 5, 2024", "en"),
}


@pytest.mark.parametrize(("source", "old", "new", "answer", "language", "expected"), CERTAIN)
def test_what_is_certain(source: str, old: str, new: str, answer: str, language: str, expected: str) -> None:
    assert substitute(source.replace(old, new, 1), source, answer, language) == expected


@pytest.mark.parametrize("case", OPEN.values(), ids=list(OPEN))
def test_what_is_left_to_the_engine(case: tuple[str, str, str, str]) -> None:
    known, wanted, answer, language = case
    assert substitute(wanted, known, answer, language) is None


def test_two_numbers_may_change_places() -> None:
    assert substitute("От 7 до 9 ч.", "От 9 до 7 ч.", "From 9 to 7", "en") == "From 7 to 9"


def test_only_words_with_numerals_have_a_mask() -> None:
    assert masked("На 23.03. и 5-ти") == "На #.#. и #-ти"
    assert masked("Без числа") == ""
    assert masked("25 + 3") == ""
    assert masked("Стая #5") == "Стая  #"


NUMBERS = st.integers(2, 999).map(str)


@given(st.lists(NUMBERS, min_size=1, max_size=4, unique=True), st.data())
def test_what_is_derived_has_the_new_numbers_and_the_old_words(old: list[str], data: st.DataObject) -> None:
    new = data.draw(st.lists(NUMBERS, min_size=len(old), max_size=len(old)))
    known = " и ".join(f"зала {number}" for number in old)
    wanted = " и ".join(f"зала {number}" for number in new)
    answer = " and ".join(f"hall {number}" for number in old)
    made = substitute(wanted, known, answer, "en")
    if old == new:
        assert made is None
        return
    assert made is not None
    assert re.findall(r"\d+", made) == new
    assert masked(made) == masked(answer)


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_any_text_is_borne(wanted: str, known: str, answer: str) -> None:
    made = substitute(wanted, known, answer, "en")
    assert made is None or masked(made) == masked(answer)
