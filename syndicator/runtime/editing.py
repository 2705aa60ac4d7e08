"""The editor's hand on single articles, and files taken in by hand."""

import shutil
from collections.abc import Iterator, Sequence
from html import unescape
from pathlib import Path

from syndicator.errors import RequestError
from syndicator.fetch.inbox import ENDINGS, discard
from syndicator.model import Source, SourceKind
from syndicator.pipeline import wanted_languages
from syndicator.runtime.build import Workshop
from syndicator.runtime.once import press_of
from syndicator.runtime.seeing import resolve, segments_of
from syndicator.runtime.trees import tree_of
from syndicator.steps.intake import Intake, take_in_source
from syndicator.steps.world import World
from syndicator.store import articles, erasing, likeness, memory, overview
from syndicator.store.database import copies_of
from syndicator.text.messages import tr

_TELLING = 25  # characters from which a sentence is one article's rather than everybody's


def retry(workshop: Workshop, named: str) -> int:
    """Make an article's unfinished translations due, forgetting what was refused; return how many there are.

    Raises RequestError.
    """
    article_id = resolve(workshop, named)
    segments = _segments(workshop, article_id)
    with workshop.database.writing() as connection:
        memory.forget_refusals(connection, segments)
        return articles.retry(connection, article_id)


def withdraw(workshop: Workshop, named: str) -> None:
    """Withdraw an article: its entries keep their ids and carry a notice. Raises RequestError."""
    article_id = resolve(workshop, named)
    with workshop.database.writing() as connection:
        articles.withdraw(connection, article_id, workshop.now)


def erase(workshop: Workshop, named: str) -> list[str]:
    """Erase an article with its texts, the files that it came from, and all of the memory that is its alone.

    Returns what was taken away besides, and what this program cannot take away, line by line.
    Raises RequestError and StoreError.
    """
    article_id = resolve(workshop, named)
    with workshop.database.reading() as connection:
        texts = erasing.texts_of_article(connection, article_id)
        stored = overview.stored_article(connection, article_id)
        keys = overview.keys_of(connection, article_id)
        family = likeness.family_rows(connection, stored.family) if stored.family else []
    remarks = [*_discard_files(workshop, keys)]
    erasing.erase(workshop.database, article_id, workshop.now)
    for copy in copies_of(workshop.database.path):
        copy.unlink(missing_ok=True)
        remarks.append(tr("removed, for it held the article, too: {path}", path=copy))
    sentences = [text for text in texts.joined(stored.article.language).splitlines() if len(text) >= _TELLING]
    remarks += [
        tr("{path} still holds sentences of it: take them out yourself", path=path)
        for path in workshop.settings.translation.memory
        if _holds(path, sentences)
    ]
    remarks += [
        tr("{id} of {source} is a copy of it, and stays", id=row.public_id, source=row.source_id)
        for row in family
        if row.id != article_id
    ]
    return remarks


def _discard_files(workshop: Workshop, keys: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Delete the inbox files that an article came from, those that were put away, too; tell of each."""
    folders = {one.id: one.path for one in workshop.sources if one.kind is SourceKind.INBOX}
    for source_id, key in keys:
        if source_id not in folders:
            continue
        removed, kept = discard(folders[source_id], key)
        for path in removed:
            yield tr("removed: {path}", path=path)
        for path in kept:
            yield tr("{path} still holds it: take {member} out of it yourself", path=path, member=key)


def _holds(path: Path, sentences: Sequence[str]) -> bool:
    """Whether a memory file holds one of some sentences."""
    try:
        text = unescape(path.read_text("utf-8", errors="replace"))
    except OSError:
        return False
    return any(sentence in text for sentence in sentences)


def _segments(workshop: Workshop, article_id: int) -> set[str]:
    press = press_of(workshop, tree_of(workshop.settings))
    with workshop.database.reading() as connection:
        stored = overview.stored_article(connection, article_id)
    return {
        segment for language in wanted_languages(press) for segment in segments_of(workshop, stored, language)
    }


def inbox_source(workshop: Workshop, named: str = "") -> Source:
    """Return the inbox of that id, or the only one. Raises RequestError."""
    inboxes = {source.id: source for source in workshop.sources if source.kind is SourceKind.INBOX}
    if named:
        if named not in inboxes:
            raise RequestError(tr("{source}: no inbox source has this id", source=named))
        return inboxes[named]
    if len(inboxes) != 1:
        raise RequestError(
            tr("the config has {number} inbox sources; name one with --source ID", number=len(inboxes))
            if inboxes
            else tr("the config has no inbox source; add one with kind: inbox and path:")
        )
    return next(iter(inboxes.values()))


def ingest(workshop: Workshop, paths: Sequence[Path], source: Source) -> Intake:
    """Copy files into an inbox and take in what is in it. Raises RequestError where a path cannot be taken.

    A file that is in the inbox already is taken where it is; a folder's files keep their places below it.
    """
    folder = Path(source.path)
    folder.mkdir(parents=True, exist_ok=True)
    for path in paths:
        for file, name in _files(path):
            _copy(file, folder, name)
    with workshop.fetcher() as fetcher:
        world = World(
            store=workshop.store,
            fetcher=fetcher,
            inbox=workshop.inbox(),
            now=workshop.now,
            timezone=workshop.timezone,
            host=workshop.host,
        )
        return take_in_source(world, source)


def _files(path: Path) -> list[tuple[Path, str]]:
    if path.is_dir():
        found = [
            (file, file.relative_to(path).as_posix()) for file in sorted(path.rglob("*")) if file.is_file()
        ]
        return [(file, name) for file, name in found if file.suffix.lower() in ENDINGS]
    if not path.is_file():
        raise RequestError(tr("{path}: no such file", path=path))
    if path.suffix.lower() not in ENDINGS:
        raise RequestError(
            tr("{path}: no file of these kinds: {endings}", path=path, endings=", ".join(ENDINGS))
        )
    return [(path, path.name)]


def _copy(file: Path, folder: Path, name: str) -> None:
    if file.resolve().is_relative_to(folder.resolve()):
        return
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    # Copied aside and renamed: a worker that looks at the same moment sees the whole file or none.
    aside = target.with_name(f".{target.name}.part")
    try:
        shutil.copyfile(file, aside)
        aside.replace(target)
    except OSError as error:
        raise RequestError(
            tr("{path}: cannot be copied: {reason}", path=file, reason=error.strerror)
        ) from error
