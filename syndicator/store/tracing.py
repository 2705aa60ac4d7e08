"""What the store remembers of one article's way: read-only queries for ``articles trace``."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, bindparam, select

from syndicator.model import Pair
from syndicator.store.memory import key
from syndicator.store.prepared import Prepared
from syndicator.store.schema import (
    arrivals,
    articles,
    feed_entries,
    memory,
    refusals,
    renditions,
    rerenderings,
    revisions,
    told_answers,
)

_AT_ONCE = 500


_BECAME = Prepared(
    select(articles.c.public_id)
    .join(arrivals, arrivals.c.article_id == articles.c.id)
    .where(arrivals.c.id == bindparam("arrival"))
)


def public_id_of(connection: Connection, arrival_id: int) -> str:
    """Return the public id of what an arrival became or repeats; "" where that is nothing."""
    found = _BECAME.first(connection, {"arrival": arrival_id})
    return str(found.public_id) if found else ""


def public_ids(connection: Connection, article_ids: Sequence[int]) -> Iterator[str]:
    """Yield the public ids of articles that are there."""
    for at in range(0, len(article_ids), _AT_ONCE):
        query = select(articles.c.public_id).where(articles.c.id.in_(article_ids[at : at + _AT_ONCE]))
        yield from connection.execute(query).scalars()


def article_row(connection: Connection, article_id: int) -> Row[Any]:
    """Return an article's own row."""
    return connection.execute(select(articles).where(articles.c.id == article_id)).one()


def arrivals_of(connection: Connection, article_id: int) -> Sequence[Row[Any]]:
    """Return the items that became the article or repeat it, the earliest first."""
    query = select(arrivals).where(arrivals.c.article_id == article_id).order_by(arrivals.c.first_seen)
    return list(connection.execute(query))


def renditions_of(connection: Connection, article_id: int) -> Sequence[Row[Any]]:
    """Return how far each revision is in each language, and whether it is to be put together anew."""
    query = (
        select(
            revisions.c.number,
            revisions.c.created,
            revisions.c.language.label("original"),
            renditions.c.language,
            renditions.c.state,
            renditions.c.reason,
            renditions.c.attempts,
            renditions.c.retry_at,
            renditions.c.updated,
            renditions.c.fields,
            rerenderings.c.revision_id.label("anew"),
        )
        .join(renditions, renditions.c.revision_id == revisions.c.id)
        .outerjoin(
            rerenderings,
            (rerenderings.c.revision_id == renditions.c.revision_id)
            & (rerenderings.c.language == renditions.c.language),
        )
        .where(revisions.c.article_id == article_id)
        .order_by(revisions.c.number, renditions.c.language)
    )
    return list(connection.execute(query))


def places_of(connection: Connection, article_id: int) -> Sequence[Row[Any]]:
    """Return the feeds that the article entered."""
    query = (
        select(feed_entries).where(feed_entries.c.article_id == article_id).order_by(feed_entries.c.entered)
    )
    return list(connection.execute(query))


def answers_for(connection: Connection, pair: Pair, segments: Collection[str]) -> Iterator[Row[Any]]:
    """Yield the remembered answers for segments: of several, the one that counts comes last."""
    yield from _of_segments(
        connection, memory, pair, segments, memory.c.reviewed, memory.c.reviewed.is_(False)
    )
    yield from _of_segments(connection, told_answers, pair, segments, told_answers.c.created)
    yield from _of_segments(
        connection, memory, pair, segments, memory.c.reviewed, memory.c.reviewed.is_(True)
    )


def refusals_for(connection: Connection, pair: Pair, segments: Collection[str]) -> Sequence[Row[Any]]:
    """Return the refused answers for segments, under present and former engines, the earliest first."""
    found = _of_segments(connection, refusals, pair, segments, refusals.c.last)
    return sorted(found, key=lambda row: row.last)


def _of_segments(
    connection: Connection,
    table: Table,
    pair: Pair,
    segments: Collection[str],
    order: ColumnElement[Any],
    *further: ColumnElement[bool],
) -> Iterator[Row[Any]]:
    keys = list(dict.fromkeys(map(key, segments)))
    for at in range(0, len(keys), _AT_ONCE):
        query = select(table).where(
            table.c.source == pair.source,
            table.c.target == pair.target,
            table.c.key.in_(keys[at : at + _AT_ONCE]),
            *further,
        )
        yield from connection.execute(query.order_by(order))
