"""What is retired by age or number, and what must not be."""

from datetime import timedelta

from syndicator.store import readership, retention
from tests.store.conftest import NOW

DAY = timedelta(days=1)


def retire(desk, now, *, days=None, most=None, limit=200):
    with desk.database.writing() as connection:
        return retention.retire(connection, None if days is None else days * DAY, most, now, limit)


def titles(desk):
    return [work.stored.article.title for work in desk.work("xx", NOW + 999 * DAY)]


def taken(desk, *keys):
    for day, key in enumerate(keys):
        desk.take(key, desk.article(key), now=NOW + day * DAY)


def test_old_articles_go_by_age_and_the_young_stay(desk):
    taken(desk, "1", "2", "3")
    assert retire(desk, NOW + 9 * DAY, days=8) == 1
    assert titles(desk) == ["Новина 2", "Новина 3"]
    assert retire(desk, NOW + 9 * DAY) == 0


def test_the_oldest_go_by_number_but_nothing_within_48_hours(desk):
    taken(desk, "1", "2", "3", "4")
    assert retire(desk, NOW + 3 * DAY, most=1) == 2
    assert titles(desk) == ["Новина 3", "Новина 4"]
    assert retire(desk, NOW + 3 * DAY, most=9) == 0


def test_an_entry_stays_for_48_hours_however_old_its_article_is(desk):
    taken(desk, "1")
    desk.finish()
    desk.enter_all(NOW + 20 * DAY)
    assert retire(desk, NOW + 21 * DAY, days=5) == 0
    assert retire(desk, NOW + 23 * DAY, days=5) == 1
    assert desk.entries() == []


def test_what_still_stands_in_its_feed_does_not_come_back_changed_or_not(desk):
    taken(desk, "1", "2")
    public_id = desk.work("xx", NOW + 99 * DAY)[0].stored.public_id
    assert retire(desk, NOW + 30 * DAY, days=20) == 2
    for said in ("a", "b"):
        count = desk.poll(desk.offer("1", said), now=NOW + 30 * DAY)
        assert (count.new, count.changed, count.unchanged) == (0, 0, 1)
    assert desk.waiting() == []
    with desk.database.reading() as connection:
        assert retention.is_gone(connection, public_id)
        assert not retention.is_gone(connection, "never")
        stored = connection.exec_driver_sql("SELECT group_concat(item) FROM arrivals").scalar()
    assert "Новина" not in stored


def test_many_are_retired_bit_by_bit(desk):
    taken(desk, *"12345")
    found = [retire(desk, NOW + 30 * DAY, days=20, limit=2) for _ in range(4)]
    assert found == [2, 2, 1, 0]


def test_readers_are_summed_by_day_and_never_more_than_so_many(database):
    with database.writing() as connection:
        readership.add(connection, {("en/all.rss", "Feedly"): (3, 12)}, NOW)
        readership.add(connection, {("en/all.rss", "Feedly"): (2, 10)}, NOW)
        readership.add(connection, {("en/all.rss", "Feedly"): (1, 14)}, NOW + DAY)
        many = {("en/all.rss", f"x{number}"): (1, 0) for number in range(300)}
        readership.add(connection, many, NOW)
        rows = readership.between(connection, NOW.date(), NOW.date())
        assert (rows[0].reader, rows[0].requests, rows[0].subscribers) == ("Feedly", 5, 12)
        assert len(rows) <= 201
        assert sum(row.requests for row in rows) == 305
        both = readership.between(connection, NOW.date(), (NOW + DAY).date())
        assert (both[0].requests, both[0].subscribers) == (6, 14)
