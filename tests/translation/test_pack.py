"""Segments share requests."""

from hypothesis import given, settings
from hypothesis import strategies as st

from syndicator.translation.pack import first_fit


def test_fills_the_first_request_that_has_room() -> None:
    assert first_fit(["aaa", "bbbb", "c", "dd"], 5) == [["aaa", "c"], ["bbbb"], ["dd"]]


def test_text_over_the_limit_goes_alone() -> None:
    assert first_fit(["a", "b" * 9, "c"], 5) == [["a", "c"], ["b" * 9]]


def test_size_and_number_of_texts_are_the_engines_own() -> None:
    assert first_fit(["я", "ю", "a"], 13, size=lambda text: 6 if text > "z" else 1) == [["я", "ю", "a"]]
    assert first_fit(["a", "b", "c"], 100, max_texts=2) == [["a", "b"], ["c"]]


def test_no_texts_no_requests() -> None:
    assert first_fit([], 10) == []


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(max_size=9)), st.integers(1, 12), st.integers(0, 4))
def test_keeps_every_text_and_exceeds_no_limit(texts: list[str], characters: int, number: int) -> None:
    groups = first_fit(texts, characters, number)
    assert sorted(text for group in groups for text in group) == sorted(texts)
    for group in groups:
        assert group
        assert sum(map(len, group)) <= characters or len([text for text in group if text]) == 1
        assert not number or len(group) <= number
