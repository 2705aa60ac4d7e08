"""Queries about the translation memory and about refused answers."""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, Table, and_, bindparam, case, delete, func, select
from sqlalchemy.dialects.sqlite import Insert, insert

from syndicator.model import DERIVED, Pair, Remembered
from syndicator.ports import Refusal
from syndicator.store.memory_index import drop_marks, mask_key
from syndicator.store.prepared import Prepared
from syndicator.store.schema import memory, memory_files, refusals
from syndicator.translation.segment import normalised
from syndicator.translation.tmx import MemoryUnit

_AT_ONCE = 500  # units of a file that are stored together


@lru_cache(maxsize=4096)  # of a segment it is asked for when it is looked up, judged and remembered
def key(segment: str) -> str:
    """Return the key of a segment: a hash of its normalised form."""
    return hashlib.blake2b(normalised(segment).encode(), digest_size=16).hexdigest()


def lookup(connection: Connection, pair: Pair, segments: Collection[str]) -> dict[str, Remembered]:
    """Return what the memory knows, by segment; a reviewed translation wins over an engine's."""
    by_key = _by_key(segments)
    found: dict[str, Remembered] = {}
    for row in _ANSWERS.rows(connection, _told(pair, by_key)):
        for segment in by_key[row.key]:
            if row.reviewed or segment not in found:
                found[segment] = Remembered(row.answer, row.origin, row.warning)
    return found


def _by_key(segments: Collection[str]) -> dict[str, list[str]]:
    """Return the segments of each key: several, where they differ in blanks only."""
    by_key: dict[str, list[str]] = {}
    for segment in segments:
        by_key.setdefault(key(segment), []).append(segment)
    return by_key


def _by_keys(table: Table, *columns: str) -> Prepared:
    """Return the query for a pair's rows under any of many keys, which come as one JSON list."""
    keys = func.json_each(bindparam("keys")).table_valued("value")
    return Prepared(
        select(*(table.c[name] for name in columns)).where(
            table.c.source == bindparam("source"),
            table.c.target == bindparam("target"),
            table.c.key.in_(select(keys.c.value)),
        )
    )


_ANSWERS = _by_keys(memory, "key", "reviewed", "answer", "origin", "warning")
_REFUSALS = _by_keys(refusals, "key", "engine", "answer", "fingerprint", "reason", "times", "excused")


def _told(pair: Pair, keys: Iterable[str]) -> dict[str, str]:
    return {"source": pair.source, "target": pair.target, "keys": json.dumps(list(keys))}


def remember(
    connection: Connection,
    pair: Pair,
    answers: Mapping[str, Remembered],
    helpers: Collection[str],
    now: datetime,
) -> None:
    """Store answers; a newer one of the same kind replaces an older."""
    if not answers:
        return
    rows = [
        {
            "source": pair.source,
            "target": pair.target,
            "key": key(segment),
            "reviewed": answer.reviewed,
            "segment": segment,
            "answer": answer.text,
            "origin": answer.origin,
            "helper": segment in helpers,
            "warning": answer.warning,
            "created": now,
            "mask": mask_key(segment),
            "marked": False,
        }
        for segment, answer in answers.items()
    ]
    _REMEMBER.run(connection, *rows)


def _remember() -> Insert:
    """Return what stores an answer."""
    statement = insert(memory)
    told = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["source", "target", "key", "reviewed"],
        set_={
            **{name: told[name] for name in ("answer", "origin", "warning")},
            # What is a sentence somewhere stays one, even if elsewhere it only places markup.
            "helper": and_(memory.c.helper, told.helper),
        },
        where=(memory.c.answer != told.answer) | (memory.c.helper != told.helper),
    )


_REMEMBER = Prepared(_remember(), [column.name for column in memory.columns])


def import_reviewed(connection: Connection, units: Iterable[MemoryUnit], now: datetime) -> int:
    """Store reviewed units as they come, and return how many came; of two that differ the newer one wins.

    A unit that does not say when it was changed counts as changed now.
    """
    count = 0
    for group in _batches(units):
        rows = [
            {
                "source": unit.source_language,
                "target": unit.target_language,
                "key": key(unit.source),
                "reviewed": True,
                "segment": unit.source,
                "answer": unit.target,
                "origin": "reviewed",
                "helper": False,
                "warning": "",
                "created": unit.changed or now,
                "mask": mask_key(unit.source),
            }
            for unit in group
        ]
        statement = insert(memory)
        newest = statement.on_conflict_do_update(
            index_elements=["source", "target", "key", "reviewed"],
            set_={name: statement.excluded[name] for name in ("answer", "created", "helper")},
            where=statement.excluded.created >= memory.c.created,
        )
        connection.execute(newest, rows)
        count += len(group)
    return count


def _batches(units: Iterable[MemoryUnit]) -> Iterator[list[MemoryUnit]]:
    waiting = iter(units)
    while group := list(islice(waiting, _AT_ONCE)):
        yield group


def knows_file(connection: Connection, digest: str) -> bool:
    """Return whether a memory file with this SHA-256 was imported."""
    return connection.execute(select(memory_files).where(memory_files.c.hash == digest)).first() is not None


def record_file(connection: Connection, digest: str, units: int, now: datetime) -> None:
    """Remember that a memory file was imported."""
    statement = insert(memory_files).values(hash=digest, units=units, imported=now)
    connection.execute(statement.on_conflict_do_nothing())


def units(connection: Connection, *, reviewed_only: bool = False) -> Iterator[MemoryUnit]:
    """Yield the memory for export: every sentence, without what only places markup, in a stable order."""
    query = select(memory).where(~memory.c.helper).order_by(memory.c.source, memory.c.target, memory.c.key)
    if reviewed_only:
        query = query.where(memory.c.reviewed)
    for row in connection.execute(query.execution_options(yield_per=1000)):
        yield MemoryUnit(row.source, row.target, row.segment, row.answer, row.origin, row.created)


def counts(connection: Connection) -> list[Row[Any]]:
    """Return rows of (source, target, reviewed, segments, derived)."""
    query = (
        select(
            memory.c.source,
            memory.c.target,
            memory.c.reviewed,
            func.count().label("segments"),
            func.sum(case((memory.c.origin == DERIVED, 1), else_=0)).label("derived"),
        )
        .where(~memory.c.helper)
        .group_by(memory.c.source, memory.c.target, memory.c.reviewed)
        .order_by(memory.c.source, memory.c.target, memory.c.reviewed)
    )
    return list(connection.execute(query))


def refuse(
    connection: Connection, pair: Pair, refused: Sequence[Refusal], fingerprint: str, now: datetime
) -> None:
    """Keep refused answers and count how often each came."""
    for one in refused:
        statement = insert(refusals).values(
            source=pair.source,
            target=pair.target,
            key=key(one.segment),
            engine=one.engine,
            answer_hash=hashlib.blake2b(one.answer.encode(), digest_size=16).hexdigest(),
            fingerprint=fingerprint,
            segment=one.segment,
            answer=one.answer,
            reason=one.reason,
            times=one.times,
            excused=one.excused,
            last=now,
        )
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["source", "target", "key", "engine", "answer_hash", "fingerprint"],
                set_={
                    "times": refusals.c.times + one.times,
                    "excused": refusals.c.excused + one.excused,
                    "reason": one.reason,
                    "last": now,
                },
            )
        )


def refused(
    connection: Connection, pair: Pair, segments: Collection[str], fingerprint: str
) -> dict[str, list[Refusal]]:
    """Return the refusals of segments under the present engines and glossary."""
    by_key = _by_key(segments)
    found: dict[str, list[Refusal]] = {}
    for row in _REFUSALS.rows(connection, _told(pair, by_key)):
        if row.fingerprint != fingerprint:
            continue
        for segment in by_key[row.key]:
            told = Refusal(segment, row.engine, row.answer, row.reason, row.times, row.excused)
            found.setdefault(segment, []).append(told)
    return found


def forget_refusals(connection: Connection, segments: Collection[str]) -> None:
    """Let refused segments be asked again, in every direction."""
    for one in segments:
        connection.execute(delete(refusals).where(refusals.c.key == key(one)))


def forget(connection: Connection, segments: Collection[str]) -> None:
    """Delete what engines and reviewers said of segments, in every direction."""
    for one in segments:
        rows = connection.execute(select(memory.c.source).where(memory.c.key == key(one)).distinct())
        for source in rows.scalars().all():
            drop_marks(connection, source, key(one), one)
        connection.execute(delete(memory).where(memory.c.key == key(one)))
    forget_refusals(connection, segments)
