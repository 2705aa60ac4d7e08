"""Statements that are made once: their values go in and come out as SQLAlchemy would have them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import bindparam, insert, select, update

from syndicator.store.database import Database
from syndicator.store.prepared import Prepared
from syndicator.store.schema import arrivals

SEEN = datetime(2026, 11, 24, 10, tzinfo=UTC)
COLUMNS = ["source_id", "key", "fingerprint", "state", "item", "first_seen"]
ADD = Prepared(insert(arrivals), COLUMNS)
FIND = Prepared(
    select(arrivals.c.key, arrivals.c.item, arrivals.c.first_seen, arrivals.c.filtered, arrivals.c.reason)
    .where(arrivals.c.source_id == bindparam("source"), arrivals.c.filtered == bindparam("filtered"))
    .order_by(arrivals.c.key)
)
CLOSE = Prepared(
    update(arrivals)
    .where(arrivals.c.id == bindparam("arrival"))
    .values(filtered=bindparam("filtered"), retry_at=None, attempts=3)
)


@pytest.fixture
def connection(tmp_path):
    with Database(f"sqlite:///{tmp_path}/s.db") as database, database.writing() as connection:
        yield connection


def told(key, **changes):
    plain = {
        "source_id": "s",
        "key": key,
        "fingerprint": "f",
        "state": "waiting",
        "item": {},
        "first_seen": SEEN,
    }
    return {**plain, **changes}


def test_values_come_out_as_they_went_in(connection):
    in_sofia = SEEN.astimezone(timezone(timedelta(hours=2)))
    ADD.run(connection, told("a", item={"title": "Ще вали"}, first_seen=in_sofia), told("b"))
    one, other = FIND.rows(connection, {"source": "s", "filtered": False})
    assert (one.key, one.item, one.first_seen) == ("a", {"title": "Ще вали"}, SEEN)
    assert one.first_seen.tzinfo is not None
    assert (other.key, other.item) == ("b", {})


def test_columns_that_are_not_told_get_their_defaults(connection):
    ADD.run(connection, told("a"))
    (row,) = FIND.rows(connection, {"source": "s", "filtered": False})
    assert (row.filtered, row.reason) == (False, "")


def test_an_insert_returns_its_id_and_an_update_finds_it(connection):
    first, second = (ADD.insert(connection, told(key)) for key in "ab")
    assert second == first + 1
    CLOSE.run(connection, {"arrival": second, "filtered": True})
    row = FIND.first(connection, {"source": "s", "filtered": True})
    assert row is not None
    assert row.key == "b"
    attempts = connection.execute(select(arrivals.c.attempts).where(arrivals.c.id == second)).scalar()
    assert attempts == 3


def test_nothing_is_found_and_nothing_is_run(connection):
    ADD.run(connection)
    assert FIND.first(connection, {"source": "s", "filtered": False}) is None
    assert FIND.rows(connection, {"source": "s", "filtered": False}) == []


def test_a_list_of_any_length_is_no_fixed_statement(connection):
    several = Prepared(select(arrivals.c.key).where(arrivals.c.key.in_(bindparam("keys", expanding=True))))
    with pytest.raises(AssertionError, match="another statement each time"):
        several.rows(connection, {"keys": ["a"]})
