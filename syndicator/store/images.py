"""Queries about pictures: which are shown, and what became of those that we publish ourselves."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, delete, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from syndicator.model import TranslationState
from syndicator.ports import ImageFile, ImageState
from syndicator.store.schema import (
    articles,
    feed_archives,
    feed_entries,
    image_uses,
    images,
    pages,
    renditions,
    revisions,
)

_DONE = TranslationState.DONE


def note(connection: Connection) -> None:
    """Remember which picture each revision with a finished rendition shows."""
    finished = select(renditions.c.revision_id).where(
        renditions.c.revision_id == revisions.c.id, renditions.c.state == _DONE
    )
    query = (
        select(revisions.c.id, revisions.c.fields)
        .outerjoin(image_uses, image_uses.c.revision_id == revisions.c.id)
        .where(image_uses.c.revision_id.is_(None), finished.exists())
    )
    for row in connection.execute(query).all():
        url = (row.fields["image"] or {}).get("url", "")
        connection.execute(insert(image_uses).values(revision_id=row.id, url=url))


def _shown(source_ids: Collection[str], feed_ids: Collection[str]) -> Select[Any]:
    """Select the addresses of pictures that readers of these feeds see now."""
    later = renditions.alias("later")
    replaced = select(later.c.revision_id).where(
        later.c.article_id == renditions.c.article_id,
        later.c.language == renditions.c.language,
        later.c.state == _DONE,
        later.c.revision_id > renditions.c.revision_id,
    )
    return (
        select(image_uses.c.url)
        .join(renditions, renditions.c.revision_id == image_uses.c.revision_id)
        .join(articles, articles.c.id == renditions.c.article_id)
        .where(
            image_uses.c.url != "",
            renditions.c.state == _DONE,
            articles.c.withdrawn_at.is_(None),
            articles.c.source_id.in_(list(source_ids)),
            _stands_in(feed_ids),
            ~replaced.exists(),
        )
    )


def _stands_in(feed_ids: Collection[str]) -> ColumnElement[bool]:
    return (
        select(feed_entries.c.article_id)
        .where(feed_entries.c.article_id == articles.c.id, feed_entries.c.feed_id.in_(list(feed_ids)))
        .correlate(articles)
        .exists()
    )


def to_fetch(
    connection: Connection,
    source_ids: Collection[str],
    feed_ids: Collection[str],
    now: datetime,
    limit: int,
) -> Iterator[ImageFile]:
    """Yield pictures that were never fetched, or are due for another try; those of new articles first."""
    shown = _shown(source_ids, feed_ids).add_columns(image_uses.c.revision_id).subquery()
    query = (
        select(shown.c.url.label("wanted"), images)
        .outerjoin(images, images.c.url == shown.c.url)
        .where(or_(images.c.url.is_(None), images.c.retry_at <= now))
        .order_by(shown.c.revision_id.desc())
    )
    told: set[str] = set()
    for row in connection.execute(query):
        if row.wanted not in told:
            told.add(row.wanted)
            yield _file(row) if row.url else ImageFile(row.wanted, ImageState.WAITING)
        if len(told) >= limit:
            return


def _file(row: Any) -> ImageFile:  # noqa: ANN401
    return ImageFile(
        url=row.url,
        state=ImageState(row.state),
        file=row.file,
        media_type=row.media_type,
        length=row.length,
        credit=row.credit,
        error=row.error,
        attempts=row.attempts,
        retry_at=row.retry_at,
    )


def drop(connection: Connection, source_ids: Collection[str], feed_ids: Collection[str]) -> None:
    """Forget pictures that nobody sees any more."""
    connection.execute(delete(images).where(images.c.url.not_in(_shown(source_ids, feed_ids))))


def record(connection: Connection, image: ImageFile) -> None:
    """Remember what became of a picture, and let what shows it be written anew where that is a change."""
    before = connection.execute(select(images).where(images.c.url == image.url)).first()
    values = {
        "state": image.state,
        "file": image.file,
        "media_type": image.media_type,
        "length": image.length,
        "credit": image.credit,
        "error": image.error,
        "attempts": image.attempts,
        "retry_at": image.retry_at,
    }
    statement = insert(images).values(url=image.url, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["url"], set_=values))
    if before is None or (before.state, before.file) != (image.state, image.file):
        _spoil(connection, image.url)


def _spoil(connection: Connection, url: str) -> None:
    """Let pages and archive documents with a picture be written anew."""
    showing = (
        select(revisions.c.article_id)
        .join(image_uses, image_uses.c.revision_id == revisions.c.id)
        .where(image_uses.c.url == url)
    )
    named = select(articles.c.public_id).where(articles.c.id.in_(showing))
    connection.execute(update(pages).where(pages.c.public_id.in_(named)).values(frame=""))
    held = select(feed_entries.c.article_id).where(
        feed_entries.c.article_id.in_(showing),
        feed_entries.c.feed_id == feed_archives.c.feed_id,
        feed_entries.c.language == feed_archives.c.language,
        feed_entries.c.place.between(feed_archives.c.first_place, feed_archives.c.last_place),
    )
    connection.execute(update(feed_archives).where(held.exists()).values(frame=""))


def files(
    connection: Connection, source_ids: Collection[str], feed_ids: Collection[str]
) -> Mapping[str, str]:
    """Return the mirrored files that readers of these feeds see, each with an address that it came from."""
    query = select(images.c.file, images.c.url).where(
        images.c.state == ImageState.MIRRORED, images.c.url.in_(_shown(source_ids, feed_ids))
    )
    return {row.file: row.url for row in connection.execute(query)}


def by_url(connection: Connection, urls: Collection[str]) -> Mapping[str, ImageFile]:
    """Return what is known of pictures, by address."""
    found: dict[str, ImageFile] = {}
    asked = list(urls)
    for at in range(0, len(asked), 500):
        query = select(images).where(images.c.url.in_(asked[at : at + 500]))
        found.update((row.url, _file(row)) for row in connection.execute(query))
    return found
