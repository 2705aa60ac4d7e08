"""Queries about the archive documents of feeds (RFC 5005 §4): which places each holds, and what changed."""

from collections.abc import Iterator

from sqlalchemy import Connection, and_, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from syndicator.model import TranslationState
from syndicator.ports import ArchiveFile
from syndicator.store.schema import articles, feed_archives, feed_entries, renditions


def archives(connection: Connection, realm: int, feed_id: str, language: str) -> Iterator[ArchiveFile]:
    """Yield the archive documents of a feed, the oldest first."""
    query = (
        select(feed_archives)
        .where(
            feed_archives.c.realm == realm,
            feed_archives.c.feed_id == feed_id,
            feed_archives.c.language == language,
        )
        .order_by(feed_archives.c.number)
    )
    for row in connection.execute(query):
        yield ArchiveFile(
            feed_id=row.feed_id,
            language=row.language,
            number=row.number,
            places=(row.first_place, row.last_place),
            frame=row.frame,
            stamp=row.stamp,
            content_hash=row.content_hash,
            updated=row.updated,
        )


def stamps(connection: Connection, realm: int, feed_id: str, language: str) -> dict[int, str]:
    """Return for each archive document what its entries are like now, without reading a text.

    What becomes a reader's news changes it: a new text, a withdrawal and its end, an erasure.
    """
    query = (
        select(
            feed_archives.c.number,
            func.count(renditions.c.revision_id),
            func.max(renditions.c.revision_id),
            func.max(renditions.c.updated),
            func.count(articles.c.withdrawn_at),
            func.max(articles.c.withdrawn_at),
            func.max(articles.c.restored_at),
        )
        .join(
            feed_entries,
            and_(
                feed_entries.c.feed_id == feed_archives.c.feed_id,
                feed_entries.c.language == feed_archives.c.language,
                feed_entries.c.place.between(feed_archives.c.first_place, feed_archives.c.last_place),
            ),
        )
        .join(articles, articles.c.id == feed_entries.c.article_id)
        .join(
            renditions,
            and_(
                renditions.c.article_id == articles.c.id,
                renditions.c.language == feed_archives.c.language,
                renditions.c.state == TranslationState.DONE,
            ),
        )
        .where(
            feed_archives.c.realm == realm,
            feed_archives.c.feed_id == feed_id,
            feed_archives.c.language == language,
        )
        .group_by(feed_archives.c.number)
    )
    return {row[0]: " ".join(map(str, row[1:])) for row in connection.execute(query)}


def record(connection: Connection, realm: int, written: ArchiveFile) -> None:
    """Remember what was written of an archive document."""
    key = {
        "realm": realm,
        "feed_id": written.feed_id,
        "language": written.language,
        "number": written.number,
    }
    values = {
        "first_place": written.places[0],
        "last_place": written.places[1],
        "frame": written.frame,
        "stamp": written.stamp,
        "content_hash": written.content_hash,
        "updated": written.updated,
    }
    statement = insert(feed_archives).values(**key, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))


def drop(connection: Connection, realm: int, feed_id: str, language: str) -> None:
    """Forget the archive documents of a feed."""
    connection.execute(
        delete(feed_archives).where(
            feed_archives.c.realm == realm,
            feed_archives.c.feed_id == feed_id,
            feed_archives.c.language == language,
        )
    )


def forget(connection: Connection, realm: int) -> None:
    """Let every archive document be written anew; what each holds stays."""
    cleared = {"frame": "", "content_hash": ""}
    connection.execute(update(feed_archives).where(feed_archives.c.realm == realm).values(**cleared))
