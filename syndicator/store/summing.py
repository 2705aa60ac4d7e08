"""Queries that sum up a period, for ``report``."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from syndicator.model import Mark, TranslationState
from syndicator.store.figures import first_publications
from syndicator.store.schema import articles, engine_days, renditions


def articles_by_source(connection: Connection, start: datetime, end: datetime) -> list[dict[str, Any]]:
    """Return how many articles came in from each source."""
    query = (
        select(articles.c.source_id, func.count().label("articles"))
        .where(articles.c.first_seen >= start, articles.c.first_seen < end)
        .group_by(articles.c.source_id)
        .order_by(func.count().desc(), articles.c.source_id)
    )
    return [{"source": row.source_id, "articles": row.articles} for row in connection.execute(query)]


def published_by_language(connection: Connection, start: datetime, end: datetime) -> list[dict[str, Any]]:
    """Return how many articles entered a feed for the first time in each language, and how they were made."""
    first = first_publications()
    newest = (
        select(
            renditions.c.article_id,
            renditions.c.language,
            func.max(renditions.c.revision_id).label("revision_id"),
        )
        .where(renditions.c.state == TranslationState.DONE)
        .group_by(renditions.c.article_id, renditions.c.language)
        .subquery()
    )
    mark = func.json_extract(renditions.c.fields, "$.mark")
    query = (
        select(first.c.language, mark.label("mark"), func.count().label("articles"))
        .join(
            newest,
            (newest.c.article_id == first.c.article_id) & (newest.c.language == first.c.language),
        )
        .join(
            renditions,
            (renditions.c.revision_id == newest.c.revision_id) & (renditions.c.language == newest.c.language),
        )
        .where(first.c.entered >= start, first.c.entered < end)
        .group_by(first.c.language, mark)
        .order_by(first.c.language)
    )
    found: dict[str, dict[str, Any]] = {}
    for row in connection.execute(query):
        counts = dict.fromkeys((one.value for one in Mark), 0)
        told = found.setdefault(row.language, {"language": row.language, "articles": 0, **counts})
        told["articles"] += row.articles
        told[row.mark] += row.articles
    return list(found.values())


def engines(connection: Connection, first: date, last: date) -> Sequence[Row[Any]]:
    """Return each engine's sums over some days of UTC."""
    sums = (
        func.sum(engine_days.c[name]).label(name) for name in ("requests", "characters", "errors", "seconds")
    )
    query = (
        select(engine_days.c.engine, *sums)
        .where(engine_days.c.day >= first.isoformat(), engine_days.c.day <= last.isoformat())
        .group_by(engine_days.c.engine)
        .order_by(engine_days.c.engine)
    )
    return list(connection.execute(query))
