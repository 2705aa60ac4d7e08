"""Queries about what hosts say in robots.txt and tdmrep.json."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from syndicator.ports import HostState
from syndicator.store.schema import hosts


def all_states(connection: Connection) -> dict[str, HostState]:
    """Return what is remembered of every host, by origin."""
    return {
        row.origin: HostState(
            row.robots,
            row.robots_status,
            row.reservations,
            row.fetched_at,
            row.expires_at,
            row.failing_since,
        )
        for row in connection.execute(select(hosts))
    }


def record(connection: Connection, origin: str, state: HostState) -> None:
    """Remember what a host says."""
    values = asdict(state)
    statement = insert(hosts).values(origin=origin, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["origin"], set_=values))


def forget(connection: Connection, before: datetime) -> None:
    """Forget hosts that nobody asked for since a moment."""
    connection.execute(delete(hosts).where(hosts.c.expires_at < before))
