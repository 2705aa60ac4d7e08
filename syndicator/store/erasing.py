"""Erases an article with every trace of its text.

The memory has no article beside a segment, so what is to be forgotten is found by content: the segments that
stand in the erased article, in any of its revisions, and nowhere else. The same goes for the second hop of a
pivot, whose segments are sentences of the first hop's answers.
"""

import html
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from syndicator.model import Article
from syndicator.store import articles as article_queries
from syndicator.store import memory as memory_queries
from syndicator.store import tokens, told, tombstones
from syndicator.store.codec import article_from_row
from syndicator.store.database import Database
from syndicator.store.schema import (
    erasures,
    memory,
    refusals,
    renditions,
    revisions,
    told_answers,
)
from syndicator.translation.markup import read_template
from syndicator.translation.segment import normalised

_TAG = re.compile(r"<[^>]*>")
_PROBE_MARKS = re.compile(r"\([12]\)")
_SEGMENTS = (memory, told_answers, refusals)


@dataclass(slots=True)
class Texts:
    """What was to be read of articles, by language: plain."""

    by_language: dict[str, list[str]] = field(default_factory=dict)

    def add(self, language: str, *texts: str) -> None:
        """Note texts in a language."""
        self.by_language.setdefault(language, []).extend(normalised(text) for text in texts if text)

    def joined(self, language: str) -> str:
        """Return all of a language as one text."""
        return "\n".join(self.by_language.get(language, ()))


def erase(database: Database, article_id: int, now: datetime) -> None:
    """Erase an article, its revisions and translations, and all of the memory that stands nowhere else.

    What remains are hashes, in the database and in the list beside it. Raises StoreError.
    """
    with database.reading() as connection:
        texts = texts_of_article(connection, article_id)
        doomed = _doomed(connection, texts, article_id)
    with database.writing() as connection:
        article_queries.erase(connection, article_id, now)
        _forget(connection, doomed)
    tell_erasures(database)
    database.empty_wal()


def forget_article(database: Database, article: Article) -> None:
    """Forget what was remembered of an article that was erased while it was being translated."""
    texts = Texts()
    _add_article(texts, article)
    with database.reading() as connection:
        doomed = _doomed(connection, texts, None)
    if doomed:
        with database.writing() as connection:
            _forget(connection, doomed)
        database.empty_wal()


def tell_erasures(database: Database) -> int:
    """Bring the list beside the database up to its table; return how many were missing there."""
    with database.reading() as connection:
        rows = connection.execute(select(erasures.c.hash, erasures.c.erased_at)).all()
    return tombstones.tell(tombstones.path_beside(database.path), {row.hash: row.erased_at for row in rows})


def erase_again(
    database: Database,
    erased: Mapping[str, datetime],
    now: datetime,
    progress: Callable[[int], None] = lambda _: None,
) -> int:
    """Erase what other erasures than a database's own say; return how many articles that took away.

    For a backup that is older than they are. Revoked tokens are among them. Raises StoreError.
    """
    with database.writing() as connection:
        known = set(connection.execute(select(erasures.c.hash)).scalars())
        fresh = {one: at for one, at in erased.items() if one not in known}
        for one, at in sorted(fresh.items()):
            connection.execute(erasures.insert().values(hash=one, erased_at=at))
    if not fresh:
        return 0
    with database.reading() as connection:
        ids = sorted(article_queries.covered_by(connection, fresh))
    for number, article_id in enumerate(ids, 1):
        erase(database, article_id, now)
        progress(number)
    with database.writing() as connection:
        article_queries.wipe_erased_arrivals(connection, fresh)
        tokens.revoke_again(connection, fresh)
    return len(ids)


def texts_of_article(connection: Connection, article_id: int) -> Texts:
    """Return everything that was ever to be read of an article."""
    texts = Texts()
    mine = select(revisions).where(revisions.c.article_id == article_id)
    for row in connection.execute(mine):
        _add_article(texts, article_from_row(row.title, row.body, row.language, row.fields))
        texts.add(row.language, *_strings(row.fields))
    done = select(renditions).where(renditions.c.article_id == article_id)
    for row in connection.execute(done):
        texts.add(row.language, row.title, _plain(row.body), *_strings(row.fields))
        texts.add(row.language, *_units(row.body))
    return texts


def _add_article(texts: Texts, article: Article) -> None:
    image = article.image
    shown = (image.alt, image.caption, image.credit) if image else ()
    texts.add(article.language, article.title, article.summary, _plain(article.body), article.rights)
    texts.add(article.language, *article.tags, *shown, *_units(article.body))


def _units(body: str) -> list[str]:
    return [unit.text for unit in read_template(body).units] if body else []


def _plain(body: str) -> str:
    """Return a body's words; without blanks for tags, as an inline element may end within a word."""
    return html.unescape(_TAG.sub("", body))


def _strings(value: Any) -> Iterator[str]:  # noqa: ANN401 - anything that JSON can hold
    if isinstance(value, str):
        yield _plain(value)
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)


def _doomed(connection: Connection, texts: Texts, but: int | None) -> set[str]:
    """Return the segments that stand in texts and in no article except ``but``."""
    doomed: set[str] = set()
    for language in list(texts.by_language):
        found, answers = _found(connection, language, texts.joined(language))
        alone = found - _standing(connection, language, found, but)
        for segment in alone:
            for target, answer in answers[segment]:
                texts.add(target, answer)
        doomed |= alone
    # The languages between two hops: their sentences are known only now.
    for language in list(texts.by_language):
        found, _ = _found(connection, language, texts.joined(language))
        fresh = found - doomed
        standing = _standing(connection, language, fresh, but)
        doomed |= fresh - standing - _answered(connection, language, fresh - standing, doomed)
    return doomed


def _found(
    connection: Connection, language: str, text: str
) -> tuple[set[str], dict[str, list[tuple[str, str]]]]:
    """Return the remembered segments of a language that stand in a text, with what they were answered."""
    found: set[str] = set()
    answers: dict[str, list[tuple[str, str]]] = {}
    if not text:
        return found, answers
    for table in _SEGMENTS:
        query = select(table.c.segment, table.c.target, table.c.answer).where(table.c.source == language)
        for row in connection.execute(query.execution_options(yield_per=1000)):
            if row.segment in found or _bare(row.segment) in text:
                found.add(row.segment)
                answers.setdefault(row.segment, []).append((row.target, row.answer))
    return found, answers


def _bare(segment: str) -> str:
    """Return a segment as it stands in its article: without the marks of a probe."""
    return normalised(_PROBE_MARKS.sub("", segment)) if "(1)" in segment else normalised(segment)


def _standing(connection: Connection, language: str, segments: Collection[str], but: int | None) -> set[str]:
    """Return those of the segments that stand in the text of some other article."""
    left = {segment: _bare(segment) for segment in segments}
    if not left:
        return set()
    standing: set[str] = set()
    for text in _other_texts(connection, language, but):
        here = {segment for segment, bare in left.items() if bare in text}
        standing |= here
        for segment in here:
            del left[segment]
        if not left:
            break
    return standing


def _other_texts(connection: Connection, language: str, but: int | None) -> Iterator[str]:
    for table in (revisions, renditions):
        query = select(table.c.title, table.c.body, table.c.fields).where(
            table.c.language == language, table.c.article_id != (-1 if but is None else but)
        )
        for row in connection.execute(query.execution_options(yield_per=500)):
            yield normalised("\n".join((row.title, _plain(row.body), *_strings(row.fields))))


def _answered(
    connection: Connection, language: str, segments: Collection[str], doomed: Collection[str]
) -> set[str]:
    """Return those of the segments that are answers to segments that stay: the other hop of theirs."""
    if not segments:
        return set()
    found: set[str] = set()
    query = select(memory.c.segment, memory.c.answer).where(memory.c.target == language)
    for row in connection.execute(query.execution_options(yield_per=1000)):
        if row.answer in segments and row.segment not in doomed:
            found.add(row.answer)
    return found


def _forget(connection: Connection, segments: Iterable[str]) -> None:
    doomed = sorted(segments)
    memory_queries.forget(connection, doomed)
    told.forget(connection, doomed)
