"""The benchmark's judge must find what is wrong: a judge that passes everything measures nothing."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from corpus_articles import Block, Line, MadeArticle, Span
from engine_tap import first_fit
from judge import Expected, Standard, judge_feed
from published_tree import PublishedEntry, read_html

FIRST = "Моста го откриха вчера."
SECOND = "Три нови лодки чакат край брега."
ITEM = "червена лодка"
LINKED = Line(SECOND, Span("a", 4, 13, "/lodki"))
ARTICLE = MadeArticle(7, "Нов мост", (Block("p", (Line(FIRST), LINKED)), Block("ul", (Line(ITEM),))))
STANDARD = Standard(
    "en",
    {
        "Нов мост": Expected(("New bridge",)),
        FIRST: Expected(("The bridge was opened yesterday.",)),
        SECOND: Expected(("Three new boats wait by the shore.",)),
        ITEM: Expected(("red boat",)),
    },
    frozenset({"сподели"}),
    {7: "https://a.example/7"},
)
GOOD = PublishedEntry(
    id="tag:7",
    title="New bridge",
    summary="[Machine translation] The bridge was opened yesterday.",
    content=(
        '<p><em>Machine-translated from Bulgarian. Original: <a href="https://a.example/7">A</a></em></p>'
        '<p>The bridge was opened yesterday. <a href="https://a.example/lodki">Three new boats</a> wait by '
        "the shore.</p><ul><li>red boat</li></ul>"
    ),
    links=("https://a.example/7",),
    alternates=1,
    updated="2026-11-24T08:00:00Z",
)


def verdict_on(entry: PublishedEntry):
    return judge_feed([entry], [ARTICLE], STANDARD).entries[7]


def test_a_right_entry_is_clean():
    verdict = verdict_on(GOOD)
    assert verdict.is_clean, verdict.flaws()


@pytest.mark.parametrize(
    ("wrong", "flaw"),
    [
        (("New bridge", "A new bridge", "title"), "title"),
        (("opened yesterday. <a", "opened today. <a", "content"), "missing"),
        (("red boat", "red boat</li><li>Сподели във Facebook", "content"), "junk"),
        (("<p>The", "<p>Somebody wrote this. The", "content"), "stray"),
    ],
    ids=["title", "sentence", "share button", "foreign sentence"],
)
def test_each_flaw_is_found(wrong: tuple[str, str, str], flaw: str):
    old, new, field = wrong
    verdict = verdict_on(replace(GOOD, **{field: getattr(GOOD, field).replace(old, new)}))
    assert not verdict.is_clean
    assert any(told.startswith(flaw) for told in verdict.flaws())


def test_what_is_left_in_cyrillic_is_found():
    untranslated = replace(GOOD, content=GOOD.content.replace("red boat", "лодка"), cyrillic=("лодка",))
    assert verdict_on(untranslated).cyrillic


def test_order_counts():
    content = (
        '<p><a href="https://a.example/lodki">Three new boats</a> wait by the shore. The bridge was opened '
        "yesterday.</p><ul><li>red boat</li></ul>"
    )
    assert verdict_on(replace(GOOD, content=content)).disorder


def test_html_is_read_as_readers_show_it():
    reading = read_html('<p>a <strong>b</strong></p><img src="x.png" alt="c"><ul><li>d</li><li>e</li></ul>')
    assert reading.text.split("\n")[:4] == ["a b", "c", "d", "e"]
    assert reading.list_items == 2
    assert reading.pictures == ["x.png"]


def test_first_fit_counts_requests():
    assert first_fit([600, 500, 400, 500], 1000) == 2
