"""Moved, gone, copied, filtered, foreign: what becomes of an article's entry."""

from datetime import timedelta

import pytest

from syndicator.model import Content, FeedSpec, Match, OnGone, SourceKind
from tests.extract.test_likeness import EDITED, RELEASE

ENGLISH = (
    "The partners from Italy and Portugal met in the city hall to see how the young farmers of the region "
    "grow raspberries. They visited three farms and talked about the work that is to be done next year."
)


def inboxes(line, **changes):
    """Let two sources be inboxes, s and t, and return how to put a text into each."""
    line.sources = []
    for name in ("s", "t"):
        folder = line.inbox / name
        folder.mkdir()
        source = line.source(name, SourceKind.INBOX, path=str(folder), **changes.get(name, {}))
        line.sources.append(source)
    return lambda name, title, text: (line.inbox / name / "1.txt").write_text(f"{title}\n\n{text}\n")


def ids(line, language="bg", feed="all"):
    return [entry["id"] for entry in line.entries(language, feed)]


@pytest.mark.parametrize("change", ["guid stays", "no guid"])
def test_a_moved_address_keeps_the_id(line, website, change):
    website.items = [line.item(1)]
    line.cycle()
    (before,) = line.entries()
    moved = line.item(7, title=website.items[0].title, text=website.items[0].text)
    moved.guid = "item-1" if change == "guid stays" else "another"
    website.items = [moved]
    line.cycle(1)
    (after,) = line.entries()
    assert after["id"] == before["id"]
    assert after["url"] == before["url"], "our page keeps its address"
    assert after["external_url"].endswith("/7")
    assert after["date_modified"] > before["date_modified"]
    assert "corrected" not in after["_syndicator"], "nothing that readers had read was wrong"


def test_edits_of_a_file_keep_the_id(line):
    write = inboxes(line)
    write("s", "Нов център", RELEASE)
    line.cycle()
    (before,) = line.entries()
    write("s", "Нов център", RELEASE + "Допълнено с думи на кмета пред медиите.")
    line.cycle(1)
    (after,) = line.entries()
    assert (after["id"], len(line.entries())) == (before["id"], 1)
    assert after["date_modified"] > before["date_modified"]


@pytest.mark.parametrize("on_gone", OnGone)
def test_a_page_gone_for_a_day_withdraws_where_the_source_says_so_until_it_is_back(line, website, on_gone):
    website.items = [line.item(1)]
    page = f"{website.url}/1"
    line.sources = [line.source(kind=SourceKind.PAGE, url=page, on_gone=on_gone)]
    line.cycle()
    (before,) = line.entries()
    website.items[0].page_status = 410
    for hours, withdrawn in ((1, False), (23, False), (2, True)):
        line.cycle(hours)
        (entry,) = line.entries()
        assert entry["_syndicator"].get("withdrawn", False) is (withdrawn and on_gone is OnGone.WITHDRAW)
    website.items[0].page_status = 200
    website.items[0].title = "Поправено заглавие на новината"
    line.cycle(1)
    (back,) = line.entries()
    assert (back["id"], back["_syndicator"].get("withdrawn")) == (before["id"], None)


def test_of_copies_the_earliest_leads_and_a_feed_of_one_source_has_its_own(line):
    write = inboxes(line)
    line.feeds = [FeedSpec("all", {"": "A"}, ("bg",), ()), FeedSpec("t", {"": "T"}, ("bg",), ("t",))]
    write("s", "Нов център за предприемачи", RELEASE)
    write("t", "Откриха център", EDITED)
    cycle = line.cycle()
    assert sum(intake.duplicate for intake in cycle.intakes) == 1
    assert len(line.entries("bg")) == 1
    assert line.titles() != []
    assert len(line.entries("bg", "t")) == 1
    lead = line.titles()[0]
    line.withdraw(lead)
    line.cycle(1)
    assert len(line.entries("bg")) == 2  # the notice, and the copy that took its place
    line.erase(lead)
    line.cycle(1)
    assert [title for title in line.titles() if title != lead] == line.titles()
    assert len(line.titles()) == 1


def test_a_higher_priority_leads_among_those_that_come_together(line):
    write = inboxes(line, t={"priority": 5})
    write("s", "Нов център за предприемачи", RELEASE)
    write("t", "Откриха център", EDITED)
    line.cycle()
    assert line.titles() == ["Откриха център"]


def test_the_earliest_leads_among_those_that_come_together(line):
    write = inboxes(line)
    write("s", "Срещата в Мантуа\n\nПубликувано на 23.11.2026", EDITED)
    write("t", "Среща в Мантуа\n\nПубликувано на 20.11.2026", RELEASE)
    line.cycle()
    assert [entry["title"] for entry in line.entries("bg")] == ["Среща в Мантуа"]


def test_an_entry_that_stands_gives_way_to_no_priority(line):
    write = inboxes(line, t={"priority": 5})
    write("s", "Нов център за предприемачи", RELEASE)
    line.cycle()
    write("t", "Откриха център", EDITED)
    line.cycle(1)
    assert line.titles() == ["Нов център за предприемачи"]


def test_an_edit_that_parts_copies_publishes_both(line):
    write = inboxes(line)
    write("s", "Нов център за предприемачи", RELEASE)
    line.cycle()
    write("t", "Откриха център", EDITED)
    line.cycle(1)
    assert len(line.titles()) == 1
    write(
        "t", "Ремонт на язовира", "Язовирът край селото ще бъде източен заради спешен ремонт на стената. " * 4
    )
    line.cycle(1)
    assert len(line.titles()) == 2


def test_a_changed_filter_looks_again_at_what_it_rejected(line, website):
    website.items = [line.item(1)]
    line.sources = [line.source(match=Match(any=("язовири",)))]
    assert line.cycle().intakes[0].rejected == 1
    assert line.entries() == []
    assert line.cycle(1).intakes[0].rejected == 0
    line.sources = [line.source(match=Match(any=("малина",)))]
    assert line.cycle(1).intakes[0].new == 1
    assert len(line.entries()) == 1


def test_age_counts_at_arrival_and_for_feeds_at_every_cycle(line, website):
    website.items = [line.item(1)]
    line.sources = [line.source(max_age=timedelta(hours=1))]
    assert line.cycle().intakes[0].rejected == 1
    line.sources = [line.source(max_age=timedelta(days=9))]
    line.feeds = [FeedSpec("all", {"": "A"}, ("bg",), (), max_age=timedelta(days=5))]
    line.cycle(1)
    assert len(line.entries("bg")) == 1
    line.cycle(24 * 6)
    assert line.entries("bg") == []


def test_an_article_in_an_accepted_language_is_an_original(line):
    write = inboxes(line)
    write("s", "Partners met in the city", ENGLISH)
    assert line.cycle().intakes[0].rejected == 1
    line.sources = [line.source("s", SourceKind.INBOX, path=str(line.inbox / "s"), accept=("en",))]
    line.cycle(1)
    (entry,) = line.entries("en")
    assert (entry["title"], entry["_syndicator"]["mark"]) == ("Partners met in the city", "original")
    assert all(text.startswith("en→bg") for text in line.engines[0].asked)


def test_a_combined_feed_holds_every_language_in_one_file(line, website):
    website.items = [line.item(2), line.item(1)]
    line.feeds = [FeedSpec("all", {"bg": "Всички", "en": "All"}, ("bg", "en"), (), combined=True)]
    line.cycle()
    assert [entry["language"] for entry in line.entries("mul")] == ["bg", "en", "bg", "en"]
    assert line.cycle(1).feeds_written == 0
    assert not line.tree.exists("en/all.json")


def test_a_feed_carries_summaries_or_the_original_too(line, website):
    website.items = [line.item(1)]
    line.feeds = [
        FeedSpec("short", {"": "S"}, ("en",), (), content=Content.SUMMARY),
        FeedSpec("both", {"": "B"}, ("bg", "en"), (), bilingual=True),
    ]
    line.cycle()
    short = line.entries("en", "short")[0]["content_html"]
    both = line.entries("en", "both")[0]["content_html"]
    translation, _, original = both.partition('<div lang="bg"')
    assert "подаръци" in original
    assert len(short) < len(translation) / 2
    assert '<div lang="bg"' not in line.entries("bg", "both")[0]["content_html"]
