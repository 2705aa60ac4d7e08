"""Queries about what WebSub hubs still have to be told."""

from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from syndicator.ports import Announcement
from syndicator.store.schema import announcements


def announce(connection: Connection, announcement: Announcement) -> None:
    """Note that a hub has to be told of a change, at once, however often it could not be told before."""
    fresh = {"changed": announcement.changed, "due": announcement.changed}
    connection.execute(
        insert(announcements)
        .values(hub=announcement.hub, topic=announcement.topic, attempts=0, last_error="", **fresh)
        .on_conflict_do_update(index_elements=["hub", "topic"], set_=fresh)
    )


def due(connection: Connection, hubs: Collection[str], now: datetime) -> Iterator[Announcement]:
    """Yield what these hubs have to be told by now, the oldest change first."""
    query = (
        select(announcements)
        .where(announcements.c.hub.in_(list(hubs)), announcements.c.due <= now)
        .order_by(announcements.c.changed, announcements.c.hub, announcements.c.topic)
    )
    for row in connection.execute(query):
        yield Announcement(row.hub, row.topic, row.changed, row.attempts)


def told(connection: Connection, announcement: Announcement) -> None:
    """Forget an announcement that its hub has taken, unless there is another change by now."""
    connection.execute(
        delete(announcements).where(
            announcements.c.hub == announcement.hub,
            announcements.c.topic == announcement.topic,
            announcements.c.changed == announcement.changed,
        )
    )


def postpone(connection: Connection, announcement: Announcement, error: str, retry_at: datetime) -> None:
    """Keep an announcement for later."""
    connection.execute(
        update(announcements)
        .where(announcements.c.hub == announcement.hub, announcements.c.topic == announcement.topic)
        .values(due=retry_at, attempts=announcement.attempts + 1, last_error=error)
    )


def waiting(connection: Connection, hubs: Collection[str]) -> dict[str, tuple[int, str]]:
    """Return for each hub that could not be told how many changes wait for it, and its last error."""
    found: dict[str, tuple[int, str]] = {}
    query = (
        select(announcements)
        .where(announcements.c.hub.in_(list(hubs)), announcements.c.attempts > 0)
        .order_by(announcements.c.due)
    )
    for row in connection.execute(query):
        number, error = found.get(row.hub, (0, ""))
        found[row.hub] = (number + 1, row.last_error or error)
    return found
