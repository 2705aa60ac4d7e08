"""Which words of a translated sentence an element stood on."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicator.translation import inline
from syndicator.translation.inline import (
    Place,
    apart,
    covers_all,
    find_alone,
    find_probed,
    last_word,
    probe,
    whole,
)

SOURCE = "Експерти от Стара Загора участваха в среща."


def place_of(words: str, text: str) -> Place:
    return Place(text.index(words), text.index(words) + len(words))


def words_at(place: Place | None, text: str) -> str | None:
    return text[place.start : place.end] if place else None


def test_probe_marks_the_span() -> None:
    assert (
        probe(SOURCE, place_of("Стара Загора", SOURCE)) == "Експерти от (1)Стара Загора(2) участваха в среща."
    )


@pytest.mark.parametrize(
    ("alone", "target", "found"),
    [
        ("Stara Zagora", "Experts from Stara Zagora took part.", "Stara Zagora"),
        ("stara zagora.", "Experts from Stara Zagora took part.", "Stara Zagora"),
        (
            "Stara Zagorа",
            "Experts from Stara Zagora took part.",
            "Stara Zagora",
        ),  # a Cyrillic а: nearly alike
        ("Old Zagora", "Experts from Stara Zagora took part.", None),
        ("art", "Experts took part.", None),  # not inside a word
        ("", "Experts took part.", None),
    ],
)
def test_words_found_by_their_own_translation(alone: str, target: str, found: str | None) -> None:
    at = place_of("Стара Загора", SOURCE)
    assert words_at(find_alone(alone, SOURCE, at, target), target) == found


def test_of_equal_words_the_one_nearest_to_the_source_place_wins() -> None:
    source, target = "Град до град и още един град.", "City by city and one more city."
    assert find_alone("city", source, Place(7, 11), target) == Place(8, 12)
    assert find_alone("city", source, Place(24, 28), target) == Place(26, 30)


def test_rough_likeness_counts_only_when_asked_for() -> None:
    source, target = "Виж регионалната политика тук.", "See the regional policies here."
    at = place_of("регионалната политика", source)
    assert find_alone("regional politics", source, at, target) is None
    found = find_alone("regional politics", source, at, target, least=inline.ROUGH)
    assert words_at(found, target) == "regional policies"


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("Experts from (1)Stara Zagora(2) took part.", "Stara Zagora"),
        ("Experts from ( 1 ) Stara Zagora ( 2 ) participated.", "Stara Zagora"),
        ("Experts from (1)(2) took part.", "Stara Zagora"),
        ("Experts from Stara Zagora took part.", None),
        ("", None),
    ],
)
def test_words_found_by_a_probe(answer: str, found: str | None) -> None:
    target = "Experts from Stara Zagora took part."
    assert words_at(find_probed(answer, target), target) == found


def test_span_over_the_whole_sentence() -> None:
    assert covers_all("„Тук.“", Place(1, 5))
    assert not covers_all("Виж тук.", Place(4, 7))
    assert whole("Тук.", Place(0, 3), "Here.") == Place(0, 4)
    assert whole("Тук.", Place(0, 4), "Here.") == Place(0, 5)
    assert whole("Тук.", Place(0, 3), "…") == Place(0, 1)


def test_last_word() -> None:
    assert words_at(last_word("See it here!"), "See it here!") == "here"
    assert last_word("→ →") == Place(0, 3)


TARGETS = st.text(alphabet="ab ", min_size=8, max_size=20).filter(str.strip)


@settings(max_examples=100, deadline=None)
@given(TARGETS, st.lists(st.tuples(st.integers(0, 7), st.integers(1, 8)), max_size=6))
def test_links_are_put_apart(target: str, drawn: list[tuple[int, int]]) -> None:
    places = apart([Place(start, min(len(target), start + length)) for start, length in drawn], target)
    assert len(places) == len(drawn)
    ordered = sorted(places, key=lambda place: place.start)
    assert all(0 <= place.start < place.end <= len(target) for place in places)
    assert all(one.end <= other.start for one, other in pairwise(ordered))
