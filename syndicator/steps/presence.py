"""What happens to an article whose page is gone, or back."""

from datetime import datetime

from syndicator.errors import HttpStatusError
from syndicator.model import OnGone, Source
from syndicator.ports import Store

GONE = frozenset({404, 410})  # statuses of HTTP


def is_gone(error: Exception) -> bool:
    """Whether a server says that there is nothing at an address (any more)."""
    return isinstance(error, HttpStatusError) and error.status in GONE


def see_gone(store: Store, source: Source, article_id: int | None, now: datetime) -> bool:
    """Take note that an article's page answered 404 or 410; return whether the article was withdrawn for it.

    One such answer may be a slip of the site: it takes two, at least a day apart, and ``on_gone: withdraw``.
    ``None`` is no article yet, and nothing happens.
    """
    if article_id is None or not store.record_gone(article_id, now):
        return False
    if source.on_gone is not OnGone.WITHDRAW:
        return False
    store.withdraw_gone(article_id, now)
    return True
