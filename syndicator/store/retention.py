"""Retires articles that are older, or more, than the operator keeps; their sentences stay in the memory."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, delete, insert, or_, select, update

from syndicator.model import STAY, FeedItem
from syndicator.ports import ArrivalState
from syndicator.store.articles import page_hash
from syndicator.store.codec import item_to_json
from syndicator.store.schema import arrivals, articles, departures, erasures, feed_entries, source_pages
from syndicator.text.messages import tr

AT_ONCE = 200  # articles in one transaction


def retire(
    connection: Connection, oldest: timedelta | None, most: int | None, now: datetime, limit: int = AT_ONCE
) -> int:
    """Take away the oldest articles beyond an age or a number; return how many that were, ``limit`` at most.

    What their sources said of them stays as keys only, so that an article that still stands in its source's
    feed does not come back as a new one.
    """
    if oldest is None and most is None:
        return 0
    recent = now - STAY
    too_much = []
    if oldest is not None:
        too_much.append(articles.c.first_seen < now - oldest)
    if most is not None:
        newest = select(articles.c.id).order_by(articles.c.id.desc()).limit(1).offset(most - 1)
        too_much.append(articles.c.id < newest.scalar_subquery())
    still_new = (
        select(feed_entries.c.article_id)
        .where(feed_entries.c.article_id == articles.c.id, feed_entries.c.entered > recent)
        .exists()
    )
    query = (
        select(articles.c.id, articles.c.public_id, articles.c.source_id, articles.c.key)
        .where(or_(*too_much), articles.c.first_seen <= recent, ~still_new)
        .order_by(articles.c.id)
        .limit(limit)
    )
    found = connection.execute(query).all()
    for row in found:
        own = and_(arrivals.c.source_id == row.source_id, arrivals.c.key == row.key)
        which = or_(own, arrivals.c.article_id == row.id)
        of_it = select(arrivals.c.id).where(which)
        connection.execute(delete(source_pages).where(source_pages.c.arrival_id.in_(of_it)))
        nothing = item_to_json(FeedItem(key="", url="", title="", summary="", content=""))
        connection.execute(
            update(arrivals)
            .where(which)
            .values(
                state=ArrivalState.PAST,
                item=nothing,
                reason=tr("retired by age or number"),
                attempts=0,
                retry_at=None,
                article_id=None,
            )
        )
        connection.execute(delete(articles).where(articles.c.id == row.id))
        mark = page_hash(row.public_id)
        if connection.execute(select(departures).where(departures.c.hash == mark)).first() is None:
            connection.execute(insert(departures).values(hash=mark, at=now))
    return len(found)


def is_gone(connection: Connection, public_id: str) -> bool:
    """Whether an article was there once, and was erased or retired."""
    mark = page_hash(public_id)
    return any(
        connection.execute(select(table.c.hash).where(table.c.hash == mark)).first() is not None
        for table in (departures, erasures)
    )
