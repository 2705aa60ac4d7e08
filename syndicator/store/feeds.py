"""Queries about the articles' places in the feeds."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from syndicator.model import TranslationState
from syndicator.ports import FeedFile, Published
from syndicator.store.articles import STORED, newest_finished, stored
from syndicator.store.codec import rendition_from_row
from syndicator.store.schema import articles, feed_archives, feed_entries, feed_files, renditions, revisions


def _published(language: str) -> Select[Any]:
    newest = newest_finished(language)
    return (
        select(
            *STORED,
            renditions.c.language,
            renditions.c.title,
            renditions.c.body,
            renditions.c.fields,
            renditions.c.updated,
            read_before(language).label("read_before"),
        )
        .select_from(articles)
        .join(renditions, and_(renditions.c.revision_id == newest, renditions.c.language == language))
        .join(revisions, revisions.c.id == renditions.c.revision_id)
    )


def read_before(language: str) -> ColumnElement[bool]:
    """Return whether readers of a language read another text of an article than its rendition's."""
    earlier = renditions.alias("earlier")
    return (
        select(earlier.c.revision_id)
        .where(
            earlier.c.article_id == renditions.c.article_id,
            earlier.c.language == language,
            earlier.c.state == TranslationState.DONE,
            earlier.c.revision_id < renditions.c.revision_id,
            earlier.c.content_hash != renditions.c.content_hash,
            or_(  # the hash tells of a new address or picture, too: nothing that was wrong before
                earlier.c.title != renditions.c.title,
                earlier.c.body != renditions.c.body,
                earlier.c.fields["summary"].as_string() != renditions.c.fields["summary"].as_string(),
            ),
        )
        .correlate(renditions)
        .exists()
    )


def candidates(
    connection: Connection,
    feed_id: str,
    language: str,
    source_ids: Collection[str],
    among: Collection[int] | None = None,
) -> Iterator[Published]:
    """Yield finished articles that have no place in the feed yet, the oldest first."""
    taken = and_(
        feed_entries.c.article_id == articles.c.id,
        feed_entries.c.feed_id == feed_id,
        feed_entries.c.language == language,
    )
    query = (
        _published(language)
        .outerjoin(feed_entries, taken)
        .where(
            feed_entries.c.article_id.is_(None),
            articles.c.withdrawn_at.is_(None),
            articles.c.source_id.in_(list(source_ids)),
        )
        .order_by(articles.c.id)
    )
    if among is not None:
        query = query.where(articles.c.id.in_(list(among)))
    for row in connection.execute(query).all():  # one by one, each would cost a quarter more
        yield _value(row, None)


def enter(
    connection: Connection, feed_id: str, language: str, article_ids: Sequence[int], now: datetime
) -> None:
    """Give articles their places in a feed, in the given order.

    Behind all others, and behind what an archive document holds, be it that its last entries were erased.
    """
    last = max(
        connection.execute(
            select(func.max(place)).where(table.c.feed_id == feed_id, table.c.language == language)
        ).scalar()
        or 0
        for table, place in (
            (feed_entries, feed_entries.c.place),
            (feed_archives, feed_archives.c.last_place),
        )
    )
    there = _existing(connection, article_ids)
    rows = [
        {"feed_id": feed_id, "language": language, "article_id": article_id, "entered": now, "place": place}
        for place, article_id in enumerate(article_ids, last + 1)
        if article_id in there  # else it was erased in the meantime
    ]
    if rows:
        connection.execute(insert(feed_entries).on_conflict_do_nothing(), rows)


def _existing(connection: Connection, article_ids: Sequence[int]) -> set[int]:
    found: set[int] = set()
    for at in range(0, len(article_ids), 500):
        query = select(articles.c.id).where(articles.c.id.in_(article_ids[at : at + 500]))
        found.update(connection.execute(query).scalars())
    return found


def entries(
    connection: Connection,
    feed_id: str,
    language: str,
    source_ids: Collection[str],
    limit: int,
    since: datetime,
) -> Iterator[Published]:
    """Yield a feed's entries, the newest first: ``limit`` of them, and all that entered after ``since``."""
    newest = (
        select(feed_entries.c.place)
        .join(articles, articles.c.id == feed_entries.c.article_id)
        .where(
            feed_entries.c.feed_id == feed_id,
            feed_entries.c.language == language,
            articles.c.source_id.in_(list(source_ids)),
        )
        .order_by(feed_entries.c.place.desc())
        .limit(limit)
        .subquery()
    )
    least = select(func.min(newest.c.place)).scalar_subquery()
    query = _standing(feed_id, language, source_ids).where(
        or_(feed_entries.c.place >= least, feed_entries.c.entered >= since)
    )
    for row in connection.execute(query).all():
        yield _value(row, row.entered)


def between(
    connection: Connection,
    feed_id: str,
    language: str,
    source_ids: Collection[str],
    places: tuple[int, int],
) -> Iterator[Published]:
    """Yield what stands in a feed from one place to another, both included, the newest first."""
    query = _standing(feed_id, language, source_ids).where(feed_entries.c.place.between(*places))
    for row in connection.execute(query):
        yield _value(row, row.entered)


def _standing(feed_id: str, language: str, source_ids: Collection[str]) -> Select[Any]:
    return (
        _published(language)
        .add_columns(feed_entries.c.entered)
        .join(
            feed_entries,
            and_(
                feed_entries.c.article_id == articles.c.id,
                feed_entries.c.feed_id == feed_id,
                feed_entries.c.language == language,
            ),
        )
        .where(articles.c.source_id.in_(list(source_ids)))
        .order_by(feed_entries.c.place.desc())
    )


def places_after(
    connection: Connection, feed_id: str, language: str, source_ids: Collection[str], after: int
) -> dict[int, datetime]:
    """Return the taken places of a feed behind one, in their order, each with when its entry came."""
    query = (
        select(feed_entries.c.place, feed_entries.c.entered)
        .join(articles, articles.c.id == feed_entries.c.article_id)
        .where(
            feed_entries.c.feed_id == feed_id,
            feed_entries.c.language == language,
            feed_entries.c.place > after,
            articles.c.source_id.in_(list(source_ids)),
        )
        .order_by(feed_entries.c.place)
    )
    return {row.place: row.entered for row in connection.execute(query)}


def relatives(
    connection: Connection, feed_id: str, language: str, families: Collection[str]
) -> Iterator[Published]:
    """Yield the finished articles of families that are not withdrawn, with their places in the feed."""
    place = and_(
        feed_entries.c.article_id == articles.c.id,
        feed_entries.c.feed_id == feed_id,
        feed_entries.c.language == language,
    )
    names = list(families)
    for at in range(0, len(names), 500):
        query = (
            _published(language)
            .add_columns(feed_entries.c.entered)
            .outerjoin(feed_entries, place)
            .where(articles.c.family.in_(names[at : at + 500]), articles.c.withdrawn_at.is_(None))
            .order_by(articles.c.id)
        )
        for row in connection.execute(query):
            yield _value(row, row.entered)


def _value(row: Any, entered: datetime | None) -> Published:  # noqa: ANN401
    one = stored(row)
    return Published(
        stored=one,
        rendition=rendition_from_row(row.language, row.title, row.body, row.fields),
        tag=f"tag:{row.authority}:{row.public_id}",
        # A withdrawal is a change that readers have to see, and so is its end.
        updated=max(filter(None, (row.updated, row.withdrawn_at, row.restored_at))),
        entered=entered,
        corrected=one.revised if row.read_before else None,
    )


def languages_of(connection: Connection, article_ids: Collection[int]) -> Mapping[int, tuple[str, ...]]:
    """Return in which languages each article is finished."""
    found: dict[int, set[str]] = {}
    ids = list(article_ids)
    for at in range(0, len(ids), 500):
        query = (
            select(renditions.c.article_id, renditions.c.language)
            .where(
                renditions.c.article_id.in_(ids[at : at + 500]), renditions.c.state == TranslationState.DONE
            )
            .distinct()
        )
        for row in connection.execute(query).all():
            found.setdefault(row.article_id, set()).add(row.language)
    return {article_id: tuple(sorted(languages)) for article_id, languages in found.items()}


def feed_file(connection: Connection, realm: int, feed_id: str, language: str) -> FeedFile | None:
    """Return what was last written of a feed."""
    row = connection.execute(select(feed_files).where(_is(realm, feed_id, language))).first()
    return _feed_file(row) if row else None


def feed_files_of(connection: Connection, realm: int) -> Iterator[FeedFile]:
    """Yield what was last written of each feed of a tree."""
    query = select(feed_files).where(feed_files.c.realm == realm)
    for row in connection.execute(query.order_by(feed_files.c.feed_id, feed_files.c.language)):
        yield _feed_file(row)


def _feed_file(row: Any) -> FeedFile:  # noqa: ANN401
    return FeedFile(row.feed_id, row.language, row.entries, row.content_hash, row.updated)


def _is(realm: int, feed_id: str, language: str) -> ColumnElement[bool]:
    return and_(
        feed_files.c.realm == realm, feed_files.c.feed_id == feed_id, feed_files.c.language == language
    )


def record_feed_file(connection: Connection, realm: int, written: FeedFile) -> None:
    """Remember what was written of a feed."""
    values = {"entries": written.entries, "content_hash": written.content_hash, "updated": written.updated}
    key = _is(realm, written.feed_id, written.language)
    if not connection.execute(update(feed_files).where(key).values(**values)).rowcount:
        names = {"realm": realm, "feed_id": written.feed_id, "language": written.language}
        connection.execute(insert(feed_files).values(**names, **values))


def drop_feed_file(connection: Connection, realm: int, feed_id: str, language: str) -> None:
    """Forget a feed whose files were taken away."""
    connection.execute(delete(feed_files).where(_is(realm, feed_id, language)))
