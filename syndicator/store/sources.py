"""Queries about sources and what they offered."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, union, update

from syndicator.model import Validators
from syndicator.ports import Arrival, ArrivalState, Offer, PollCount, Settled, SourceState
from syndicator.store.codec import item_from_json, item_to_json
from syndicator.store.prepared import Prepared
from syndicator.store.schema import arrivals, source_pages, sources
from syndicator.text.messages import tr

_FOR_GOOD = (ArrivalState.ERASED, ArrivalState.PAST)


def state(connection: Connection, source_id: str) -> SourceState:
    """Return what is remembered of a source; an empty state for an unknown one."""
    row = connection.execute(select(sources).where(sources.c.id == source_id)).first()
    if row is None:
        return SourceState()
    return _state(row)


def states(connection: Connection, source_ids: Collection[str]) -> dict[str, SourceState]:
    """Return what is remembered of many sources, by id."""
    wanted = set(source_ids)
    return {row.id: _state(row) for row in connection.execute(select(sources)) if row.id in wanted}


def _state(row: Any) -> SourceState:  # noqa: ANN401 - a row of sources
    return SourceState(
        Validators(row.etag, row.last_modified),
        row.body_hash,
        row.last_success,
        polled_before=row.last_success is not None,
        polled_at=row.polled_at,
        failures=row.failures,
        retry_at=row.retry_at,
        changes=tuple(datetime.fromisoformat(one) for one in row.changes or ()),
        moved_to=row.moved_to,
        moved_polls=row.moved_polls,
        wanted=row.wanted,
    )


def record_success(connection: Connection, source_id: str, polled: SourceState, now: datetime) -> None:
    """Remember a poll that worked."""
    _upsert(connection, source_id, **_worked(polled, now))


def record_quiet(connection: Connection, polled: Mapping[str, SourceState], now: datetime) -> None:
    """Remember polls that worked and found nothing new."""
    if not polled:
        return
    changed = [{"which": source_id, **_worked(one, now)} for source_id, one in polled.items()]
    columns = [name for name in changed[0] if name != "which"]
    statement = (
        update(sources)
        .where(sources.c.id == bindparam("which"))
        .values({name: bindparam(name) for name in columns})
    )
    connection.execute(statement, changed)


def _worked(polled: SourceState, now: datetime) -> dict[str, Any]:
    return {
        "etag": polled.validators.etag,
        "last_modified": polled.validators.last_modified,
        "body_hash": polled.body_hash,
        "last_success": now,
        "last_error": "",
        "failures": 0,
        "polled_at": now,
        "retry_at": None,
        "changes": [one.isoformat() for one in polled.changes],
        "moved_to": polled.moved_to,
        "moved_polls": polled.moved_polls,
    }


def record_failure(
    connection: Connection, source_id: str, error: str, now: datetime, retry_at: datetime | None
) -> None:
    """Remember a poll that failed, and why."""
    failures = connection.execute(select(sources.c.failures).where(sources.c.id == source_id)).scalar() or 0
    _upsert(
        connection,
        source_id,
        last_error=error,
        last_error_at=now,
        failures=failures + 1,
        polled_at=now,
        retry_at=retry_at,
    )


def with_work(connection: Connection, now: datetime, *, ignore_backoff: bool) -> frozenset[str]:
    """Return the ids of sources that have something to take in or a page to ask again."""
    arriving = select(arrivals.c.source_id).where(arrivals.c.state == ArrivalState.WAITING)
    if not ignore_backoff:
        arriving = arriving.where((arrivals.c.retry_at.is_(None)) | (arrivals.c.retry_at <= now))
    asking = select(source_pages.c.source_id).where(source_pages.c.due <= now)
    return frozenset(row.source_id for row in connection.execute(union(arriving, asking)))


def known_keys(connection: Connection, source_id: str, keys: Sequence[str]) -> frozenset[str]:
    """Return those of the keys that a source offered before."""
    return frozenset(_known(connection, source_id, keys))


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
            told = {
                "source_id": source_id,
                "key": offer.key,
                "fingerprint": offer.fingerprint,
                "state": ArrivalState.PAST if beyond else ArrivalState.WAITING,
                "reason": tr("older than the backfill limit") if beyond else "",
                "item": item_to_json(offer.item),
                "first_seen": now,
            }
            _OFFER.run(connection, told)
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


_OFFER = Prepared(
    insert(arrivals), ["source_id", "key", "fingerprint", "state", "reason", "item", "first_seen"]
)


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
    return tuple(arrival_of(row) for row in connection.execute(query))


def arrival_of(row: Any) -> Arrival:  # noqa: ANN401 - a row with all columns of arrivals
    """Return the value of a row."""
    return Arrival(
        row.id,
        row.source_id,
        row.key,
        row.fingerprint,
        item_from_json(row.item),
        row.first_seen,
        row.attempts,
        row.article_id is not None,
        row.article_id,
    )


def settled(connection: Connection, source_id: str) -> dict[str, Settled]:
    """Return what became of a source's arrivals of which nothing remains to be done, by key."""
    query = select(arrivals.c.key, arrivals.c.fingerprint, arrivals.c.state, arrivals.c.reason).where(
        arrivals.c.source_id == source_id,
        arrivals.c.state.not_in((ArrivalState.WAITING, ArrivalState.PAST)),
    )
    return {
        row.key: Settled(row.fingerprint, row.reason if row.state == ArrivalState.REJECTED else "")
        for row in connection.execute(query)
    }


def is_wanted(connection: Connection, source_id: str, wanted: str) -> bool:
    """Whether a source's filters are those that its arrivals went through."""
    query = select(sources.c.wanted).where(sources.c.id == source_id)
    return connection.execute(query).scalar() == wanted


def reconsider(connection: Connection, source_id: str, wanted: str) -> None:
    """Let what other filters rejected wait again, and remember the present ones."""
    filtered = (
        (arrivals.c.source_id == source_id)
        & (arrivals.c.state == ArrivalState.REJECTED)
        & arrivals.c.filtered.is_(True)
    )
    again = {"state": ArrivalState.WAITING, "reason": "", "attempts": 0, "retry_at": None, "filtered": False}
    connection.execute(update(arrivals).where(filtered).values(**again))
    _upsert(connection, source_id, wanted=wanted)


def set_next_due(connection: Connection, source_id: str, schedule: str, next_due: datetime) -> None:
    """Remember when a source is to be polled next, and by which schedule that was reckoned."""
    _upsert(connection, source_id, schedule=schedule, next_due=next_due)


_CLOSE = Prepared(
    update(arrivals)
    .where(arrivals.c.id == bindparam("arrival"), arrivals.c.fingerprint == bindparam("as_read"))
    .values(
        state=bindparam("state"),
        reason=bindparam("reason"),
        attempts=0,
        retry_at=None,
        filtered=bindparam("filtered"),
    )
)


def close(
    connection: Connection, arrival: Arrival, state: ArrivalState, reason: str = "", *, filtered: bool = False
) -> None:
    """Move an arrival to a state in which nothing remains to be done.

    If its source has changed it since it was read, that change still waits.
    """
    read = {"arrival": arrival.id, "as_read": arrival.fingerprint}
    _CLOSE.run(connection, {**read, "state": state, "reason": reason, "filtered": filtered})


def postpone(connection: Connection, arrival: Arrival, reason: str, retry_at: datetime) -> None:
    """Keep an arrival waiting until later."""
    connection.execute(
        update(arrivals)
        .where(arrivals.c.id == arrival.id)
        .values(reason=reason, attempts=arrival.attempts + 1, retry_at=retry_at)
    )
