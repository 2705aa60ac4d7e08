"""Queries about sources and what they offered."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from syndicator.model import Validators
from syndicator.ports import Arrival, ArrivalState, Offer, PollCount, SourceState
from syndicator.store.codec import item_from_json, item_to_json
from syndicator.store.schema import arrivals, sources
from syndicator.text.messages import tr

_FOR_GOOD = (ArrivalState.ERASED, ArrivalState.PAST)


def state(connection: Connection, source_id: str) -> SourceState:
    """Return what is remembered of a source; an empty state for an unknown one."""
    row = connection.execute(select(sources).where(sources.c.id == source_id)).first()
    if row is None:
        return SourceState()
    return SourceState(
        Validators(row.etag, row.last_modified), row.body_hash, row.last_success, row.last_success is not None
    )


def record_success(connection: Connection, source_id: str, polled: SourceState, now: datetime) -> None:
    """Remember a poll that worked."""
    _upsert(
        connection,
        source_id,
        etag=polled.validators.etag,
        last_modified=polled.validators.last_modified,
        body_hash=polled.body_hash,
        last_success=now,
        last_error="",
        failures=0,
    )


def record_failure(connection: Connection, source_id: str, error: str, now: datetime) -> None:
    """Remember a poll that failed, and why."""
    failures = connection.execute(select(sources.c.failures).where(sources.c.id == source_id)).scalar() or 0
    _upsert(connection, source_id, last_error=error, last_error_at=now, failures=failures + 1)


def _upsert(connection: Connection, source_id: str, **values: object) -> None:
    done = connection.execute(update(sources).where(sources.c.id == source_id).values(**values))
    if not done.rowcount:
        connection.execute(insert(sources).values(id=source_id, **values))


def record_offers(
    connection: Connection, source_id: str, offers: Sequence[Offer], now: datetime, newest: int | None
) -> PollCount:
    """Store what a poll found; what is new or changed waits to be taken in.

    Offers come newest first, as feeds list them; they are stored oldest first, so that ids follow time.
    """
    count = PollCount()
    known = _known(connection, source_id, [offer.key for offer in offers])
    for index, offer in reversed(list(enumerate(offers))):
        before = known.get(offer.key)
        if before is None:
            beyond = newest is not None and index >= newest
            connection.execute(
                insert(arrivals).values(
                    source_id=source_id,
                    key=offer.key,
                    fingerprint=offer.fingerprint,
                    state=ArrivalState.PAST if beyond else ArrivalState.WAITING,
                    reason=tr("older than the backfill limit") if beyond else "",
                    item=item_to_json(offer.item),
                    first_seen=now,
                )
            )
            count = replace(count, rejected=count.rejected + beyond, new=count.new + (not beyond))
        elif before.fingerprint == offer.fingerprint or before.state in _FOR_GOOD:
            count = replace(count, unchanged=count.unchanged + 1)
        else:
            changed: dict[str, Any] = {"fingerprint": offer.fingerprint, "item": item_to_json(offer.item)}
            if before.state != ArrivalState.WAITING:
                # One that waits keeps its turn: a feed that differs at every poll must not put off for ever
                # the end of its vain visits, nor visit a broken page more often.
                changed |= {"state": ArrivalState.WAITING, "reason": "", "attempts": 0, "retry_at": None}
            connection.execute(update(arrivals).where(arrivals.c.id == before.id).values(**changed))
            count = replace(count, changed=count.changed + 1)
    return count


def _known(connection: Connection, source_id: str, keys: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for at in range(0, len(keys), 500):
        query = select(arrivals.c.id, arrivals.c.key, arrivals.c.fingerprint, arrivals.c.state).where(
            arrivals.c.source_id == source_id, arrivals.c.key.in_(keys[at : at + 500])
        )
        found.update((row.key, row) for row in connection.execute(query))
    return found


def waiting(
    connection: Connection, source_id: str, now: datetime, *, ignore_backoff: bool
) -> tuple[Arrival, ...]:
    """Return a source's arrivals that have to become articles, oldest first."""
    query = (
        select(arrivals)
        .where(arrivals.c.source_id == source_id, arrivals.c.state == ArrivalState.WAITING)
        .order_by(arrivals.c.id)
    )
    if not ignore_backoff:
        query = query.where((arrivals.c.retry_at.is_(None)) | (arrivals.c.retry_at <= now))
    return tuple(
        Arrival(
            row.id,
            row.source_id,
            row.key,
            row.fingerprint,
            item_from_json(row.item),
            row.first_seen,
            row.attempts,
            row.article_id is not None,
        )
        for row in connection.execute(query)
    )


def sources_waiting(connection: Connection, now: datetime) -> frozenset[str]:
    """Return the ids of sources with arrivals that are due to be taken in."""
    query = (
        select(arrivals.c.source_id)
        .distinct()
        .where(
            arrivals.c.state == ArrivalState.WAITING,
            (arrivals.c.retry_at.is_(None)) | (arrivals.c.retry_at <= now),
        )
    )
    return frozenset(connection.execute(query).scalars())


def set_next_due(connection: Connection, source_id: str, schedule: str, next_due: datetime) -> None:
    """Remember when a source is to be polled next, and by which schedule that was reckoned."""
    _upsert(connection, source_id, schedule=schedule, next_due=next_due)


def close(connection: Connection, arrival: Arrival, state: ArrivalState, reason: str = "") -> None:
    """Move an arrival to a state in which nothing remains to be done.

    If its source has changed it since it was read, that change still waits.
    """
    connection.execute(
        update(arrivals)
        .where(arrivals.c.id == arrival.id, arrivals.c.fingerprint == arrival.fingerprint)
        .values(state=state, reason=reason, attempts=0, retry_at=None)
    )


def postpone(connection: Connection, arrival: Arrival, reason: str, retry_at: datetime) -> None:
    """Keep an arrival waiting until later."""
    connection.execute(
        update(arrivals)
        .where(arrivals.c.id == arrival.id)
        .values(reason=reason, attempts=arrival.attempts + 1, retry_at=retry_at)
    )
