"""Queries about published machine translations that a person may have reviewed since."""

from collections.abc import Iterator

from sqlalchemy import Connection, and_, select

from syndicator.model import Mark
from syndicator.ports import Stored
from syndicator.store.articles import STORED, newest_finished, stored
from syndicator.store.schema import articles, renditions, revisions


def machine_made(connection: Connection, language: str, after: int, limit: int) -> Iterator[Stored]:
    """Yield the articles whose published text in a language is a machine's, by id, from behind ``after``."""
    newest = newest_finished(language)
    query = (
        select(*STORED)
        .select_from(articles)
        .join(renditions, and_(renditions.c.revision_id == newest, renditions.c.language == language))
        .join(revisions, revisions.c.id == renditions.c.revision_id)
        .where(
            articles.c.id > after,
            articles.c.withdrawn_at.is_(None),
            renditions.c.fields["mark"].as_string() == Mark.MACHINE,
        )
        .order_by(articles.c.id)
        .limit(limit)
    )
    for row in connection.execute(query):
        yield stored(row)
