"""Finds rows that belong to nothing: what a damaged file, or a hand in the database, may have left."""

from datetime import UTC, datetime

from sqlalchemy import Connection, select

from syndicator.store.schema import feed_archives, feed_files, pages

# By table: which rows are orphans. Foreign keys forbid most of them, but bind nobody who opens the file
# without them.
_ORPHANS = {
    "revisions": "article_id NOT IN (SELECT id FROM articles)",
    "renditions": "article_id NOT IN (SELECT id FROM articles)"
    " OR revision_id NOT IN (SELECT id FROM revisions)",
    "likenesses": "article_id NOT IN (SELECT id FROM articles)",
    "feed_entries": "article_id NOT IN (SELECT id FROM articles)",
    "rerenderings": "revision_id NOT IN (SELECT id FROM revisions)",
    "source_pages": "arrival_id NOT IN (SELECT id FROM arrivals)",
    "articles": "revision_id IS NULL OR revision_id NOT IN (SELECT id FROM revisions)",
}


def count(connection: Connection) -> dict[str, int]:
    """Return how many orphans each table has; tables without any are left out."""
    found = {
        table: int(connection.exec_driver_sql(f"SELECT count(*) FROM {table} WHERE {which}").scalar() or 0)  # noqa: S608
        for table, which in _ORPHANS.items()
    }
    return {table: number for table, number in found.items() if number}


def remove(connection: Connection, table: str) -> None:
    """Delete a table's orphans.

    An article without its revision is deleted, and what its source said of it waits to be taken in anew.
    """
    if table == "articles":
        connection.exec_driver_sql(
            "UPDATE arrivals SET state = 'waiting', fingerprint = '', article_id = NULL WHERE article_id IN"  # noqa: S608
            f" (SELECT id FROM articles WHERE {_ORPHANS[table]}) AND state = 'taken'"
        )
    connection.exec_driver_sql(f"DELETE FROM {table} WHERE {_ORPHANS[table]}")  # noqa: S608


def erasures_of(connection: Connection) -> dict[str, datetime]:
    """Return the hashes of what was erased, each with its moment."""
    rows = connection.exec_driver_sql("SELECT hash, erased_at FROM erasures")
    return {row[0]: datetime.fromisoformat(row[1]).replace(tzinfo=UTC) for row in rows}


def contents(connection: Connection) -> dict[tuple[str | int, ...], str]:
    """Return the hash of what was last written of each feed, archive document and page, in every tree."""
    tables = {
        feed_files: (feed_files.c.realm, feed_files.c.feed_id, feed_files.c.language),
        feed_archives: (
            feed_archives.c.realm,
            feed_archives.c.feed_id,
            feed_archives.c.language,
            feed_archives.c.number,
        ),
        pages: (pages.c.realm, pages.c.public_id, pages.c.language),
    }
    return {
        (table.name, *row[1:]): row[0]
        for table, key in tables.items()
        for row in connection.execute(select(table.c.content_hash, *key))
    }
