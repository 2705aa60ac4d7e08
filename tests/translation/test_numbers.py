"""Numbers survive translation, whatever way each language writes them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicator.translation.numbers import missing_numbers, numbers

SAME = [
    ("1 000 000 лв.", "BGN 1,000,000", "en"),
    ("1,5 млн.", "1.5 million", "en"),
    ("1.234,50 лв.", "1,234.50 leva", "en"),
    ("22.02.2018", "02/22/2018", "en"),
    ("в 17:00 ч.", "at 5 pm", "en"),
    ("в 17,30 ч.", "at 5:30 pm", "en"),
    ("в 0:15 ч.", "at 12:15 am", "en"),
    ("2 страни", "two countries", "en"),
    ("21 души", "twenty-one people", "en"),
    ("200 души", "two hundred people", "en"),
    ("5000 души", "5 thousand people", "en"),
    ("през 1990 г.", "in the '90s: '90", "en"),
    ("19-ти век", "XIX century", "en"),
    ("3 души", "tre persone", "it"),
    ("1.5 km", "1,5 km", "it"),
    ("17 и 5", "5 and 5", "en"),
]
CHANGED = [
    ("12 страни", "13 countries", "en", ("12",)),
    ("2,4 млн.", "24 million", "en", ("2,4",)),
    ("2018 г.", "the year", "en", ("2018",)),
    ("5 и 5", "5", "en", ("5",)),
    ("17 и 5 и 5", "5 and five", "en", ("17",)),
    ("12 души", "dodici", "en", ("12",)),
]


@pytest.mark.parametrize(("source", "target", "language"), SAME)
def test_same_number_in_another_form(source: str, target: str, language: str) -> None:
    assert missing_numbers(source, target, language) == ()


@pytest.mark.parametrize(("source", "target", "language", "missing"), CHANGED)
def test_missing_number_is_named_as_written(
    source: str, target: str, language: str, missing: tuple[str, ...]
) -> None:
    assert missing_numbers(source, target, language) == missing


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="0123456789.,: \u00a0аX/-", max_size=30))
def test_a_text_misses_none_of_its_own_numbers(text: str) -> None:
    assert missing_numbers(text, text, "en") == ()
    assert all(written in text for _, written in numbers(text))


def test_digits_without_end_are_no_trouble() -> None:
    assert missing_numbers("9" * 5000, "", "en") == ("9" * 5000,)
