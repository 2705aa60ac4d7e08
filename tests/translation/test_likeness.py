"""Segments that read nearly the same share marks; others do not."""

from hypothesis import given
from hypothesis import strategies as st

from syndicator.translation.likeness import MARKS_ASKED, likeness, marks

SENTENCE = "Мостът над реката в центъра на града беше отворен отново за движение във вторник."


def test_inflected_and_slightly_edited_sentences_share_marks() -> None:
    edited = "Мостовете над реката в центъра на града бяха отворени отново за движение в сряда."
    assert set(marks(SENTENCE, "bg")) & set(marks(edited, "bg", MARKS_ASKED))
    assert likeness(SENTENCE, edited) >= 80


def test_other_sentences_and_languages_share_none() -> None:
    other = "Търговците искат повече сянка и чешма с вода."
    assert not set(marks(SENTENCE, "bg")) & set(marks(other, "bg", MARKS_ASKED))
    assert not set(marks(SENTENCE, "bg")) & set(marks(SENTENCE, "mk", MARKS_ASKED))


def test_a_heading_is_found_by_its_single_words() -> None:
    assert set(marks("Новият мост", "bg")) & set(marks("Новият пазар", "bg"))


@given(st.text())
def test_marks_fit_the_databases_whole_numbers(text: str) -> None:
    assert all(0 <= mark < 1 << 63 for mark in marks(text, "bg"))
