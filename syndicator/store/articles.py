"""Queries about articles, their revisions and their renditions in each language."""

import hashlib
import secrets
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.sql.selectable import ScalarSelect

from syndicator.extract.identity import has_moved, text_hash
from syndicator.extract.likeness import traces
from syndicator.model import Article, FeedItem, Rendition, TranslationState
from syndicator.ports import Arrival, ArrivalState, Became, Outcome, Stored, Work
from syndicator.store import likeness, presence, telling
from syndicator.store.anew import render_anew
from syndicator.store.codec import article_fields, article_from_row, item_to_json, rendition_fields
from syndicator.store.prepared import Prepared
from syndicator.store.schema import (
    arrivals,
    articles,
    erasures,
    image_uses,
    images,
    openings,
    renditions,
    rerenderings,
    revisions,
    source_pages,
)

# Base 32 without vowels and look-alikes: no word comes out by chance, and it can be read over the telephone.
_ALPHABET = "bcdfghjkmnpqrstvwxyz23456789"


def store(
    connection: Connection,
    arrival: Arrival,
    article: Article,
    content_hash: str,
    authority: str,
    now: datetime,
) -> Became:
    """Store an article or a new revision of it, and let its arrival point at it."""
    hashes = erasure_hashes(arrival.source_id, arrival.key, article.url, article.title, article.body)
    if _was_erased(connection, hashes):
        _wipe_arrivals(connection, arrivals.c.id == arrival.id)
        return Became.ERASED
    own = _own_article(connection, arrival)
    if own is None:
        repeated = _repeated_article(connection, arrival, article, content_hash)
        if repeated is None:
            return _store_new(connection, arrival, article, content_hash, authority, now)
        _point(connection, arrival, repeated.id)
        if repeated.source_id != arrival.source_id:
            return Became.DUPLICATE
        own = repeated
    presence.record_present(connection, own.id, now)
    if own.key != arrival.key and (own.content_hash == content_hash or arrival.first_seen <= own.first_seen):
        # Two items of one poll that lead to one page: the first one speaks for both. An item that came
        # later is the same one under a new guid, and its edits count.
        return Became.DUPLICATE
    if own.content_hash == content_hash:
        return Became.UNCHANGED
    _revise(connection, own.id, own.number + 1, article, content_hash, now)
    likeness.relate(connection, own.id, own.source_id, article, traces(article), now)
    return Became.UPDATED


def _store_new(
    connection: Connection,
    arrival: Arrival,
    article: Article,
    content_hash: str,
    authority: str,
    now: datetime,
) -> Became:
    article_id = _insert(connection, arrival, article, content_hash, authority, now)
    _point(connection, arrival, article_id)
    found = traces(article)
    joined = likeness.introduce(connection, article_id, arrival.source_id, article, found, arrival.first_seen)
    return Became.LINKED if joined else Became.NEW


_CURRENT = (
    select(
        articles.c.id,
        articles.c.source_id,
        articles.c.key,
        articles.c.first_seen,
        revisions.c.number,
        revisions.c.content_hash,
    )
    .select_from(articles)
    # By both ends, so that a revision found first leads to its article without reading all of them.
    .join(revisions, and_(revisions.c.id == articles.c.revision_id, revisions.c.article_id == articles.c.id))
)


_OWN = Prepared(
    _CURRENT.where(articles.c.source_id == bindparam("source"), articles.c.key == bindparam("key"))
)
_POINTED = Prepared(
    _CURRENT.where(
        articles.c.source_id == bindparam("source"),
        articles.c.id
        == select(arrivals.c.article_id).where(arrivals.c.id == bindparam("arrival")).scalar_subquery(),
    )
)
_OF_CONTENT = Prepared(_CURRENT.where(revisions.c.content_hash == bindparam("content")))
_AT_ADDRESS = Prepared(
    _CURRENT.where(articles.c.url == bindparam("url"), revisions.c.title == bindparam("title"))
)
_OF_WORDS = Prepared(
    _CURRENT.add_columns(revisions.c.title, revisions.c.body, revisions.c.language, revisions.c.fields).where(
        articles.c.source_id == bindparam("source"),
        revisions.c.text_hash == bindparam("words"),
        # What came in the same poll under another key is told apart by its publisher.
        articles.c.first_seen < bindparam("before"),
    )
)
_POINT = Prepared(
    update(arrivals).where(arrivals.c.id == bindparam("arrival")).values(article_id=bindparam("article"))
)
_NEWEST_REVISION = Prepared(
    update(articles)
    .where(articles.c.id == bindparam("article"))
    .values(revision_id=bindparam("revision"), url=bindparam("address"))
)
_ARTICLE = Prepared(insert(articles), ["public_id", "authority", "source_id", "key", "url", "first_seen"])
_REVISION = Prepared(
    insert(revisions),
    [
        "article_id",
        "number",
        "content_hash",
        "text_hash",
        "language",
        "title",
        "body",
        "fields",
        "created",
    ],
)


def _own_article(connection: Connection, arrival: Arrival) -> Any | None:  # noqa: ANN401 - a row of _CURRENT
    """Return the article of an arrival: the one of its key, or the one it was found to be before."""
    told = {"source": arrival.source_id, "key": arrival.key}
    found = _OWN.first(connection, told)
    if found is not None or arrival.article_id is None:
        return found
    return _POINTED.first(connection, {"source": arrival.source_id, "arrival": arrival.id})


def by_key(connection: Connection, source_id: str, key: str) -> int | None:
    """Return the article that a source offers under a key; None where there is none."""
    query = select(articles.c.id).where(articles.c.source_id == source_id, articles.c.key == key)
    return connection.execute(query).scalar()


def _repeated_article(
    connection: Connection, arrival: Arrival, article: Article, content_hash: str
) -> Any | None:  # noqa: ANN401 - a row of _CURRENT
    """Return the very same article under another identity.

    That is one of the same content, of the same address and title or, in the same source, of the same words.
    An address alone proves nothing: small sites give every page the canonical address of their home page.
    One of the same source goes first: it is the item itself, under a new guid or at a new address.
    """
    found = _OF_CONTENT.rows(connection, {"content": content_hash})
    if article.url:
        found += _AT_ADDRESS.rows(connection, {"url": article.url, "title": article.title})
    found += _moved_articles(connection, arrival, article)
    return min(found, key=lambda row: (row.source_id != arrival.source_id, row.id), default=None)


def _moved_articles(connection: Connection, arrival: Arrival, article: Article) -> Iterator[Any]:
    """Yield articles of the same source that are this one at another address."""
    words = text_hash(article.title, article.body)
    if not words:
        return
    told = {"source": arrival.source_id, "words": words, "before": arrival.first_seen}
    for row in _OF_WORDS.rows(connection, told):
        if has_moved(article_from_row(row.title, row.body, row.language, row.fields), article):
            yield row


def _insert(
    connection: Connection,
    arrival: Arrival,
    article: Article,
    content_hash: str,
    authority: str,
    now: datetime,
) -> int:
    article_id = _ARTICLE.insert(
        connection,
        {
            "public_id": "".join(secrets.choice(_ALPHABET) for _ in range(12)),
            "authority": authority,
            "source_id": arrival.source_id,
            "key": arrival.key,
            "url": article.url,
            "first_seen": arrival.first_seen,
        },
    )
    _revise(connection, article_id, 1, article, content_hash, now)
    return article_id


def _point(connection: Connection, arrival: Arrival, article_id: int) -> None:
    _POINT.run(connection, {"arrival": arrival.id, "article": article_id})


def _revise(
    connection: Connection, article_id: int, number: int, article: Article, content_hash: str, now: datetime
) -> None:
    revision_id = _REVISION.insert(
        connection,
        {
            "article_id": article_id,
            "number": number,
            "content_hash": content_hash,
            "text_hash": text_hash(article.title, article.body),
            "language": article.language,
            "title": article.title,
            "body": article.body,
            "fields": article_fields(article),
            "created": now,
        },
    )
    told = {"article": article_id, "revision": revision_id, "address": article.url}
    _NEWEST_REVISION.run(connection, told)


def is_open(connection: Connection, source_id: str, language: str) -> bool:
    """Whether it is settled how far back a source's articles are published in a language."""
    query = select(openings.c.language).where(
        openings.c.source_id == source_id, openings.c.language == language
    )
    return connection.execute(query).first() is not None


def open_language(connection: Connection, source_id: str, language: str, backfill: int | None) -> None:
    """Settle, once, how far back a source's articles are published in a language."""
    if is_open(connection, source_id, language):
        return
    oldest = 0
    if backfill is not None:
        newest = (
            select(articles.c.id)
            .where(articles.c.source_id == source_id)
            .order_by(articles.c.id.desc())
            .limit(backfill)
        )
        ids = [row.id for row in connection.execute(newest)]
        if backfill == 0:
            last = select(func.max(articles.c.id)).where(articles.c.source_id == source_id)
            oldest = (connection.execute(last).scalar() or 0) + 1
        elif len(ids) == backfill:
            oldest = ids[-1]
    connection.execute(insert(openings).values(source_id=source_id, language=language, oldest_article=oldest))


STORED = (
    articles.c.id.label("article_id"),
    articles.c.public_id,
    articles.c.source_id,
    articles.c.first_seen,
    articles.c.withdrawn_at,
    articles.c.restored_at,
    articles.c.family,
    articles.c.authority,
    revisions.c.id.label("revision_id"),
    revisions.c.language.label("original_language"),
    revisions.c.title.label("original_title"),
    revisions.c.body.label("original_body"),
    revisions.c.fields.label("original_fields"),
    revisions.c.created,
)


def newest_finished(language: str) -> ScalarSelect[Any]:
    """Select the newest revision of each article that is finished in a language: what readers have of it."""
    return (
        select(func.max(renditions.c.revision_id))
        .where(
            renditions.c.article_id == articles.c.id,
            renditions.c.language == language,
            renditions.c.state == TranslationState.DONE,
        )
        .correlate(articles)
        .scalar_subquery()
    )


def stored(row: Any) -> Stored:  # noqa: ANN401 - rows' types differ by query
    """Return the value of a row that has the columns STORED."""
    return Stored(
        article_id=row.article_id,
        public_id=row.public_id,
        revision_id=row.revision_id,
        source_id=row.source_id,
        article=article_from_row(
            row.original_title, row.original_body, row.original_language, row.original_fields
        ),
        first_seen=row.first_seen,
        revised=row.created,
        withdrawn=row.withdrawn_at is not None,
        family=row.family or "",
    )


def work(
    connection: Connection,
    language: str,
    source_ids: Collection[str],
    now: datetime,
    fingerprint: str,
    *,
    ignore_backoff: bool,
) -> Iterator[Work]:
    """Yield the newest revisions without a finished rendition in the language, oldest first."""
    due: ColumnElement[bool] = renditions.c.state.in_([TranslationState.PENDING, TranslationState.FAILED])
    if not ignore_backoff:
        due = and_(due, or_(renditions.c.retry_at.is_(None), renditions.c.retry_at <= now))
    changed = and_(renditions.c.state == TranslationState.HELD, renditions.c.fingerprint != fingerprint)
    query = (
        _unfinished(language, source_ids)
        .where(or_(renditions.c.state.is_(None), due, changed))
        .order_by(articles.c.id)
    )
    for row in connection.execute(query):
        state = TranslationState(row.state) if row.state else None
        yield Work(stored(row), language, row.attempts or 0, state, accepted=bool(row.accepted))


def _unfinished(language: str, source_ids: Collection[str]) -> Select[Any]:
    return (
        select(
            *STORED,
            renditions.c.state,
            renditions.c.attempts,
            renditions.c.reason,
            renditions.c.retry_at,
            renditions.c.accepted,
        )
        .join(revisions, revisions.c.id == articles.c.revision_id)
        .join(
            openings,
            and_(openings.c.source_id == articles.c.source_id, openings.c.language == language),
        )
        .outerjoin(
            renditions, and_(renditions.c.revision_id == revisions.c.id, renditions.c.language == language)
        )
        .where(
            articles.c.source_id.in_(list(source_ids)),
            articles.c.withdrawn_at.is_(None),
            # "+ 0": else SQLite may walk all later articles once for every source.
            articles.c.id + 0 >= openings.c.oldest_article,
        )
    )


def settle(
    connection: Connection,
    work: Work,
    outcome: Outcome,
    fingerprint: str,
    retry_at: datetime | None,
    now: datetime,
) -> bool:
    """Store how far a revision came in a language; nothing, if its article was erased in the meantime.

    Return whether it is still there.
    """
    if not _is_there(connection, work.stored):
        return False
    if work.state is TranslationState.DONE:  # it is being put together anew, for a term in it changed
        if outcome.state in (TranslationState.PENDING, TranslationState.FAILED):
            return True  # what is published stays; the next cycle tries again
        connection.execute(
            delete(rerenderings).where(
                rerenderings.c.revision_id == work.stored.revision_id,
                rerenderings.c.language == work.language,
            )
        )
        if outcome.state is TranslationState.HELD:
            _hold_older(connection, work, outcome.reason)
    values: dict[str, Any] = {
        "state": outcome.state,
        "reason": outcome.reason,
        "attempts": 0 if outcome.state is TranslationState.DONE else work.attempts + 1,
        "retry_at": retry_at,
        "fingerprint": fingerprint,
    }
    if outcome.rendition is not None:
        values |= _content(connection, work, outcome.rendition, now)
    key = {
        "revision_id": work.stored.revision_id,
        "language": work.language,
        "article_id": work.stored.article_id,
    }
    _settle(tuple(values)).run(connection, {**key, **values})
    return True


@cache
def _settle(names: Sequence[str]) -> Prepared:
    """Return what sets these columns of a rendition."""
    statement = upsert(renditions)
    told = {name: statement.excluded[name] for name in names}
    sets = statement.on_conflict_do_update(index_elements=["revision_id", "language"], set_=told)
    return Prepared(sets, ["revision_id", "language", "article_id", *names])


def _hold_older(connection: Connection, work: Work, reason: str) -> None:
    """Hold the versions before one that breaks the glossary, too: else one of them would be published."""
    older = and_(
        renditions.c.article_id == work.stored.article_id,
        renditions.c.language == work.language,
        renditions.c.revision_id < work.stored.revision_id,
        renditions.c.state == TranslationState.DONE,
    )
    connection.execute(update(renditions).where(older).values(state=TranslationState.HELD, reason=reason))


def _is_there(connection: Connection, stored: Stored) -> bool:
    """Whether a revision is still there: SQLite may have given its number to another article's."""
    key = {"revision": stored.revision_id, "public_id": stored.public_id}
    return _THERE.first(connection, key) is not None


_THERE = Prepared(
    select(revisions.c.id)
    .join(articles, articles.c.id == revisions.c.article_id)
    .where(revisions.c.id == bindparam("revision"), articles.c.public_id == bindparam("public_id"))
)


def _content(connection: Connection, work: Work, rendition: Rendition, now: datetime) -> dict[str, Any]:
    fields = rendition_fields(rendition)
    content_hash = _hash(
        repr(
            (
                rendition.title,
                rendition.body,
                sorted(fields.items(), key=lambda pair: pair[0]),
                work.stored.article.url,  # an entry's link
            )
        )
    )
    key = {"article": work.stored.article_id, "language": work.language}
    before = _LAST_DONE.first(connection, key)
    # `updated` changes only when the content does (RFC 4287 §4.2.15).
    updated = before.updated if before and before.content_hash == content_hash else now
    return {
        "title": rendition.title,
        "body": rendition.body,
        "fields": fields,
        "content_hash": content_hash,
        "updated": updated,
    }


_LAST_DONE = Prepared(
    select(renditions.c.content_hash, renditions.c.updated)
    .where(
        renditions.c.article_id == bindparam("article"),
        renditions.c.language == bindparam("language"),
        renditions.c.state == TranslationState.DONE,
    )
    .order_by(renditions.c.revision_id.desc())
    .limit(1)
)


def erasure_hashes(source_id: str, key: str, url: str, title: str, body: str) -> tuple[str, ...]:
    """Return the hashes under which an erased article is known: its identity, its address, its text.

    The text counts under any address, and however it is wrapped.
    """
    told = [f"key\n{source_id}\n{key}"]
    if body:
        told.append("text\n" + " ".join(f"{title}\n{body}".split()))
    if url:
        told.append(f"url\n{url}")
    return tuple(map(_hash, told))


def page_hash(public_id: str) -> str:
    """Return the hash under which the page of an article that is gone is known."""
    return _hash(f"page\n{public_id}")


def covered_by(connection: Connection, hashes: Collection[str]) -> set[int]:
    """Return the articles that erasures speak of: row ids."""
    found: set[int] = set()
    query = select(
        articles.c.id,
        articles.c.public_id,
        articles.c.source_id,
        articles.c.key,
        articles.c.url,
        revisions.c.title,
        revisions.c.body,
    ).join(revisions, revisions.c.article_id == articles.c.id)
    for row in connection.execute(query.execution_options(yield_per=500)):
        own = erasure_hashes(row.source_id, row.key, row.url, row.title, row.body)
        if any(one in hashes for one in (*own, page_hash(row.public_id))):
            found.add(row.id)
    return found


def wipe_erased_arrivals(connection: Connection, hashes: Collection[str]) -> None:
    """Forget what sources said of articles that erasures speak of, and that waits to become one."""
    rows = connection.execute(select(arrivals.c.id, arrivals.c.source_id, arrivals.c.key))
    gone = [row.id for row in rows if _hash(f"key\n{row.source_id}\n{row.key}") in hashes]
    for one in gone:
        _wipe_arrivals(connection, arrivals.c.id == one)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


_ERASED = Prepared(select(erasures.c.hash).where(erasures.c.hash == bindparam("hash")))


def _was_erased(connection: Connection, hashes: Sequence[str]) -> bool:
    return any(_ERASED.first(connection, {"hash": one}) for one in hashes)


def withdraw(connection: Connection, article_id: int, now: datetime) -> None:
    """Mark an article as withdrawn by its editor; its entries will carry a notice."""
    presence.withdraw(connection, article_id, now, presence.EDITOR)


def erase(connection: Connection, article_id: int, now: datetime) -> None:
    """Delete an article with everything that hangs on it, and remember only that it must not return."""
    row = connection.execute(select(articles).where(articles.c.id == article_id)).one()
    keys = connection.execute(
        select(arrivals.c.source_id, arrivals.c.key).where(arrivals.c.article_id == article_id)
    )
    identities = {(row.source_id, row.key), *((one.source_id, one.key) for one in keys)}
    url = "" if _is_shared(connection, row.url, article_id) else row.url
    texts = connection.execute(
        select(revisions.c.title, revisions.c.body).where(revisions.c.article_id == article_id)
    )
    hashes = {
        one
        for text in texts
        for source_id, key in identities
        for one in erasure_hashes(source_id, key, url, text.title, text.body)
    }
    hashes.add(page_hash(row.public_id))
    for one in sorted(hashes):
        if not _was_erased(connection, [one]):
            connection.execute(insert(erasures).values(hash=one, erased_at=now))
    its_own = and_(arrivals.c.source_id == row.source_id, arrivals.c.key == row.key)
    _wipe_arrivals(connection, or_(its_own, arrivals.c.article_id == article_id))
    connection.execute(delete(articles).where(articles.c.id == article_id))
    connection.execute(delete(images).where(images.c.url.not_in(select(image_uses.c.url))))
    telling.forget(connection, row.public_id)


def _is_shared(connection: Connection, url: str, article_id: int) -> bool:
    """Whether other articles have the address: then it is a site's home page, and says nothing of one."""
    others = select(articles.c.id).where(articles.c.url == url, articles.c.id != article_id).limit(1)
    return connection.execute(others).first() is not None


def _wipe_arrivals(connection: Connection, which: ColumnElement[bool]) -> None:
    """Forget what a source said of an erased article: its text must not survive there."""
    connection.execute(
        delete(source_pages).where(source_pages.c.arrival_id.in_(select(arrivals.c.id).where(which)))
    )
    nothing = item_to_json(FeedItem(key="", url="", title="", summary="", content=""))
    connection.execute(
        update(arrivals)
        .where(which)
        .values(
            state=ArrivalState.ERASED, item=nothing, reason="", attempts=0, retry_at=None, article_id=None
        )
    )


def retry(connection: Connection, article_id: int) -> int:
    """Make an article's unfinished renditions due at once; return how many there are."""
    unfinished = and_(renditions.c.article_id == article_id, renditions.c.state != TranslationState.DONE)
    return connection.execute(
        update(renditions)
        .where(unfinished)
        .values(state=TranslationState.PENDING, attempts=0, retry_at=None, reason="")
    ).rowcount


def accept(connection: Connection, article_id: int, language: str) -> None:
    """Let the newest revision's rendition be put together as a person accepted it, at once.

    A finished one stays published until then.
    """
    newest = select(articles.c.revision_id).where(articles.c.id == article_id).scalar_subquery()
    mine = and_(renditions.c.revision_id == newest, renditions.c.language == language)
    row = connection.execute(select(renditions.c.revision_id, renditions.c.state).where(mine)).one()
    values: dict[str, Any] = {"accepted": True}
    if row.state == TranslationState.DONE:
        render_anew(connection, [row.revision_id], language)
    else:
        values |= {"state": TranslationState.PENDING, "attempts": 0, "retry_at": None, "reason": ""}
    connection.execute(update(renditions).where(mine).values(**values))
