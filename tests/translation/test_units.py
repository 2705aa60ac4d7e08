"""Sentences that are too long for a local model are cut at their pauses, and joined again."""

from hypothesis import given
from hypothesis import strategies as st

from syndicator.translation.units import LONGEST, LONGEST_WORD, Unit, join, units

WORDS = st.lists(
    st.text(alphabet="абв,;:-", min_size=1, max_size=9) | st.just("х" * (LONGEST_WORD + 1)), max_size=400
)


@given(WORDS)
def test_every_part_is_bounded_and_together_they_are_the_sentence(words):
    parts = units(" ".join(words))
    assert " ".join(part.text for part in parts) == " ".join(words)
    for part in parts:
        assert part.untouched or len(part.text.split()) <= LONGEST
        assert part.untouched == (len(part.text) > LONGEST_WORD and " " not in part.text)


def test_a_short_sentence_is_one_part():
    assert units("Вино, мед и хляб.") == (Unit("Вино, мед и хляб."),)


def test_a_long_one_is_cut_at_the_pause_nearest_to_its_middle():
    sentence = " ".join([*["дума"] * 40, "край,", *["дума"] * 50, "край;", *["дума"] * 60])
    assert [len(part.text.split()) for part in units(sentence)] == [41, 51, 60]


def test_without_a_pause_it_is_cut_all_the_same():
    assert [len(part.text.split()) for part in units("дума " * 150)] == [75, 75]


def test_parts_join_as_one_sentence():
    parts = (Unit("който дойде,", ","), Unit("и видя -", "-"), Unit("Иван остана."))
    answers = ["Who came.", "And saw.", "Ivan stayed."]
    assert join(parts, answers) == "Who came, and saw - Ivan stayed."
    assert join((Unit("а;", ";"), Unit("аз знам")), ["Oh;", "I know"]) == "Oh; I know"
