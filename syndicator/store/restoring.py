"""Tells a restored database that the published tree is another one's work."""

import re
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from syndicator.formats.paths import split_private
from syndicator.store import archives as archive_queries
from syndicator.store import pages as page_queries
from syndicator.store.schema import feed_archives, feed_files, feed_tokens, page_lists, pages

_PAGE = re.compile(r"(?P<language>[^/]+)/articles/(?P<id>[a-z0-9]+)(\.side)?\.html")
_MONTH = re.compile(r"(?P<language>[^/]+)/archive/(?P<month>\d{4}-\d{2})\.(html|js)")
_ARCHIVE = re.compile(r"(?P<language>[^/]+)/(?P<feed>[^/]+)\.archive-(?P<number>\d+)\.(rss|atom|json)")


def make_tree_stale(connection: Connection, paths: Iterable[str], now: datetime) -> tuple[str, ...]:
    """Let the next publication write everything anew, and take away pages that the database knows nothing of.

    ``paths`` are the files of the tree, some of them of articles that came in after the backup was made.
    Returns those that no publication would take away: archive documents that the database does not know.
    (The trees of tokens that it does not know go with the next publication.)
    """
    realms = {row.token: int(row.id) for row in connection.execute(select(feed_tokens))}
    for realm in (0, *realms.values()):
        page_queries.forget(connection, realm)
        archive_queries.forget(connection, realm)
    connection.execute(update(feed_files).values(content_hash=""))
    known = {(row.realm, row.public_id, row.language) for row in connection.execute(select(pages))}
    months = {(row.realm, row.language, row.month) for row in connection.execute(select(page_lists))}
    archives = {
        (row.realm, row.feed_id, row.language, row.number)
        for row in connection.execute(select(feed_archives))
    }
    left = []
    for whole in paths:
        token, path = split_private(whole)
        if token and token not in realms:
            continue
        realm = realms[token] if token else 0
        if found := _PAGE.fullmatch(path):
            page = (realm, found["id"], found["language"])
            if page not in known:
                known.add(page)
                connection.execute(insert(pages).values(_unknown(*page, now)))
        elif found := _MONTH.fullmatch(path):
            month = (realm, found["language"], found["month"])
            if month not in months:
                months.add(month)
                connection.execute(
                    insert(page_lists).values(realm=realm, language=month[1], month=month[2], frame="")
                )
        elif found := _ARCHIVE.fullmatch(path):
            archive = (realm, found["feed"], found["language"], int(found["number"]))
            left += [whole] if archive not in archives else []
    return tuple(left)


def _unknown(realm: int, public_id: str, language: str, now: datetime) -> dict[str, object]:
    """Return the row of a page without an article: such a one is taken away."""
    return {
        "realm": realm,
        "public_id": public_id,
        "language": language,
        "source_id": "",
        "month": f"{now:%Y-%m}",
        "published": now,
        "renditions": 0,
        "revision_id": 0,
        "updated": now,
        "withdrawn": False,
        "frame": "",
        "side": True,
        "content_hash": "",
    }
