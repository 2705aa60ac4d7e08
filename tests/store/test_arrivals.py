"""What sources offer, on its way to becoming articles."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from syndicator.ports import Became, ReadArticle

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_offers_are_new_then_unchanged_then_changed(desk):
    offer = desk.offer
    assert desk.poll(offer("1"), offer("2")).new == 2
    assert desk.poll(offer("1"), offer("2")).unchanged == 2
    count = desk.poll(offer("1", "b"), offer("2"))
    assert (count.new, count.changed, count.unchanged) == (0, 1, 1)


def test_the_oldest_offer_waits_first(desk):
    desk.poll(desk.offer("new"), desk.offer("old"))
    assert [arrival.key for arrival in desk.waiting()] == ["old", "new"]


def test_items_survive_the_database_unchanged(desk):
    item = replace(desk.offer("1").item, authors=("Иван",), published=NOW, tags=("вино",))
    desk.poll(replace(desk.offer("1"), item=item))
    assert desk.waiting()[0].item == item


def test_backfill_takes_the_newest_and_never_the_rest_even_if_they_change(desk):
    offers = [desk.offer(key) for key in ("3", "2", "1")]
    count = desk.poll(*offers, newest=2)
    assert (count.new, count.rejected) == (2, 1)
    assert [arrival.key for arrival in desk.waiting()] == ["2", "3"]
    desk.poll(desk.offer("1", "edited"))
    assert [arrival.key for arrival in desk.waiting()] == ["2", "3"]


def test_a_rejected_one_is_looked_at_again_when_its_source_changes_it(desk):
    desk.poll(desk.offer("1"))
    desk.store.reject(desk.waiting()[0], "too short", NOW)
    desk.poll(desk.offer("1"))
    assert desk.waiting() == []
    desk.poll(desk.offer("1", "longer"))
    assert [arrival.key for arrival in desk.waiting()] == ["1"]


def test_a_postponed_one_waits_for_its_time(desk):
    desk.poll(desk.offer("1"))
    desk.store.postpone(desk.waiting()[0], "page down", NOW + HOUR)
    assert desk.waiting() == []
    (later,) = desk.waiting(now=NOW + HOUR)
    assert later.attempts == 1
    assert desk.store.waiting("s", NOW, ignore_backoff=True) == (later,)


def test_a_change_while_it_waits_neither_forgets_the_attempts_nor_hurries(desk):
    desk.poll(desk.offer("1"))
    desk.store.postpone(desk.waiting()[0], "page down", NOW + HOUR)
    desk.poll(desk.offer("1", "edited"))
    assert desk.waiting() == []
    (later,) = desk.waiting(now=NOW + HOUR)
    assert (later.attempts, later.item.summary) == (1, "edited")


def test_a_change_that_came_while_it_was_read_still_waits(desk):
    desk.poll(desk.offer("1"))
    (read,) = desk.waiting()
    desk.poll(desk.offer("1", "edited"))
    found = ReadArticle(read, desk.article("1"), "hash")
    assert desk.store.take_in([found], "e.example,2026-11-24", NOW) == [Became.NEW]
    assert [arrival.item.summary for arrival in desk.waiting()] == ["edited"]


def test_a_failed_poll_is_remembered_and_forgets_nothing(desk):
    desk.poll(desk.offer("1"))
    desk.store.record_poll_failure("s", "no connection", NOW + HOUR)
    state = desk.store.source_state("s")
    assert (state.body_hash, state.last_success, state.polled_before) == ("x", NOW, True)
    assert desk.store.source_state("unknown").polled_before is False


def test_an_article_is_new_then_updated_then_unchanged(desk):
    first = desk.article("1")
    assert desk.take("1", first) is Became.NEW
    assert desk.take("1", replace(first, title="Друго"), now=NOW + HOUR) is Became.UPDATED
    assert desk.take("1", replace(first, title="Друго"), now=NOW + 2 * HOUR) is Became.UNCHANGED
    assert desk.waiting(now=NOW + 9 * HOUR) == []


def test_two_sources_with_one_article_have_it_once(desk):
    desk.take("1", desk.article("1"))
    assert desk.take("x", desk.article("1"), source="t") is Became.DUPLICATE
    # the same address and title: the same article, copied with other words around it
    copied = desk.article("1", body="<p>Друг текст на същата новина.</p>")
    assert desk.take("x", copied, source="t") is Became.DUPLICATE
    assert len(desk.work()) == 1


def test_a_shared_address_alone_makes_no_duplicate(desk):
    home = "https://a.example/"
    assert desk.take("1", desk.article("1", url=home)) is Became.NEW
    assert desk.take("2", desk.article("2", url=home)) is Became.NEW


def test_a_moved_guid_is_no_new_article_and_its_edits_count(desk):
    desk.take("old", desk.article("1"))
    assert desk.take("moved", desk.article("1"), now=NOW + HOUR) is Became.DUPLICATE
    edited = desk.article("1", title="Със съвсем друго заглавие", body="<p>И с друг текст.</p>")
    assert desk.take("moved", edited, now=NOW + 2 * HOUR) is Became.UPDATED
    assert [work.stored.article.title for work in desk.work(now=NOW + 2 * HOUR)] == [edited.title]


def test_a_guid_that_moves_with_an_edit_is_an_update(desk):
    desk.take("old", desk.article("1"))
    edited = desk.article("1", body="<p>Поправен текст.</p>")
    assert desk.take("moved", edited, now=NOW + HOUR) is Became.UPDATED
    assert len(desk.work()) == 1


def test_two_items_of_one_poll_for_one_page_do_not_overwrite_each_other(desk):
    desk.take("a", desk.article("1"))
    other = desk.article("1", body="<p>Кратко.</p>")
    assert desk.take("b", other) is Became.DUPLICATE
    assert desk.take("b", replace(other, title="Друго"), now=NOW + HOUR) is Became.DUPLICATE
    assert [work.stored.article for work in desk.work()] == [desk.article("1")]


def test_an_erased_article_does_not_return_under_its_key_its_address_or_its_text(desk):
    desk.take("1", desk.article("1"))
    (work,) = desk.work()
    desk.erase(work.stored.article_id)
    assert desk.work() == []
    changed = {"title": "Ново", "body": "<p>Нов текст.</p>"}
    # known by its key: the source may change it as often as it likes, nobody looks at it any more
    desk.poll(desk.offer("1", "changed"))
    assert desk.waiting() == []
    assert desk.take("2", desk.article("1", **changed)) is Became.ERASED  # its address
    assert desk.take("3", desk.article("1", url="https://b.example/")) is Became.ERASED  # its text
    assert desk.take("1", desk.article("9"), source="t") is Became.NEW  # another source's key is another


def test_an_erased_article_stays_away_if_its_arrival_is_lost(desk):
    desk.take("1", desk.article("1"))
    desk.erase(desk.work()[0].stored.article_id)
    with desk.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM arrivals")
    assert desk.take("1", desk.article("1", title="Ново", body="<p>Нов.</p>", url="")) is Became.ERASED


def test_nothing_of_an_erased_article_is_left_in_what_sources_said(desk):
    desk.take("1", desk.article("1"))
    desk.take("copy", desk.article("1"), source="t")
    desk.erase(desk.work()[0].stored.article_id)
    desk.take("later", desk.article("1"))
    with desk.database.reading() as connection:
        items = connection.exec_driver_sql("SELECT state, item FROM arrivals").all()
    assert {row.state for row in items} == {"erased"}
    assert not any("a.example" in row.item for row in items)


def test_erasing_one_article_of_a_home_page_address_does_not_ban_the_site(desk):
    home = "https://a.example/"
    desk.take("1", desk.article("1", url=home))
    desk.take("2", desk.article("2", url=home))
    desk.erase(desk.work()[0].stored.article_id)
    assert desk.take("3", desk.article("3", url=home)) is Became.NEW
