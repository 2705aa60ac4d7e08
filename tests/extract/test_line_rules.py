"""Every rule of the line cleaner has a page on which it drops a line, and none of its patterns backtracks."""

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from syndicator.extract.boilerplate import RULES, Line, judge, judge_whole
from syndicator.extract.page import read_page
from syndicator.model import Dropped, FetchedDocument, SiteRules, Validators
from syndicator.text.html import plain_text

HERE = Path(__file__).parent
TEXT = """Доброволци засадиха хиляда и двеста фиданки върху опожарения склон над селото за една събота.
Разсадникът обеща още толкова за наесен, а горските служители ще пазят младата гора с ограда."""
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


def read(page: Path) -> tuple[list[Dropped], str]:
    """Return what is dropped on a page, by which rule, and the text that remains."""
    dropped: list[Dropped] = []
    url = f"https://vesti.example/{page.stem}"
    document = FetchedDocument(url, url, 200, page.read_bytes(), "text/html", Validators("", ""), NOW)
    article = read_page(document, SiteRules(), "bg", NOW, ZoneInfo("Europe/Sofia"), dropped)
    return dropped, plain_text(article.body)


def page_of(rule: str) -> Path:
    """Return the page in lines/ that shows a rule."""
    return HERE / "lines" / f"{re.sub('[^a-z]+', '_', rule)}.html"


@pytest.mark.parametrize("rule", sorted({rule.name for rule in RULES}))
def test_a_rule_drops_a_line_of_its_page_and_nothing_else(rule: str) -> None:
    dropped, text = read(page_of(rule))

    assert [one.rule for one in dropped if one.rule.startswith("line: ")] == [f"line: {rule}"]
    assert text == TEXT


def test_every_page_shows_a_rule() -> None:
    assert sorted(HERE.glob("lines/*.html")) == sorted({page_of(rule.name) for rule in RULES})


PIECES = (
    *(
        "прочетена ",
        "сподели ",
        "във ",
        "Facebook ",
        "12 март ",
        "12.03.2026",
        " | ",
        "– ",
        "(",
        "[",
        "\t",
        "   ",
        "1 ",
        "1,",
    ),
    *(
        "от Иван ",
        "Иван ",
        "снимка: ",
        "препечатване ",
        "материал ",
        "още новини ",
        "начало | ",
        "A+ ",
        "★",
        "коментари ",
    ),
    *(
        "публикувана ",
        "бисквитки ",
        "сайта ",
        "тази ",
        "#а ",
        "www.а",
        "a.",
        "a-",
        ": ",
        "час ",
        "г. ",
        "«",
        "»",
        "...",
    ),
)


@pytest.mark.parametrize("number", range(len(RULES)))
def test_a_pattern_does_not_backtrack_without_end(number: int) -> None:
    """A line of the longest length that is judged, in repetitions of words that patterns know.

    Exponential backtracking would take minutes: the run's own time limit, not a measured time, is the judge.
    """
    rule = RULES[number]
    for piece in PIECES:
        rule.pattern.fullmatch(piece * (rule.longest // len(piece)) + "\u00a7")


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=40).map("".join), st.booleans(), st.booleans())
@example(
    text=f"сподели във снимка: {'прочетена ' * 5}сподели във във  | прочетена ", is_head=False, is_tail=True
)
def test_any_line_is_judged_the_same_twice_and_in_parts(text: str, is_head: bool, is_tail: bool) -> None:
    line = Line(text, is_head, is_tail)

    rule = judge_whole(line)

    assert judge_whole(Line(f"  {text} ", is_head, is_tail)) == rule
    if judge(line) is not None:
        assert rule == judge(line)
        assert len(" ".join(text.split())) <= judge(line).longest
        assert judge(Line(text, True, True, True)) is not None


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet=st.sampled_from("аб вг.,АБ«»12 –"), min_size=130, max_size=400))
def test_a_long_sentence_of_no_known_words_is_never_dropped(text: str) -> None:
    assert judge_whole(Line(f"Кметът каза {text} хората", True, True)) is None
