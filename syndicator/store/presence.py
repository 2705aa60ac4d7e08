"""Queries about what is gone: articles whose pages are, and permissions that have ended."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from syndicator.store.schema import articles, sources

BETWEEN_TWO_LOOKS = timedelta(hours=24)
GONE = "gone"  # withdrawn because its page is gone, until it is back
EDITOR = "editor"


def record_gone(connection: Connection, article_id: int, now: datetime) -> bool:
    """Remember that a page was found gone; return whether it was for a day, as far as anybody looked."""
    since = connection.execute(select(articles.c.gone_at).where(articles.c.id == article_id)).scalar()
    if since is None:
        connection.execute(update(articles).where(articles.c.id == article_id).values(gone_at=now))
        return False
    return bool(now - since >= BETWEEN_TWO_LOOKS)


def is_present(connection: Connection, article_id: int) -> bool:
    """Whether nothing is known of an article's page but that it is there."""
    query = select(articles.c.gone_at, articles.c.withdrawn_by).where(articles.c.id == article_id)
    row = connection.execute(query).first()
    return row is None or (row.gone_at is None and row.withdrawn_by != GONE)


def record_present(connection: Connection, article_id: int, now: datetime) -> None:
    """Remember that a page is there; restore its article if that was withdrawn for being gone."""
    its_own = articles.c.id == article_id
    connection.execute(
        update(articles)
        .where(its_own, articles.c.withdrawn_by == GONE, articles.c.withdrawn_at.is_not(None))
        .values(withdrawn_at=None, withdrawn_by="", restored_at=now)
    )
    connection.execute(update(articles).where(its_own, articles.c.gone_at.is_not(None)).values(gone_at=None))


def withdraw(connection: Connection, article_id: int, now: datetime, by: str) -> None:
    """Mark an article as withdrawn; its entries will carry a notice.

    What an editor withdraws stays so, even where it was withdrawn for being gone before.
    """
    its_own = articles.c.id == article_id
    connection.execute(
        update(articles)
        .where(its_own, articles.c.withdrawn_at.is_(None))
        .values(withdrawn_at=now, withdrawn_by=by)
    )
    if by == EDITOR:
        connection.execute(update(articles).where(its_own).values(withdrawn_by=by))


def permissions(connection: Connection) -> dict[str, tuple[bool, datetime | None]]:
    """Return, by source, whether its permission was found ended, and when an ended one was last renewed."""
    query = select(sources.c.id, sources.c.lapsed, sources.c.renewed_at)
    return {row.id: (row.lapsed, row.renewed_at) for row in connection.execute(query)}


def note_permission(connection: Connection, source_id: str, *, lapsed: bool, now: datetime) -> None:
    """Remember that a source's permission has ended, or was renewed."""
    values: dict[str, object] = {"lapsed": lapsed} if lapsed else {"lapsed": lapsed, "renewed_at": now}
    if not connection.execute(update(sources).where(sources.c.id == source_id).values(**values)).rowcount:
        connection.execute(insert(sources).values(id=source_id, **values))
