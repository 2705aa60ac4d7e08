"""Queries about the articles' pages: which are missing or no longer right, and what stands in the lists."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    case,
    delete,
    false,
    func,
    insert,
    or_,
    select,
    update,
)

from syndicator.model import Mark, TranslationState
from syndicator.ports import Listed, PageFile, PageStamp, PageWork, Published
from syndicator.store.articles import STORED, newest_finished, stored
from syndicator.store.codec import rendition_from_row
from syndicator.store.feeds import read_before
from syndicator.store.prepared import Prepared
from syndicator.store.schema import articles, feed_entries, page_lists, pages, renditions, revisions

_DONE = renditions.c.state == TranslationState.DONE


def stale(
    connection: Connection,
    realm: int,
    language: str,
    feed_ids: Collection[str],
    frames: Mapping[str, str],
    after: int,
    limit: int,
    among: Collection[int] | None = None,
) -> Iterator[PageWork]:
    """Yield articles whose page in the language is missing or no longer right, by id."""
    if not frames or not feed_ids:
        return
    changed = _changed(realm, language, feed_ids, frames, after, limit, among)
    stamps = {
        row.id: PageStamp(row.renditions, row.revision_id, row.updated, row.withdrawn)
        for row in connection.execute(changed).all()  # one by one, each would cost a quarter more
    }
    if not stamps:
        return
    languages = _languages(connection, list(stamps), feed_ids)
    before = {
        row.public_id: _page_file(row) for row in connection.execute(_written(stamps, realm, language)).all()
    }
    for row in connection.execute(_readable(stamps, language)).all():
        yield PageWork(
            published=_published(row),
            stamp=stamps[row.article_id],
            corrected=row.created if row.read_before else None,
            languages=languages[row.article_id],
            before=before.get(row.public_id),
        )


def _changed(
    realm: int,
    language: str,
    feed_ids: Collection[str],
    frames: Mapping[str, str],
    after: int,
    limit: int,
    among: Collection[int] | None,
) -> Select[Any]:
    meant = renditions.c.article_id > after
    if among is not None:
        meant = and_(meant, renditions.c.article_id.in_(list(among)))
    stamp = (
        select(
            renditions.c.article_id,
            func.count().label("renditions"),
            func.max(renditions.c.revision_id).label("revision_id"),
            func.max(renditions.c.updated).label("updated"),
        )
        .where(_DONE, meant)
        .group_by(renditions.c.article_id)
        .subquery("stamp")
    )
    withdrawn = articles.c.withdrawn_at.is_not(None)
    in_a_feed = (
        select(feed_entries.c.article_id)
        .where(
            feed_entries.c.feed_id.in_(list(feed_ids)),
            feed_entries.c.language == language,
            feed_entries.c.article_id == articles.c.id,
        )
        .exists()
    )
    return (
        select(
            articles.c.id,
            stamp.c.renditions,
            stamp.c.revision_id,
            stamp.c.updated,
            withdrawn.label("withdrawn"),
        )
        .join(stamp, stamp.c.article_id == articles.c.id)
        .outerjoin(
            pages,
            and_(
                pages.c.public_id == articles.c.public_id,
                pages.c.language == language,
                pages.c.realm == realm,
            ),
        )
        .where(
            articles.c.id > after,
            articles.c.source_id.in_(list(frames)),
            or_(
                pages.c.public_id.is_(None),
                pages.c.frame != case(dict(frames), value=articles.c.source_id),
                pages.c.renditions != stamp.c.renditions,
                pages.c.revision_id != stamp.c.revision_id,
                pages.c.updated != stamp.c.updated,
                pages.c.withdrawn != withdrawn,
            ),
            in_a_feed,
            _finished(language),
        )
        .order_by(articles.c.id)
        .limit(limit)
    )


def _finished(language: str) -> ColumnElement[bool]:
    return (
        select(renditions.c.article_id)
        .where(renditions.c.article_id == articles.c.id, renditions.c.language == language, _DONE)
        .exists()
    )


def _readable(article_ids: Collection[int], language: str) -> Select[Any]:
    """Select the newest finished renditions, and whether readers read another text before."""
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
        .join(
            renditions,
            and_(renditions.c.revision_id == newest_finished(language), renditions.c.language == language),
        )
        .join(revisions, revisions.c.id == renditions.c.revision_id)
        .where(articles.c.id.in_(list(article_ids)))
        .order_by(articles.c.id)
    )


def _published(row: Any) -> Published:  # noqa: ANN401
    return Published(
        stored=stored(row),
        rendition=rendition_from_row(row.language, row.title, row.body, row.fields),
        tag=f"tag:{row.authority}:{row.public_id}",
        updated=max(row.updated, row.withdrawn_at) if row.withdrawn_at else row.updated,
        entered=None,
    )


def _languages(
    connection: Connection, article_ids: Sequence[int], feed_ids: Collection[str]
) -> Mapping[int, tuple[str, ...]]:
    """Return in which languages articles have, or are about to have, a page."""
    query = (
        select(feed_entries.c.article_id, feed_entries.c.language)
        .join(
            renditions,
            and_(
                renditions.c.article_id == feed_entries.c.article_id,
                renditions.c.language == feed_entries.c.language,
                _DONE,
            ),
        )
        .where(feed_entries.c.article_id.in_(article_ids), feed_entries.c.feed_id.in_(list(feed_ids)))
        .distinct()
    )
    found: dict[int, set[str]] = {}
    for row in connection.execute(query).all():
        found.setdefault(row.article_id, set()).add(row.language)
    return {article_id: tuple(sorted(languages)) for article_id, languages in found.items()}


def _written(article_ids: Collection[int], realm: int, language: str) -> Select[Any]:
    return (
        select(pages)
        .join(articles, articles.c.public_id == pages.c.public_id)
        .where(articles.c.id.in_(list(article_ids)), pages.c.language == language, pages.c.realm == realm)
    )


def _page_file(row: Any) -> PageFile:  # noqa: ANN401
    return PageFile(
        public_id=row.public_id,
        language=row.language,
        source_id=row.source_id,
        month=row.month,
        published=row.published,
        stamp=PageStamp(row.renditions, row.revision_id, row.updated, row.withdrawn),
        frame=row.frame,
        side=row.side,
        content_hash=row.content_hash,
    )


def _is(realm: int, page: PageFile) -> ColumnElement[bool]:
    return and_(
        pages.c.realm == realm, pages.c.public_id == page.public_id, pages.c.language == page.language
    )


def record(connection: Connection, realm: int, written: Sequence[PageFile]) -> None:
    """Remember pages, and that the lists they stand in, and stood in before, must be written anew."""
    spoiled = {(page.language, page.month) for page in written}
    new, known = [], []
    for page in written:
        key = {"in_realm": realm, "of_page": page.public_id, "in_language": page.language}
        before = _MONTH_BEFORE.first(connection, key)
        values = {
            "source_id": page.source_id,
            "month": page.month,
            "published": page.published,
            "renditions": page.stamp.renditions,
            "revision_id": page.stamp.revision_id,
            "updated": page.stamp.updated,
            "withdrawn": page.stamp.withdrawn,
            "frame": page.frame,
            "side": page.side,
            "content_hash": page.content_hash,
        }
        if before is None:
            fresh = {"realm": realm, "public_id": page.public_id, "language": page.language}
            new.append({**fresh, **values})
        else:
            known.append({**key, **values})
            spoiled.add((page.language, before.month))
    _RECORD_NEW.run(connection, *new)
    _RECORD.run(connection, *known)
    for language, month in sorted(spoiled):
        _spoil(connection, realm, language, month)


_THIS_PAGE = and_(
    pages.c.realm == bindparam("in_realm"),
    pages.c.public_id == bindparam("of_page"),
    pages.c.language == bindparam("in_language"),
)
_MONTH_BEFORE = Prepared(select(pages.c.month).where(_THIS_PAGE))
_RECORD_NEW = Prepared(insert(pages), [column.name for column in pages.columns])
_RECORD = Prepared(
    update(pages)
    .where(_THIS_PAGE)
    .values({column.name: bindparam(column.name) for column in pages.columns if not column.primary_key})
)


def _spoil(connection: Connection, realm: int, language: str, month: str) -> None:
    """Let a list be written anew."""
    record_month(connection, realm, language, month, "")


def _lists(realm: int, language: str) -> ColumnElement[bool]:
    return and_(page_lists.c.realm == realm, page_lists.c.language == language)


def record_month(connection: Connection, realm: int, language: str, month: str, frame: str) -> None:
    """Remember what a month's list was made from."""
    key = and_(_lists(realm, language), page_lists.c.month == month)
    if not connection.execute(update(page_lists).where(key).values(frame=frame)).rowcount:
        values = {"realm": realm, "language": language, "month": month, "frame": frame}
        connection.execute(insert(page_lists).values(**values))


def orphaned(connection: Connection, realm: int) -> Iterator[PageFile]:
    """Yield the pages of articles that were erased."""
    query = (
        select(pages)
        .outerjoin(articles, articles.c.public_id == pages.c.public_id)
        .where(pages.c.realm == realm, articles.c.id.is_(None))
    )
    for row in connection.execute(query):
        yield _page_file(row)


def misplaced(
    connection: Connection, realm: int, feed_ids: Collection[str], elsewhere: Collection[str] | None
) -> Iterator[PageFile]:
    """Yield the pages of articles that stand in none of the feeds of their tree.

    ``elsewhere``: only of those that stand in one of these feeds instead.
    """
    query = (
        select(pages)
        .join(articles, articles.c.public_id == pages.c.public_id)
        .where(pages.c.realm == realm, ~_stands_in(feed_ids))
    )
    if elsewhere is not None:
        query = query.where(_stands_in(elsewhere))
    for row in connection.execute(query):
        yield _page_file(row)


def _stands_in(feed_ids: Collection[str]) -> ColumnElement[bool]:
    return (
        select(feed_entries.c.article_id)
        .where(
            feed_entries.c.article_id == articles.c.id,
            feed_entries.c.feed_id.in_(list(feed_ids)),
            feed_entries.c.language == pages.c.language,
        )
        .correlate(articles, pages)
        .exists()
    )


def drop(connection: Connection, realm: int, page: PageFile) -> None:
    """Forget a page, and let its list be written anew."""
    connection.execute(delete(pages).where(_is(realm, page)))
    _spoil(connection, realm, page.language, page.month)


def forget(connection: Connection, realm: int) -> None:
    """Let everything be written anew."""
    connection.execute(update(pages).where(pages.c.realm == realm).values(frame="", content_hash=""))
    connection.execute(update(page_lists).where(page_lists.c.realm == realm).values(frame=""))


def months(connection: Connection, realm: int, language: str) -> list[str]:
    """Return the months that have pages, the newest first."""
    query = select(page_lists.c.month).where(_lists(realm, language)).order_by(page_lists.c.month.desc())
    return list(connection.execute(query).scalars())


def stale_months(connection: Connection, realm: int, language: str, frame: str) -> list[str]:
    """Return the months whose lists must be written."""
    query = (
        select(page_lists.c.month)
        .where(_lists(realm, language), page_lists.c.frame != frame)
        .order_by(page_lists.c.month)
    )
    return list(connection.execute(query).scalars())


def spoiled_months(connection: Connection, realm: int, language: str) -> list[str]:
    """Return the months in which a page changed since their lists were written."""
    query = select(page_lists.c.month).where(_lists(realm, language), page_lists.c.frame == "")
    return list(connection.execute(query.order_by(page_lists.c.month)).scalars())


def drop_month(connection: Connection, realm: int, language: str, month: str) -> None:
    """Forget a month without pages."""
    connection.execute(delete(page_lists).where(_lists(realm, language), page_lists.c.month == month))


def _shown(realm: int, language: str, month: str) -> Select[Any]:
    """Select what a month's list shows; without a month, what is not withdrawn."""
    return (
        select(
            pages.c.public_id,
            pages.c.source_id,
            pages.c.published,
            pages.c.withdrawn,
            renditions.c.title,
            renditions.c.fields,
        )
        .join(articles, articles.c.public_id == pages.c.public_id)
        .join(
            renditions,
            and_(renditions.c.revision_id == newest_finished(language), renditions.c.language == language),
        )
        .where(
            pages.c.realm == realm,
            pages.c.language == language,
            pages.c.month == month if month else pages.c.withdrawn == false(),
        )
    )


def has_listed(connection: Connection, realm: int, language: str, month: str) -> bool:
    """Return whether anything stands in a month's list."""
    return connection.execute(_shown(realm, language, month).limit(1)).first() is not None


def listed(
    connection: Connection, realm: int, language: str, month: str = "", limit: int | None = None
) -> Iterator[Listed]:
    """Yield what a month's list shows, or the newest pages that are not withdrawn, the newest first."""
    newest = (pages.c.published.desc(), pages.c.public_id)
    for row in connection.execute(_shown(realm, language, month).order_by(*newest).limit(limit)).all():
        yield Listed(
            public_id=row.public_id,
            source_id=row.source_id,
            published=row.published,
            title=row.title,
            summary=row.fields["summary"],
            mark=Mark(row.fields["mark"]),
            withdrawn=row.withdrawn,
        )
