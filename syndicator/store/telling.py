"""Queries about what is wrong, what was told of it, and what still has to be told."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Text, and_, cast, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from syndicator.model import TranslationState
from syndicator.store.schema import (
    alerts,
    articles,
    feed_entries,
    notice_marks,
    notices,
    renditions,
)
from syndicator.text.messages import tr

MOST_ENTRIES = 1000  # told of one feed at a time; what is beyond that is told next


def known(connection: Connection) -> Mapping[tuple[str, str], Row[Any]]:
    """Return what was wrong when it was last looked, by kind and subject."""
    return {(row.kind, row.subject): row for row in connection.execute(select(alerts))}


def begin(connection: Connection, kind: str, subject: str, text: str, since: datetime) -> None:
    """Remember that something is wrong."""
    values = {"kind": kind, "subject": subject, "text": text, "since": since}
    connection.execute(insert(alerts).values(**values))


def told(connection: Connection, kind: str, subject: str, now: datetime) -> None:
    """Remember that somebody was told."""
    its_own = and_(alerts.c.kind == kind, alerts.c.subject == subject)
    connection.execute(update(alerts).where(its_own).values(told_at=now))


def end(connection: Connection, kind: str, subject: str) -> None:
    """Forget what is over."""
    connection.execute(delete(alerts).where(alerts.c.kind == kind, alerts.c.subject == subject))


def add(connection: Connection, target: str, content: Mapping[str, Any], now: datetime) -> None:
    """Add a notice for a target, due at once."""
    values = {"target": target, "content": dict(content), "created": now, "due": now}
    connection.execute(insert(notices).values(**values))


def due(connection: Connection, targets: Collection[str], before: datetime | None) -> Sequence[Row[Any]]:
    """Return the notices for targets that are due, the oldest first; with None all of them."""
    query = select(notices).where(notices.c.target.in_(list(targets))).order_by(notices.c.id)
    if before is not None:
        query = query.where(notices.c.due <= before)
    return list(connection.execute(query))


def next_due(connection: Connection, targets: Collection[str]) -> datetime | None:
    """Return when the next notice is due; None where there is none."""
    query = select(func.min(notices.c.due)).where(notices.c.target.in_(list(targets)))
    return connection.execute(query).scalar()


def drop(connection: Connection, notice: int) -> None:
    """Forget a notice: it was taken, or it is too old."""
    connection.execute(delete(notices).where(notices.c.id == notice))


def postpone(connection: Connection, target: str, error: str, again: datetime) -> None:
    """Put off all that a target has to be told."""
    values = {"attempts": notices.c.attempts + 1, "last_error": error, "due": again}
    connection.execute(update(notices).where(notices.c.target == target).values(**values))


def forget(connection: Connection, public_id: str) -> None:
    """Forget what targets still had to be told of an article that is erased, and what was wrong with it.

    That something was wrong stays known, so that its end is told: without its words.
    """
    about = alerts.c.subject.startswith(f"{public_id}/", autoescape=True)
    told = tr("the article {id} was erased", id=public_id)
    connection.execute(update(alerts).where(about).values(text=told))
    named = select(notices).where(cast(notices.c.content, Text).contains(public_id, autoescape=True))
    for row in connection.execute(named).all():
        content = {name: _without(public_id, value) for name, value in row.content.items()}
        its_own = notices.c.id == row.id
        if any(isinstance(value, list) and value for value in content.values()):
            connection.execute(update(notices).where(its_own).values(content=content))
        else:
            connection.execute(delete(notices).where(its_own))


def _without(public_id: str, value: Any) -> Any:  # noqa: ANN401 - anything that JSON can hold
    """Return a list of a notice without what it says of an article; what is no list as it is."""
    if not isinstance(value, list):
        return value
    return [
        one
        for one in value
        if f":{public_id}:" not in one.get("id", "")
        and not one.get("subject", "").startswith(f"{public_id}/")
    ]


def drop_others(connection: Connection, targets: Collection[str]) -> None:
    """Forget what targets that the config no longer names were to be told."""
    for table in (notices, notice_marks):
        connection.execute(delete(table).where(table.c.target.not_in(list(targets))))


def has_others(connection: Connection, targets: Collection[str]) -> bool:
    """Whether something is remembered for targets that the config no longer names."""
    queries = (
        select(table.c.target).where(table.c.target.not_in(list(targets))).limit(1)
        for table in (notices, notice_marks)
    )
    return any(connection.execute(query).first() is not None for query in queries)


def marks(connection: Connection, target: str) -> dict[tuple[str, str], int]:
    """Return up to which place a target was told of each feed, by the feed's id and language."""
    query = select(notice_marks).where(notice_marks.c.target == target)
    return {(row.feed_id, row.language): row.place for row in connection.execute(query)}


def last_place(connection: Connection, feed_id: str, language: str) -> int:
    """Return the place of the last entry of a feed; 0 where it has none."""
    query = select(func.max(feed_entries.c.place)).where(
        feed_entries.c.feed_id == feed_id, feed_entries.c.language == language
    )
    return int(connection.execute(query).scalar() or 0)


def mark(connection: Connection, target: str, places: Mapping[tuple[str, str], int]) -> None:
    """Remember up to which place a target was told of feeds."""
    for (feed_id, language), place in places.items():
        key = {"target": target, "feed_id": feed_id, "language": language}
        statement = upsert(notice_marks).values(**key, place=place)
        connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_={"place": place}))


def new_entries(connection: Connection, target: str) -> Sequence[Row[Any]]:
    """Return what has entered feeds since a target was last told, in the order of places.

    By place, which grows even where the clock was set back.
    """
    newest = (
        select(func.max(renditions.c.revision_id))
        .where(
            renditions.c.article_id == articles.c.id,
            renditions.c.language == feed_entries.c.language,
            renditions.c.state == TranslationState.DONE,
        )
        .correlate(articles, feed_entries)
        .scalar_subquery()
    )
    since = and_(
        notice_marks.c.feed_id == feed_entries.c.feed_id,
        notice_marks.c.language == feed_entries.c.language,
        notice_marks.c.target == target,
    )
    query = (
        select(
            feed_entries.c.feed_id,
            feed_entries.c.language,
            feed_entries.c.place,
            feed_entries.c.entered,
            articles.c.public_id,
            articles.c.authority,
            articles.c.source_id,
            articles.c.url,
            renditions.c.title,
        )
        .join(articles, articles.c.id == feed_entries.c.article_id)
        .join(notice_marks, since)
        .join(
            renditions,
            and_(renditions.c.revision_id == newest, renditions.c.language == feed_entries.c.language),
        )
        .where(
            articles.c.withdrawn_at.is_(None),
            feed_entries.c.place > notice_marks.c.place,
        )
        .order_by(feed_entries.c.feed_id, feed_entries.c.language, feed_entries.c.place)
        .limit(MOST_ENTRIES)
    )
    return list(connection.execute(query))
