"""Queries that tie near-duplicates together: articles of one press release are a family.

Who leads a family is not stored: it depends on the feed, on the sources' priorities and on who is withdrawn.
"""

import json
import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, or_, select, update

from syndicator.extract.likeness import are_alike
from syndicator.model import Article
from syndicator.store.codec import article_from_row
from syndicator.store.prepared import Prepared
from syndicator.store.schema import articles, likenesses, revisions

WINDOW = timedelta(days=30)  # a press release is copied within days; later likeness is a yearly notice's
MOST_CANDIDATES = 20  # the likeliest ones; more are a template, not a press release


def introduce(
    connection: Connection,
    article_id: int,
    source_id: str,
    article: Article,
    traces: Sequence[int],
    first_seen: datetime,
) -> bool:
    """Put an article that is alone so far with those it is a near-duplicate of.

    Return whether it is one of a family now. A family holds one article of each source: two notices of one
    site that look alike are two notices.
    """
    _keep(connection, article_id, traces, first_seen)
    for row in _candidates(connection, source_id, traces, first_seen):
        if _has_source(connection, row.family, source_id) or not are_alike(_article(row), article):
            continue
        name = row.family or secrets.token_hex(8)
        both = articles.c.id.in_([row.id, article_id])
        connection.execute(update(articles).where(both).values(family=name))
        return True
    return False


def relate(
    connection: Connection,
    article_id: int,
    source_id: str,
    article: Article,
    traces: Sequence[int],
    now: datetime,
) -> bool:
    """Put an edited article with its near-duplicates, and take it from those it is none of any more.

    Return whether it is one of a family now.
    """
    known = connection.execute(_KNOWN, {"article": article_id}).first()
    first_seen, family = (known.first_seen, known.family) if known else (now, None)
    connection.execute(_FORGET, {"article": article_id})
    if family:
        if any(are_alike(_article(row), article) for row in _members(connection, family, article_id)):
            _keep(connection, article_id, traces, first_seen)
            return True
        connection.execute(update(articles).where(articles.c.id == article_id).values(family=None))
    return introduce(connection, article_id, source_id, article, traces, first_seen)


def _keep(connection: Connection, article_id: int, traces: Sequence[int], seen: datetime) -> None:
    rows = [
        {"article_id": article_id, "band": band, "hash": trace, "seen": seen}
        for band, trace in enumerate(traces)
    ]
    _KEEP.run(connection, *rows)


_KEEP = Prepared(insert(likenesses), ["article_id", "band", "hash", "seen"])


_TEXTS = (
    select(
        articles.c.id,
        articles.c.family,
        articles.c.source_id,
        revisions.c.title,
        revisions.c.body,
        revisions.c.language,
        revisions.c.fields,
    )
    .select_from(articles)
    .join(revisions, revisions.c.id == articles.c.revision_id)
)


_TEXTS_OF = _TEXTS.where(articles.c.id.in_(bindparam("articles", expanding=True)))
_KNOWN = select(articles.c.first_seen, articles.c.family).where(articles.c.id == bindparam("article"))
_FORGET = delete(likenesses).where(likenesses.c.article_id == bindparam("article"))


def _members(connection: Connection, family: str, but: int) -> Iterator[Any]:
    yield from connection.execute(_TEXTS.where(articles.c.family == family, articles.c.id != but))


def _candidates(
    connection: Connection, source_id: str, traces: Sequence[int], seen: datetime
) -> Iterator[Any]:
    """Yield other sources' articles of the same weeks that share a trace, those with most traces first."""
    if not traces or not _IS_THERE_ANOTHER.rows(connection, {"source": source_id}):
        return
    told = {
        "source": source_id,
        "since": seen - WINDOW,
        "until": seen + WINDOW,
        "traces": json.dumps(list(traces)),
    }
    likely = [found.article_id for found in _LIKELY.rows(connection, told)]
    if not likely:
        return
    found = {row.id: row for row in connection.execute(_TEXTS_OF, {"articles": likely})}
    yield from (found[one] for one in likely if one in found)


# With one source nothing is compared. Two ranges of an index: to find what is "not equal" all of it is read.
_IS_THERE_ANOTHER = Prepared(
    select(articles.c.id)
    .where(or_(articles.c.source_id < bindparam("source"), articles.c.source_id > bindparam("source")))
    .limit(1)
)
_LIKELY = Prepared(
    select(likenesses.c.article_id, func.count().label("traces"))
    .join(articles, articles.c.id == likenesses.c.article_id)
    .where(
        # A trace of one band is hardly ever another one's: asking for the band, too, took a third longer.
        likenesses.c.hash.in_(select(func.json_each(bindparam("traces")).table_valued("value").c.value)),
        likenesses.c.seen >= bindparam("since"),
        likenesses.c.seen <= bindparam("until"),
        articles.c.source_id != bindparam("source"),
    )
    .group_by(likenesses.c.article_id)
    .order_by(func.count().desc(), likenesses.c.article_id)
    .limit(MOST_CANDIDATES)
)


def _has_source(connection: Connection, family: str | None, source_id: str) -> bool:
    if family is None:
        return False
    query = select(articles.c.id).where(articles.c.family == family, articles.c.source_id == source_id)
    return connection.execute(query.limit(1)).first() is not None


def _article(row: Row[Any]) -> Article:
    return article_from_row(row.title, row.body, row.language, row.fields)


def family_rows(connection: Connection, family: str) -> Sequence[Row[Any]]:
    """Return the articles of a family, the earliest first."""
    query = (
        select(
            articles.c.id,
            articles.c.public_id,
            articles.c.source_id,
            articles.c.url,
            articles.c.first_seen,
            articles.c.withdrawn_at,
            revisions.c.title,
        )
        .join(revisions, revisions.c.id == articles.c.revision_id)
        .where(articles.c.family == family)
        .order_by(articles.c.id)
    )
    return list(connection.execute(query))
