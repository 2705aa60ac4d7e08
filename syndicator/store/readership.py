"""Queries about who reads the feeds: per day, feed and reader, without anything that tells persons apart."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select
from sqlalchemy.dialects.sqlite import insert

from syndicator.store.schema import reader_days

_MOST_READERS = 200  # of one feed and day; what comes beyond is "other"


def add(connection: Connection, counts: Mapping[tuple[str, str], tuple[int, int]], now: datetime) -> None:
    """Add requests and subscribers by path and reader to the day's."""
    day = now.astimezone(UTC).date().isoformat()
    for (path, name), (requests, subscribers) in counts.items():
        known = select(reader_days.c.reader).where(reader_days.c.day == day, reader_days.c.path == path)
        there = set(connection.execute(known).scalars())
        reader = name if name in there or len(there) < _MOST_READERS else "other"
        statement = insert(reader_days).values(
            day=day,
            path=path[:200],
            reader=reader[:80],
            requests=requests,
            subscribers=subscribers if reader == name else 0,
        )
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["day", "path", "reader"],
                set_={
                    "requests": reader_days.c.requests + requests,
                    "subscribers": func.max(reader_days.c.subscribers, statement.excluded.subscribers),
                },
            )
        )


def between(connection: Connection, first: date, last: date) -> list[Row[Any]]:
    """Return each feed's readers in some days: requests, and the most subscribers that were told at once."""
    query = (
        select(
            reader_days.c.path,
            reader_days.c.reader,
            func.sum(reader_days.c.requests).label("requests"),
            func.max(reader_days.c.subscribers).label("subscribers"),
        )
        .where(reader_days.c.day >= first.isoformat(), reader_days.c.day <= last.isoformat())
        .group_by(reader_days.c.path, reader_days.c.reader)
        .order_by(reader_days.c.path, func.max(reader_days.c.subscribers).desc(), reader_days.c.reader)
    )
    return list(connection.execute(query))
