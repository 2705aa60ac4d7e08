"""Read-only queries for people: what ``status`` and ``articles`` show."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, func, or_, select

from syndicator.model import TranslationState
from syndicator.ports import ArrivalState, Stored
from syndicator.store.articles import STORED, stored
from syndicator.store.schema import arrivals, articles, feed_files, openings, renditions, revisions, sources

PAGE = 500


def source_rows(connection: Connection) -> Mapping[str, Row[Any]]:
    """Return what is remembered of each source."""
    return {row.id: row for row in connection.execute(select(sources))}


def articles_per_source(connection: Connection) -> Mapping[str, int]:
    """Return how many articles came from each source."""
    query = select(articles.c.source_id, func.count().label("articles")).group_by(articles.c.source_id)
    return {row.source_id: row.articles for row in connection.execute(query)}


def waiting_arrivals(connection: Connection) -> Sequence[Row[Any]]:
    """Return what was offered and could not be taken in yet, with the reasons."""
    query = (
        select(arrivals.c.source_id, arrivals.c.key, arrivals.c.item, arrivals.c.reason, arrivals.c.attempts)
        .where(arrivals.c.state == ArrivalState.WAITING, arrivals.c.reason != "")
        .order_by(arrivals.c.id)
    )
    return list(connection.execute(query))


def published_per_language(connection: Connection) -> Mapping[str, int]:
    """Return how many articles are finished in each language."""
    query = (
        select(renditions.c.language, func.count(renditions.c.article_id.distinct()).label("articles"))
        .where(renditions.c.state == TranslationState.DONE)
        .group_by(renditions.c.language)
    )
    return {row.language: row.articles for row in connection.execute(query)}


def unfinished(connection: Connection, language: str, source_ids: Collection[str]) -> Sequence[Row[Any]]:
    """Return the newest revisions that are not finished in a language: article, title, state, reason."""
    query = (
        select(
            articles.c.id,
            articles.c.public_id,
            articles.c.source_id,
            revisions.c.title,
            revisions.c.language,
            revisions.c.created,
            func.coalesce(renditions.c.state, TranslationState.PENDING.value).label("state"),
            func.coalesce(renditions.c.reason, "").label("reason"),
            renditions.c.retry_at,
        )
        .join(revisions, revisions.c.id == articles.c.revision_id)
        .join(openings, and_(openings.c.source_id == articles.c.source_id, openings.c.language == language))
        .outerjoin(
            renditions, and_(renditions.c.revision_id == revisions.c.id, renditions.c.language == language)
        )
        .where(
            articles.c.withdrawn_at.is_(None),
            articles.c.source_id.in_(list(source_ids)),
            articles.c.id >= openings.c.oldest_article,
            or_(renditions.c.state.is_(None), renditions.c.state != TranslationState.DONE),
        )
        .order_by(articles.c.id)
    )
    return list(connection.execute(query))


def article_rows(connection: Connection, after: int = 0) -> Sequence[Row[Any]]:
    """Return a page of articles by id: identity, source, title of the newest revision."""
    query = (
        select(
            articles.c.id,
            articles.c.public_id,
            articles.c.source_id,
            articles.c.url,
            articles.c.first_seen,
            articles.c.withdrawn_at,
            revisions.c.title,
            revisions.c.number,
            revisions.c.language,
        )
        .join(revisions, revisions.c.id == articles.c.revision_id)
        .where(articles.c.id > after)
        .order_by(articles.c.id)
        .limit(PAGE)
    )
    return list(connection.execute(query))


def rendition_states(connection: Connection, article_ids: Collection[int]) -> Mapping[int, Mapping[str, Any]]:
    """Return, per article and language, the state of its newest revision's rendition."""
    query = (
        select(
            articles.c.id.label("article_id"),
            renditions.c.language,
            renditions.c.state,
            renditions.c.reason,
            renditions.c.updated,
            renditions.c.title,
            renditions.c.body,
            renditions.c.fields,
            renditions.c.retry_at,
        )
        .join(renditions, renditions.c.revision_id == articles.c.revision_id)
        .where(articles.c.id.in_(list(article_ids)))
        .order_by(articles.c.id, renditions.c.language)
    )
    found: dict[int, dict[str, Any]] = {}
    for row in connection.execute(query):
        found.setdefault(row.article_id, {})[row.language] = row
    return found


def article_id(connection: Connection, named: str) -> int | None:
    """Return the row id of an article named by its public id, or by the beginning of it if that is unique."""
    query = select(articles.c.id).where(articles.c.public_id.startswith(named, autoescape=True)).limit(2)
    found = [row.id for row in connection.execute(query)]
    return found[0] if len(found) == 1 else None


def feed_rows(connection: Connection) -> Sequence[Row[Any]]:
    """Return what was last written of each feed; of a private one, of the first partner's."""
    query = select(feed_files).order_by(feed_files.c.feed_id, feed_files.c.language, feed_files.c.realm)
    found: dict[tuple[str, str], Row[Any]] = {}
    for row in connection.execute(query):
        found.setdefault((row.feed_id, row.language), row)
    return list(found.values())


def translations_done(connection: Connection) -> int:
    """Return how many renditions are finished in a language that is not their article's own."""
    query = (
        select(func.count())
        .select_from(renditions)
        .join(revisions, revisions.c.id == renditions.c.revision_id)
        .where(renditions.c.state == TranslationState.DONE, renditions.c.language != revisions.c.language)
    )
    return int(connection.execute(query).scalar() or 0)


def history(connection: Connection, article_id: int) -> Sequence[Row[Any]]:
    """Return an article's revisions, the oldest first."""
    query = (
        select(revisions.c.number, revisions.c.created, revisions.c.fields)
        .where(revisions.c.article_id == article_id)
        .order_by(revisions.c.number)
    )
    return list(connection.execute(query))


def presence(connection: Connection, article_id: int) -> Any:  # noqa: ANN401 - a row
    """Return an article's key, since when its page is gone, and who withdrew it."""
    query = select(articles.c.key, articles.c.gone_at, articles.c.withdrawn_by).where(
        articles.c.id == article_id
    )
    return connection.execute(query).one()


def stored_article(connection: Connection, article_id: int) -> Stored:
    """Return the newest revision of an article."""
    query = (
        select(*STORED)
        .join(revisions, revisions.c.id == articles.c.revision_id)
        .where(articles.c.id == article_id)
    )
    return stored(connection.execute(query).one())


def keys_of(connection: Connection, article_id: int) -> list[tuple[str, str]]:
    """Return every source and key under which an article came in."""
    own = select(articles.c.source_id, articles.c.key).where(articles.c.id == article_id)
    offered = select(arrivals.c.source_id, arrivals.c.key).where(arrivals.c.article_id == article_id)
    return sorted({(row.source_id, row.key) for query in (own, offered) for row in connection.execute(query)})
