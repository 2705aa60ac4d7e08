"""The articles' places in the feeds."""

from datetime import UTC, datetime, timedelta

from syndicator.ports import FeedFile
from syndicator.store import articles

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


def published(desk, *keys, now=NOW):
    for key in keys:
        desk.take(key, desk.article(key), now=now)
    desk.finish(now=now)
    desk.enter_all(now)


def test_the_last_that_entered_stands_first_whatever_happens_to_it_later(desk):
    published(desk, "1", "2")
    published(desk, "3", now=NOW + HOUR)
    published(desk, "1", now=NOW + 2 * HOUR)  # unchanged
    desk.take("1", desk.article("1", title="Поправена"), now=NOW + 3 * HOUR)
    desk.finish(now=NOW + 3 * HOUR)
    assert desk.entries() == ["Новина 3", "Новина 2", "Поправена"]


def test_the_limit_yields_to_entries_that_have_not_stood_long(desk):
    published(desk, "1", "2")
    published(desk, "3", "4", now=NOW + 10 * HOUR)
    assert desk.entries(limit=1) == ["Новина 4"]
    assert desk.entries(limit=1, since=NOW + 10 * HOUR) == ["Новина 4", "Новина 3"]
    assert len(desk.entries(limit=3)) == 3


def test_other_sources_do_not_use_the_limit_up(desk):
    published(desk, "1")
    desk.take("x", desk.article("x"), source="t")
    desk.finish()
    desk.enter_all()
    found = desk.store.entries("f", "en", ["s"], 1, NOW + HOUR)
    assert [one.stored.article.title for one in found] == ["Новина 1"]


def test_entering_twice_changes_nothing(desk):
    published(desk, "1", "2")
    ids = [one.stored.article_id for one in desk.store.entries("f", "en", ["s"], 9, NOW)]
    desk.store.enter("f", "en", ids, NOW + HOUR)
    assert desk.entries() == ["Новина 2", "Новина 1"]
    assert desk.store.candidates("f", "en", ["s"]) == []
    assert len(desk.store.candidates("other", "en", ["s"])) == 2


def test_what_was_erased_before_it_entered_is_passed_over(desk):
    for key in ("1", "2"):
        desk.take(key, desk.article(key))
    desk.finish()
    ids = [one.stored.article_id for one in desk.store.candidates("f", "en", ["s"])]
    desk.erase(ids[0])
    desk.store.enter("f", "en", ids, NOW)
    assert desk.entries() == ["Новина 2"]


def test_a_withdrawal_is_a_change_of_its_entry(desk):
    published(desk, "1")
    for moment in (NOW + HOUR, NOW + 2 * HOUR):
        with desk.database.writing() as connection:
            articles.withdraw(connection, 1, moment)
    (entry,) = desk.store.entries("f", "en", ["s"], 9, NOW)
    assert (entry.stored.withdrawn, entry.updated) == (True, NOW + HOUR)


def test_a_withdrawn_article_enters_no_further_feed(desk):
    published(desk, "1")
    with desk.database.writing() as connection:
        articles.withdraw(connection, 1, NOW)
    assert desk.store.candidates("another", "en", ["s"]) == []


def test_languages_of_an_article_are_the_finished_ones(desk):
    desk.take("1", desk.article("1"))
    desk.finish("en")
    desk.finish("bg")
    desk.work("it")
    assert desk.store.languages_of([1, 2]) == {1: ("bg", "en")}


def test_tags_name_the_article_for_ever(desk):
    published(desk, "1")
    (entry,) = desk.store.entries("f", "en", ["s"], 9, NOW)
    assert entry.tag == f"tag:e.example,2026-11-24:{entry.stored.public_id}"


def test_what_was_written_of_a_feed_is_remembered(desk):
    assert desk.store.feed_file("f", "en") is None
    for entries in (1, 2):
        desk.store.record_feed_file(FeedFile("f", "en", entries, "hash", NOW))
    assert desk.store.feed_file("f", "en") == FeedFile("f", "en", 2, "hash", NOW)
