"""Read-only sums for those who watch over the service: metrics, the status page, alerts."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Subquery, and_, func, select

from syndicator.model import TranslationState
from syndicator.store.schema import announcements, articles, engine_days, feed_entries, renditions, sources


def newest_per_source(connection: Connection) -> Mapping[str, tuple[int, datetime]]:
    """Return, for each source, how many articles came from it and when the last one did."""
    query = select(
        articles.c.source_id, func.count().label("articles"), func.max(articles.c.first_seen).label("newest")
    ).group_by(articles.c.source_id)
    return {row.source_id: (row.articles, row.newest) for row in connection.execute(query)}


def engine_totals(connection: Connection) -> Mapping[str, Row[Any]]:
    """Return what each engine was ever asked: requests, characters, errors, seconds."""
    sums = (
        func.sum(engine_days.c[name]).label(name) for name in ("requests", "characters", "errors", "seconds")
    )
    query = select(engine_days.c.engine, *sums).group_by(engine_days.c.engine)
    return {row.engine: row for row in connection.execute(query)}


def held_reasons(connection: Connection, languages: Collection[str]) -> Sequence[Row[Any]]:
    """Return the newest revisions that are held in languages: article, language, reason."""
    query = (
        select(articles.c.public_id, articles.c.source_id, renditions.c.language, renditions.c.reason)
        .join(renditions, renditions.c.revision_id == articles.c.revision_id)
        .where(
            renditions.c.language.in_(list(languages)),  # with the state, an index finds them
            renditions.c.state == TranslationState.HELD,
            articles.c.withdrawn_at.is_(None),
        )
        .order_by(articles.c.id, renditions.c.language)
    )
    return list(connection.execute(query))


def waiting_announcements(connection: Connection) -> int:
    """Return how many changes of feeds hubs still have to be told of, after a failure."""
    query = select(func.count()).select_from(announcements).where(announcements.c.attempts > 0)
    return int(connection.execute(query).scalar() or 0)


def taken_per_day(connection: Connection, since: datetime) -> Mapping[str, int]:
    """Return how many articles came in on each day (UTC, ``2026-11-24``) since a moment."""
    day = func.date(articles.c.first_seen)
    query = (
        select(day.label("day"), func.count().label("articles"))
        .where(articles.c.first_seen >= since)
        .group_by(day)
    )
    return {row.day: row.articles for row in connection.execute(query)}


def first_publications() -> Subquery:
    """Return what selects when each article entered a feed for the first time in each language."""
    return (
        select(
            feed_entries.c.language,
            feed_entries.c.article_id,
            func.min(feed_entries.c.entered).label("entered"),
        )
        .group_by(feed_entries.c.language, feed_entries.c.article_id)
        .subquery()
    )


def published_per_day(connection: Connection, since: datetime) -> Mapping[tuple[str, str], int]:
    """Return how many articles were first published on each day (UTC) in each language since a moment."""
    first = first_publications()
    day = func.date(first.c.entered)
    query = (
        select(day.label("day"), first.c.language, func.count().label("articles"))
        .where(first.c.entered >= since)
        .group_by(day, first.c.language)
    )
    return {(row.day, row.language): row.articles for row in connection.execute(query)}


def engine_use_per_day(connection: Connection, since: str) -> Sequence[Row[Any]]:
    """Return the accounts of engines for each day (UTC) from a day on."""
    query = select(engine_days).where(and_(engine_days.c.day >= since)).order_by(engine_days.c.day)
    return list(connection.execute(query))


def poll_errors(connection: Connection) -> Mapping[str, str]:
    """Return the last error of each source whose last poll failed."""
    query = select(sources.c.id, sources.c.last_error).where(sources.c.failures > 0)
    return {row.id: row.last_error for row in connection.execute(query)}
