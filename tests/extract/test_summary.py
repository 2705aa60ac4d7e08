"""Summaries that somebody wrote, and beginnings that a program cut off."""

import pytest

from syndicator.extract.summary import is_cut_off, own_summary, whole_sentences

TITLE = "Гълъбово прие бюджета"
BODY = (
    "Общинският съвет прие бюджета за новата година с 14 гласа. Повече пари ще има за училищата и пътищата."
)


@pytest.mark.parametrize(
    ("description", "summary"),
    [
        ("Училища и пътища  са в бюджета.", "Училища и пътища са в бюджета."),
        ("Общинският съвет прие бюджета за новата година с 14 гласа.", ""),
        ("Общинският съвет прие бюджета за нов…", ""),
        ("Общинският съвет прие бюджета за новата година с 14 гласа. Повече пари ще им", ""),
        ("Училища и пътища са в бюджета [...]", ""),
        ("Гълъбово прие бюджета", ""),
        ("Новини, спорт, обяви, времето, хороскопи", ""),
        ("News from Galabovo, budget adopted", ""),
        ("", ""),
    ],
)
def test_own_summary(description: str, summary: str) -> None:
    assert own_summary(description, TITLE, BODY, "bg") == summary


@pytest.mark.parametrize(
    ("text", "is_cut"),
    [
        ("Текст […]", True),
        ("Текст [&hellip;]".replace("&hellip;", "…"), True),
        ("Текст...", True),
        ("Текст. Прочетете още", True),
        ("Текст. Прочетете още.", True),
        ("Текст. Read more »", True),
        ("Continue reading Бюджет", True),
        ("Текст.", False),
        ("Какво още?", False),
        ("", False),
    ],
)
def test_is_cut_off(text: str, is_cut: bool) -> None:
    assert is_cut_off(text) is is_cut


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Първо. Второ! Трето и", "Първо. Второ!"),
        ("Само начало на", ""),
        ("Цяло.", "Цяло."),
        ("„Да.“ И още", "„Да.“"),
    ],
)
def test_whole_sentences(text: str, sentences: str) -> None:
    assert whole_sentences(text) == sentences


def test_blanks_inside_a_text_cost_nothing() -> None:
    assert not is_cut_off(f"Нов{' ' * 2_000}мост")  # shared out among the parts of a pattern, they took hours
