"""What an engine must not touch is hidden from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicator.translation.protect import addresses, mask, needs_no_translation

KEEP = ("INNOGROW", "INTERREG EUROPE")


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Пишете на a.b@c.bg, моля.", ["a.b@c.bg"]),
        ("Вижте https://a.bg/x?y=1. Край", ["https://a.bg/x?y=1"]),
        ("Вижте (www.a.bg/път), край", ["www.a.bg/път"]),
        ("От @stzagora за проекта INNOGROW", ["@stzagora", "INNOGROW"]),
        ("Програма INTERREG  EUROPE и INNOGROWTH", ["INTERREG  EUROPE"]),
        ("Нищо особено в 12:00 ч.", []),
        ("INNOGROW", []),  # tokens alone are nothing to translate
    ],
)
def test_hides_addresses_and_names(text: str, hidden: list[str]) -> None:
    masked = mask(text, KEEP)
    assert [original for _, original in masked.tokens] == hidden
    assert not any(original in masked.text for original in hidden)
    assert masked.restore(masked.text) == text


def test_more_than_six_masks_are_all_different() -> None:
    text = "Адреси: " + ", ".join(f"a{n}@b.bg" for n in range(40))
    masked = mask(text)
    assert len({token for token, _ in masked.tokens}) == 40
    assert masked.restore(masked.text) == text


def test_a_token_that_stands_in_the_text_is_not_used() -> None:
    masked = mask("Модел XQ7 на a@b.bg")
    assert masked.restore(masked.text) == "Модел XQ7 на a@b.bg"


@pytest.mark.parametrize("answer", ["", "See.", "XQ7 and XQ7", "XQ70", "xq7"])
def test_lost_or_doubled_token_is_told(answer: str) -> None:
    assert mask("Вижте a@b.bg.").restore(answer) is None


def test_restored_where_the_engine_put_it() -> None:
    assert mask("Вижте a@b.bg и @cd.").restore("To XZ7, then XQ7!") == "To @cd, then a@b.bg!"


PIECES = st.sampled_from(
    ["a@b.bg", "@cd", "https://a.bg/x", "www.a.bg", "INNOGROW", "виж", " ", ".", "XQ7", "+", "/", "!!", "7"]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=40))
def test_restoring_the_masked_text_gives_the_text(text: str) -> None:
    masked = mask(text, (*KEEP, "!!", " "))
    assert masked.restore(masked.text) == text


@pytest.mark.parametrize(
    ("text", "cyrillic", "expected"),
    [
        ("INTERREG Europe 2014–2020", True, True),
        ("12:00", True, True),
        ("Проект", True, False),
        ("INNOGROW", False, True),
        ("a@b.bg, 12.5 %", False, True),
        ("Project", False, False),
    ],
)
def test_what_reads_the_same_in_every_language(text: str, cyrillic: bool, expected: bool) -> None:
    assert needs_no_translation(text, cyrillic, KEEP) is expected


def test_addresses_in_order() -> None:
    assert addresses("x@y.bg, https://a.bg.") == ("x@y.bg", "https://a.bg")
