"""Finished renditions that are to be put together anew: a term in them changed, or somebody reviewed them."""

from collections.abc import Collection

from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite import insert

from syndicator.store.schema import rerenderings


def render_anew(connection: Connection, revision_ids: Collection[int], language: str) -> None:
    """Let finished renditions be put together anew at the next cycle; until then they stay published."""
    for revision_id in revision_ids:
        statement = insert(rerenderings).values(revision_id=revision_id, language=language)
        connection.execute(statement.on_conflict_do_nothing())
