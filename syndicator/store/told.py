"""Queries about answers of engines that were told the glossary's terms.

Such an answer holds good for those terms only, so it is kept under them beside the segment. The answers of
all other engines stand in the memory itself, where a changed term buys nothing again.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection, and_, delete, exists, select
from sqlalchemy.dialects.sqlite import insert

from syndicator.model import Pair, Remembered
from syndicator.store.memory import key
from syndicator.store.schema import memory, told_answers
from syndicator.translation.tmx import MemoryUnit

_AT_ONCE = 500  # keys in one IN (…): below SQLite's limit of bound values


def lookup(connection: Connection, pair: Pair, terms: Mapping[str, str]) -> dict[str, Remembered]:
    """Return what is known of segments under the terms, by segment."""
    wanted: dict[str, list[str]] = {}
    for segment, told in terms.items():
        if told:
            wanted.setdefault(key(segment), []).append(segment)
    keys = list(wanted)
    found: dict[str, Remembered] = {}
    for at in range(0, len(keys), _AT_ONCE):
        rows = connection.execute(
            select(told_answers).where(
                told_answers.c.source == pair.source,
                told_answers.c.target == pair.target,
                told_answers.c.key.in_(keys[at : at + _AT_ONCE]),
            )
        )
        for row in rows:
            for segment in wanted[row.key]:
                if row.terms == terms[segment]:
                    found[segment] = Remembered(row.answer, row.origin, row.warning)
    return found


def remember(
    connection: Connection,
    pair: Pair,
    answers: Mapping[str, Remembered],
    helpers: Collection[str],
    terms: Mapping[str, str],
    now: datetime,
) -> None:
    """Store answers under the terms that their engine was told."""
    for segment, answer in answers.items():
        statement = insert(told_answers).values(
            source=pair.source,
            target=pair.target,
            key=key(segment),
            terms=terms[segment],
            segment=segment,
            answer=answer.text,
            origin=answer.origin,
            helper=segment in helpers,
            warning=answer.warning,
            created=now,
        )
        replaced = {name: statement.excluded[name] for name in ("answer", "origin", "warning", "created")}
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["source", "target", "key", "terms"],
                # What is a sentence somewhere stays one, even if elsewhere it only places markup.
                set_={**replaced, "helper": and_(told_answers.c.helper, statement.excluded.helper)},
            )
        )


def units(connection: Connection) -> Iterator[MemoryUnit]:
    """Yield, for export, the newest answer to each sentence that the memory lacks, in a stable order."""
    order = (told_answers.c.source, told_answers.c.target, told_answers.c.key)
    in_memory = exists().where(
        memory.c.source == told_answers.c.source,
        memory.c.target == told_answers.c.target,
        memory.c.key == told_answers.c.key,
    )
    query = select(told_answers).where(~told_answers.c.helper, ~in_memory)
    before = None
    for row in connection.execute(
        query.order_by(*order, told_answers.c.created.desc(), told_answers.c.terms)
    ):
        at = (row.source, row.target, row.key)
        if at != before:
            yield MemoryUnit(row.source, row.target, row.segment, row.answer, row.origin)
        before = at


def forget(connection: Connection, segments: Collection[str]) -> None:
    """Delete what was answered to segments, in every direction and under all terms."""
    for one in segments:
        connection.execute(delete(told_answers).where(told_answers.c.key == key(one)))
