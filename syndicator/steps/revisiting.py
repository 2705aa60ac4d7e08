"""Pages that became articles are asked again, at growing distances, so that their edits arrive.

The question is conditional, and a page whose bytes are the same is not read again.
"""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from syndicator.errors import HttpStatusError, ReservedError, SourceError
from syndicator.model import Article, FetchedDocument, Source
from syndicator.ports import FOR_PAGES, Arrival, Fetcher, PageState, Store
from syndicator.steps.presence import is_gone, see_gone
from syndicator.steps.rhythm import next_look

MOST_PAGES = 20  # of one source in one cycle
ASK_AGAIN = timedelta(hours=6)  # after a failure
CONFIRM = timedelta(days=1)  # a page that is gone today is believed to be gone tomorrow

Taking = Callable[[Arrival, FetchedDocument], Article | None]


def page_state(document: FetchedDocument, published: datetime, now: datetime) -> PageState:
    """Return what to remember of a page that was read just now."""
    return PageState(document.validators, digest(document.body), next_look(published, now))


def digest(data: bytes) -> str:
    """Return the hash by which two answers are compared."""
    return hashlib.sha256(data).hexdigest()


def revisit(fetcher: Fetcher, store: Store, source: Source, now: datetime, take: Taking) -> None:
    """Ask a source's pages that are due whether they changed.

    ``take`` makes an article of a page that did and stores it; it returns it, or None where the page is no
    article any more. What fails is asked again later: the article stays as it is.
    """
    for arrival, before in store.pages_due(source.id, now, MOST_PAGES):
        try:
            page = _look(fetcher, store, source, arrival, before, now, take)
        except ReservedError:
            return  # the poll tells; its pages rest
        store.record_page(arrival, page)


def _look(
    fetcher: Fetcher,
    store: Store,
    source: Source,
    arrival: Arrival,
    before: PageState,
    now: datetime,
    take: Taking,
) -> PageState:
    published = arrival.item.published or arrival.first_seen
    due = next_look(published, now)
    try:
        document = fetcher.fetch(
            arrival.item.url, before.validators, FOR_PAGES, permitted=source.permitted(now)
        )
    except HttpStatusError as error:
        if is_gone(error):
            see_gone(store, source, arrival.article_id, now)
            return _gone(before, published, now)
        return replace(before, due=_later(due, now))
    except ReservedError:
        raise
    except SourceError:
        return replace(before, due=_later(due, now))
    if arrival.article_id is not None:
        store.record_present(arrival.article_id, now)
    there = PageState(before.validators, before.body_hash, due)
    if document.status == 304:
        return there
    body_hash = digest(document.body)
    if body_hash != before.body_hash:
        article = take(arrival, document)
        due = next_look(article.published, now) if article is not None and article.published else due
    return PageState(document.validators, body_hash, due)


def _gone(before: PageState, published: datetime, now: datetime) -> PageState:
    """Return the state of a page that is not there; a day later it is asked once more, to be sure."""
    if before.gone_at is None:
        return replace(before, due=now + CONFIRM, gone_at=now, gone_again_at=None)
    if now - before.gone_at < CONFIRM:
        return replace(before, due=before.gone_at + CONFIRM)
    return replace(before, due=next_look(published, now), gone_again_at=now)


def _later(due: datetime | None, now: datetime) -> datetime | None:
    """Return when to ask again after a failure; its last look is not repeated."""
    return min(due, now + ASK_AGAIN) if due is not None else None
