"""Which articles lack a language, and how far each came."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from syndicator.model import TranslationState
from syndicator.ports import Outcome
from syndicator.store import articles

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


def titles(works):
    return [work.stored.article.title for work in works]


def settle_as(desk, state, retry_at=None, fingerprint="engines and glossary"):
    (work,) = desk.work()
    desk.store.settle([(work, Outcome(state, "why"), retry_at)], fingerprint, NOW)


def test_articles_come_oldest_first_until_they_are_done(desk):
    for key in ("1", "2"):
        desk.take(key, desk.article(key))
    assert titles(desk.work()) == ["Новина 1", "Новина 2"]
    desk.settle(desk.work()[0], "News 1")
    assert titles(desk.work()) == ["Новина 2"]
    assert titles(desk.work("it")) == ["Новина 1", "Новина 2"]


@pytest.mark.parametrize("state", [TranslationState.PENDING, TranslationState.FAILED])
def test_what_is_pending_or_failed_comes_back_in_time(desk, state):
    desk.take("1", desk.article("1"))
    settle_as(desk, state, NOW + HOUR)
    assert desk.work() == []
    (again,) = desk.work(now=NOW + HOUR)
    assert (again.attempts, again.state) == (1, state)
    assert len(desk.store.work("en", ["s"], NOW, "f", ignore_backoff=True)) == 1


def test_what_is_held_comes_back_only_for_other_engines_or_another_glossary(desk):
    desk.take("1", desk.article("1"))
    settle_as(desk, TranslationState.HELD)
    assert desk.work(now=NOW + 999 * HOUR) == []
    assert len(desk.work(fingerprint="a new glossary")) == 1


def test_an_edit_brings_a_held_article_back(desk):
    desk.take("1", desk.article("1"))
    settle_as(desk, TranslationState.HELD)
    desk.take("1", desk.article("1", title="Поправена"), now=NOW + HOUR)
    assert titles(desk.work()) == ["Поправена"]


def test_retry_brings_a_held_article_back(desk):
    desk.take("1", desk.article("1"))
    article_id = desk.work()[0].stored.article_id
    settle_as(desk, TranslationState.HELD)
    with desk.database.writing() as connection:
        assert articles.retry(connection, article_id) == 1
    assert len(desk.work()) == 1


def test_withdrawn_articles_are_no_work(desk):
    desk.take("1", desk.article("1"))
    article_id = desk.work()[0].stored.article_id
    with desk.database.writing() as connection:
        articles.withdraw(connection, article_id, NOW)
    assert desk.work() == []


def test_updated_moves_only_with_the_content(desk):
    def updated():
        (entry,) = desk.store.candidates("f", "en", ["s"])
        return entry.updated

    desk.take("1", desk.article("1"))
    desk.settle(desk.work()[0], "News")
    desk.take("1", desk.article("1", tags=("вино",)), now=NOW + HOUR)
    desk.settle(desk.work()[0], "News", now=NOW + HOUR)
    assert updated() == NOW
    desk.take("1", desk.article("1", title="Друго"), now=NOW + 2 * HOUR)
    desk.settle(desk.work()[0], "Other", now=NOW + 2 * HOUR)
    assert updated() == NOW + 2 * HOUR


def test_the_finished_version_stays_while_an_edit_awaits_its_translation(desk):
    desk.take("1", desk.article("1"))
    desk.settle(desk.work()[0], "News")
    desk.take("1", desk.article("1", title="Поправена"), now=NOW + HOUR)
    settle_as(desk, TranslationState.PENDING, NOW + 2 * HOUR)
    (entry,) = desk.store.candidates("f", "en", ["s"])
    assert (entry.rendition.title, entry.stored.article.title) == ("News", "Новина 1")


def test_backfill_of_a_language_is_settled_once(desk):
    for key in "123":
        desk.take(key, desk.article(key))
    desk.store.open_language("s", "it", 2)
    desk.store.open_language("s", "it", None)
    assert titles(desk.store.work("it", ["s"], NOW, "f", ignore_backoff=True)) == ["Новина 2", "Новина 3"]
    desk.take("4", desk.article("4"))
    assert len(desk.store.work("it", ["s"], NOW, "f", ignore_backoff=True)) == 3


def test_backfill_zero_begins_with_the_next_article(desk):
    desk.take("1", desk.article("1"))
    desk.store.open_language("s", "it", 0)
    desk.store.open_language("t", "it", 0)
    desk.take("2", desk.article("2"))
    assert titles(desk.store.work("it", ["s", "t"], NOW, "f", ignore_backoff=True)) == ["Новина 2"]


def test_what_was_erased_while_it_was_translated_is_not_settled(desk):
    desk.take("1", desk.article("1"))
    (work,) = desk.work()
    desk.erase(work.stored.article_id)
    desk.take("2", desk.article("2"))
    (other,) = desk.work()
    # the trap: SQLite gives the erased row's number to the next one
    assert other.stored.revision_id == work.stored.revision_id
    desk.settle(work, "Erased news")
    assert titles(desk.work()) == ["Новина 2"]


def test_articles_survive_the_database_unchanged(desk):
    whole = replace(
        desk.article("1"), summary="Кратко", authors=("А",), published=NOW, rights="©", tags=("а", "б")
    )
    desk.take("1", whole)
    assert desk.work()[0].stored.article == whole
