"""Queries that find remembered segments by others: those that differ in numerals only, and the nearest ones.

Both go by an index, so that a look-up costs the same in a large memory as in a small one: by the hash of the
segment without its numerals, and by the marks of :mod:`syndicator.translation.likeness`.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Sequence
from functools import lru_cache

from sqlalchemy import Connection, Integer, bindparam, column, delete, func, select, true, update
from sqlalchemy.dialects.sqlite import insert

from syndicator.model import Pair
from syndicator.ports import Similar
from syndicator.store.prepared import Prepared
from syndicator.store.schema import memory, memory_marks
from syndicator.translation.likeness import MARKS_ASKED, NEAR, likeness, marks
from syndicator.translation.segment import normalised
from syndicator.translation.substitution import masked

PER_MASK = 8  # of the segments that differ in numerals only: "Снимка 3 от 12" may be there a thousand times
PER_MARK = 40  # keys read for one mark: a common pair of words tells little
COMPARED = 40  # candidates whose text is compared
_AT_ONCE = 500  # masks in one IN (…): below SQLite's limit of bound values


@lru_cache(maxsize=4096)  # of a segment it is asked for when it is looked up and when it is remembered
def mask_key(segment: str) -> str:
    """Return the key of a segment without its numerals; ``""`` where it has none."""
    mask = masked(normalised(segment))
    return hashlib.blake2b(mask.encode(), digest_size=16).hexdigest() if mask else ""


def unmarked(connection: Connection) -> int:
    """Return how many remembered segments have no marks yet."""
    waiting = select(func.count()).select_from(memory).where(~memory.c.marked, ~memory.c.helper)
    return connection.execute(waiting).scalar_one()


def mark_fresh(connection: Connection, most: int) -> int:
    """Make remembered segments that have no marks yet findable by ones nearly alike; return how many.

    Not when they are remembered: engines that take no hints never ask for them, and held articles are few.
    """
    rows = _UNMARKED.rows(connection, {"most": most})
    _ADD_MARKS.run(
        connection,
        *(
            {"mark": mark, "key": row.key}
            for row in rows
            for mark in marks(normalised(row.segment), row.source)
        ),
    )
    _MARKED.run(connection, *({"at": row.at} for row in rows))
    return len(rows)


_row = column("rowid", Integer)
_UNMARKED = Prepared(
    select(_row.label("at"), memory.c.key, memory.c.source, memory.c.segment)
    .where(~memory.c.marked, ~memory.c.helper)
    .limit(bindparam("most", type_=Integer))
)
_MARKED = Prepared(update(memory).where(_row == bindparam("at", type_=Integer)).values(marked=true()))
_ADD_MARKS = Prepared(insert(memory_marks).on_conflict_do_nothing(), ["mark", "key"])


def drop_marks(connection: Connection, source: str, key: str, segment: str) -> None:
    """Forget the marks of a segment."""
    for mark in marks(normalised(segment), source):
        connection.execute(delete(memory_marks).where(memory_marks.c.mark == mark, memory_marks.c.key == key))


_BY_MASK = (
    select(memory.c.segment, memory.c.answer, memory.c.origin, memory.c.warning)
    .where(
        memory.c.source == bindparam("source"),
        memory.c.target == bindparam("target"),
        memory.c.mask == bindparam("mask"),
        ~memory.c.helper,
    )
    .order_by(memory.c.reviewed.desc(), memory.c.key)
    .limit(PER_MASK)
)
_KNOWN_MASKS = (
    select(memory.c.mask)
    .where(
        memory.c.source == bindparam("source"),
        memory.c.target == bindparam("target"),
        memory.c.mask.in_(bindparam("masks", expanding=True)),
    )
    .distinct()
)
_BY_MARK = select(memory_marks.c.key).where(memory_marks.c.mark == bindparam("mark")).limit(PER_MARK)


def but_for_numerals(
    connection: Connection, pair: Pair, segments: Collection[str]
) -> dict[str, list[Similar]]:
    """Return what is known of segments that differ in numerals only, reviewed ones first.

    Answers that stood with a doubt are no ground to build on and left out.
    """
    masks = {segment: mask for segment in segments if (mask := mask_key(segment))}
    known = _known_masks(connection, pair, set(masks.values()))
    found: dict[str, list[Similar]] = {}
    for segment, mask in masks.items():
        if mask not in known:
            continue
        rows = connection.execute(_BY_MASK, {"source": pair.source, "target": pair.target, "mask": mask})
        told = [
            Similar(row.segment, row.answer, row.origin, likeness(segment, row.segment))
            for row in rows
            if row.answer and not row.warning
        ]
        if told:
            found[segment] = told
    return found


def _known_masks(connection: Connection, pair: Pair, masks: Collection[str]) -> set[str]:
    """Return those masks under which something is remembered; of most segments nothing is."""
    wanted = list(masks)
    found: set[str] = set()
    for at in range(0, len(wanted), _AT_ONCE):
        told = {"source": pair.source, "target": pair.target, "masks": wanted[at : at + _AT_ONCE]}
        found.update(connection.execute(_KNOWN_MASKS, told).scalars())
    return found


def similar(
    connection: Connection, pair: Pair, segments: Collection[str], limit: int
) -> dict[str, Sequence[Similar]]:
    """Return, by segment, up to ``limit`` remembered ones that are nearly alike, the nearest first.

    Only of those that have their marks (:func:`mark_fresh`), and never the segment itself. A reviewed
    translation goes before an engine's of the same segment.
    """
    found: dict[str, Sequence[Similar]] = {}
    for segment in segments:
        near = _nearest(connection, pair, normalised(segment), limit)
        if near:
            found[segment] = near
    return found


def _nearest(connection: Connection, pair: Pair, segment: str, limit: int) -> list[Similar]:
    shared: Counter[str] = Counter()
    for mark in marks(segment, pair.source, MARKS_ASKED):
        shared.update(connection.execute(_BY_MARK, {"mark": mark}).scalars())
    keys = [key for key, _ in shared.most_common(COMPARED)]
    if not keys:
        return []
    rows = connection.execute(
        select(memory.c.key, memory.c.segment, memory.c.answer, memory.c.origin, memory.c.reviewed).where(
            memory.c.source == pair.source,
            memory.c.target == pair.target,
            memory.c.key.in_(keys),
            ~memory.c.helper,
            memory.c.answer != "",
        )
    )
    best: dict[str, Similar] = {}
    for row in sorted(rows, key=lambda one: one.reviewed):
        score = likeness(segment, row.segment)
        if score >= NEAR and normalised(row.segment) != segment:
            best[row.key] = Similar(row.segment, row.answer, row.origin, score)
    return sorted(best.values(), key=lambda one: (-one.score, one.segment))[:limit]
