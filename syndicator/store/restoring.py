"""Tells a restored database that the published tree is another one's work."""

import re
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from syndicator.store import pages as page_queries
from syndicator.store.schema import feed_files, page_lists, pages

_PAGE = re.compile(r"(?P<language>[^/]+)/articles/(?P<id>[a-z0-9]+)(\.side)?\.html")
_MONTH = re.compile(r"(?P<language>[^/]+)/archive/(?P<month>\d{4}-\d{2})\.(html|js)")


def make_tree_stale(connection: Connection, paths: Iterable[str], now: datetime) -> None:
    """Let the next publication write everything anew, and take away pages that the database knows nothing of.

    ``paths`` are the files of the tree: of articles that came in after the backup was made.
    """
    page_queries.forget(connection)
    connection.execute(update(feed_files).values(content_hash=""))
    known = {(row.public_id, row.language) for row in connection.execute(select(pages))}
    months = {(row.language, row.month) for row in connection.execute(select(page_lists))}
    for path in paths:
        if found := _PAGE.fullmatch(path):
            if (found["id"], found["language"]) not in known:
                known.add((found["id"], found["language"]))
                connection.execute(insert(pages).values(_unknown(found["id"], found["language"], now)))
        elif (found := _MONTH.fullmatch(path)) and (found["language"], found["month"]) not in months:
            months.add((found["language"], found["month"]))
            key = {"language": found["language"], "month": found["month"]}
            connection.execute(insert(page_lists).values(**key, frame=""))


def _unknown(public_id: str, language: str, now: datetime) -> dict[str, object]:
    """Return the row of a page without an article: such a one is taken away."""
    return {
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
