"""Queries about glossaries: the last good content of each file, and what finished renditions follow.

When a language's glossary changes, the finished renditions whose articles hold a changed term are noted in
``rerenderings``; the translating step puts them together anew from the memory.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, select
from sqlalchemy.dialects.sqlite import insert

from syndicator.model import TranslationState
from syndicator.ports import Stored, Work
from syndicator.store.anew import render_anew
from syndicator.store.articles import STORED, newest_finished, stored
from syndicator.store.codec import glossary_from_json, glossary_to_json
from syndicator.store.schema import (
    articles,
    glossaries_in_force,
    glossary_files,
    renditions,
    rerenderings,
    revisions,
)
from syndicator.translation.glossary import Glossary, Term, changed_terms

AT_ONCE = 200  # articles read together


@dataclass(frozen=True, slots=True)
class KeptGlossary:
    """The last content of a glossary file that had no mistakes."""

    glossary: Glossary
    read: datetime


def keep_file(connection: Connection, path: str, glossary: Glossary, now: datetime) -> None:
    """Remember a file's content, where it differs from what is remembered."""
    content = glossary_to_json(glossary)
    before = connection.execute(
        select(glossary_files.c.content).where(glossary_files.c.path == path)
    ).scalar()
    if before == content:
        return
    statement = insert(glossary_files).values(path=path, content=content, read=now)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["path"], set_={"content": content, "read": now})
    )


def kept_file(connection: Connection, path: str) -> KeptGlossary | None:
    """Return the last good content of a file; None where there never was one."""
    row = connection.execute(select(glossary_files).where(glossary_files.c.path == path)).first()
    return KeptGlossary(glossary_from_json(row.content), row.read) if row else None


def in_force(connection: Connection, language: str) -> Glossary | None:
    """Return the glossary that a language's renditions follow; None before the first."""
    content = connection.execute(
        select(glossaries_in_force.c.content).where(glossaries_in_force.c.language == language)
    ).scalar()
    return None if content is None else glossary_from_json(content)


def adopt(connection: Connection, language: str, glossary: Glossary, now: datetime) -> int:
    """Let a glossary be in force, and note what has to be put together anew; return how many that are.

    A database that was filled before glossaries were remembered is taken as following none.
    """
    before = in_force(connection, language)
    if before is not None and before.fingerprint == glossary.fingerprint:
        return 0
    changed = changed_terms(before or Glossary(), glossary, language)
    affected = [one.revision_id for one in holding(connection, language, changed)]
    render_anew(connection, affected, language)
    content = glossary_to_json(glossary)
    statement = insert(glossaries_in_force).values(language=language, content=content, since=now)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["language"], set_={"content": content, "since": now})
    )
    return len(affected)


def holding(connection: Connection, language: str, terms: Sequence[Term]) -> Iterator[Stored]:
    """Yield the revisions with a finished rendition in the language that hold one of the terms.

    The texts are searched, in pieces; nothing is put together for it.
    """
    if not terms:
        return
    searched = Glossary(tuple(terms))
    after = 0
    while True:
        rows = connection.execute(
            _published(language)
            .where(articles.c.id > after, articles.c.withdrawn_at.is_(None))
            .order_by(articles.c.id)
            .limit(AT_ONCE)
        ).all()
        if not rows:
            return
        after = rows[-1].article_id
        for row in rows:
            if row.original_language == language:
                continue
            if searched.holds_any(_text(row), row.original_language):
                yield stored(row)


def _published(language: str) -> Any:  # noqa: ANN401 - a Select
    newest = newest_finished(language)
    return select(*STORED).select_from(articles).join(revisions, revisions.c.id == newest)


def _text(row: Any) -> str:  # noqa: ANN401 - a row of STORED
    """Return everything of an article that is translated, its markup included."""
    fields = row.original_fields
    image = fields["image"] or {}
    told = (fields["summary"], fields["rights"], *fields["tags"], *map(str, image.values()))
    return "\n".join((row.original_title, row.original_body, *told))


def due(connection: Connection, language: str, source_ids: Collection[str]) -> Iterator[Work]:
    """Yield the finished renditions that are to be put together anew, oldest first."""
    query = (
        select(*STORED)
        .select_from(rerenderings)
        .join(revisions, revisions.c.id == rerenderings.c.revision_id)
        .join(articles, articles.c.id == revisions.c.article_id)
        .join(
            renditions,
            and_(
                renditions.c.revision_id == rerenderings.c.revision_id,
                renditions.c.language == language,
                renditions.c.state == TranslationState.DONE,
            ),
        )
        .where(
            rerenderings.c.language == language,
            articles.c.source_id.in_(list(source_ids)),
            articles.c.withdrawn_at.is_(None),
        )
        .order_by(articles.c.id)
    )
    for row in connection.execute(query):
        yield Work(stored(row), language, 0, TranslationState.DONE)


def settled(connection: Connection, revision_id: int, language: str) -> None:
    """Note that a rendition follows the glossary in force."""
    connection.execute(
        delete(rerenderings).where(
            rerenderings.c.revision_id == revision_id, rerenderings.c.language == language
        )
    )


def published_text(connection: Connection, revision_id: int, language: str) -> tuple[str, str, str]:
    """Return title, summary and body of a finished rendition."""
    row = connection.execute(
        select(renditions.c.title, renditions.c.body, renditions.c.fields).where(
            renditions.c.revision_id == revision_id, renditions.c.language == language
        )
    ).one()
    return row.title, row.fields["summary"], row.body
