"""Queries about what the engines were asked and what it cost."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, update
from sqlalchemy.dialects.sqlite import insert

from syndicator.ports import Rest
from syndicator.store.prepared import Prepared
from syndicator.store.schema import engine_days, engines


def spent(connection: Connection, engine: str, since: datetime) -> int:
    """Return the characters sent to an engine since the day of a moment (days are UTC's)."""
    query = select(func.sum(engine_days.c.characters)).where(
        engine_days.c.engine == engine, engine_days.c.day >= _day(since)
    )
    return int(connection.execute(query).scalar() or 0)


def record(
    connection: Connection,
    engine: str,
    now: datetime,
    *,
    requests: int,
    characters: int,
    errors: int,
    seconds: float,
    error: str,
) -> None:
    """Add to an engine's account of the day."""
    added = {"requests": requests, "characters": characters, "errors": errors, "seconds": seconds}
    _OF_DAY.run(connection, {"engine": engine, "day": _day(now), **added})
    if error:
        _FAILED.run(connection, {"id": engine, "last_error": error, "last_error_at": now})
    else:
        _WORKED.run(connection, {"id": engine, "last_success": now})


def _of_day() -> Prepared:
    """Return what adds a request to a day's account."""
    sums = ("requests", "characters", "errors", "seconds")
    statement = insert(engine_days)
    more = {name: engine_days.c[name] + statement.excluded[name] for name in sums}
    keys = ["engine", "day"]
    return Prepared(statement.on_conflict_do_update(index_elements=keys, set_=more), [*keys, *sums])


def _state(*names: str) -> Prepared:
    """Return what sets columns of an engine's state."""
    statement = insert(engines)
    told = {name: statement.excluded[name] for name in names}
    return Prepared(statement.on_conflict_do_update(index_elements=["id"], set_=told), ["id", *names])


_OF_DAY = _of_day()
_WORKED = _state("last_success")
_FAILED = _state("last_error", "last_error_at")


def rest(connection: Connection, engine: str) -> Rest | None:
    """Return until when an engine is, or was last, left alone."""
    row = connection.execute(select(engines).where(engines.c.id == engine)).first()
    if row is None or row.rest_until is None:
        return None
    return Rest(row.rest_until, row.rest_asked, row.rests, row.last_error)


def begin_rest(connection: Connection, engine: str, rest: Rest) -> None:
    """Remember that an engine is left alone."""
    values = {"rest_until": rest.until, "rest_asked": rest.asked, "rests": rest.times}
    statement = insert(engines).values(id=engine, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))


def end_rest(connection: Connection, engine: str) -> None:
    """Remember that an engine works again."""
    values = {"rest_until": None, "rest_asked": False, "rests": 0}
    connection.execute(update(engines).where(engines.c.id == engine).values(**values))


def by_engine(connection: Connection, since: datetime) -> Mapping[str, Row[Any]]:
    """Return each engine's sums since a moment: requests, characters, errors, seconds."""
    query = (
        select(
            engine_days.c.engine,
            *(
                func.sum(engine_days.c[name]).label(name)
                for name in ("requests", "characters", "errors", "seconds")
            ),
        )
        .where(engine_days.c.day >= _day(since))
        .group_by(engine_days.c.engine)
    )
    return {row.engine: row for row in connection.execute(query)}


def last_errors(connection: Connection) -> Mapping[str, Row[Any]]:
    """Return each engine's last error and when it last worked."""
    return {row.id: row for row in connection.execute(select(engines))}


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).date().isoformat()
