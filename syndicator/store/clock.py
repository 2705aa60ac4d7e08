"""Mends moments that lie in a future which a clock that ran ahead has written.

Everything that waits, waits for a stored moment. A clock that was set years ahead for a minute would
otherwise let sources, articles, translations and engines wait for years.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select, update

from syndicator.store.schema import (
    announcements,
    arrivals,
    engines,
    hosts,
    renditions,
    source_pages,
    sources,
)

TOLERATED = timedelta(minutes=5)  # between two clocks
# The longest that anything waits for by itself; a server's own Retry-After or cache time may be longer.
_WAITS = timedelta(days=2)
_LOOKS_AGAIN = timedelta(days=40)


def ran_ahead(connection: Connection, now: datetime) -> bool:
    """Whether something was stored as done later than now."""
    newest = select(func.max(sources.c.polled_at))
    stored = connection.execute(newest).scalar()
    return stored is not None and stored > now + TOLERATED


def mend(connection: Connection, now: datetime) -> int:
    """Let nothing wait for what a clock that ran ahead has written; return how many moments that were."""
    changed = 0
    for column, value, longest in (
        (sources.c.polled_at, None, TOLERATED),
        (sources.c.next_due, None, _WAITS),
        (sources.c.retry_at, None, _WAITS),
        (arrivals.c.retry_at, None, _WAITS),
        (renditions.c.retry_at, None, _WAITS),
        (engines.c.rest_until, None, _WAITS),
        (source_pages.c.due, now, _LOOKS_AGAIN),
        (hosts.c.expires_at, now, _WAITS),
        (announcements.c.due, now, _WAITS),
    ):
        statement = update(column.table).where(column > now + longest).values({column.name: value})
        changed += connection.execute(statement).rowcount
    return changed
