"""The editor's hand on single articles, and files taken in by hand."""

import shutil
from collections.abc import Sequence
from html import escape
from pathlib import Path

from syndicator.errors import RequestError
from syndicator.fetch.inbox import ENDINGS
from syndicator.model import Source, SourceKind
from syndicator.pipeline import wanted_languages
from syndicator.runtime.build import Workshop
from syndicator.runtime.once import press_of
from syndicator.runtime.seeing import resolve, segments_of
from syndicator.runtime.trees import tree_of
from syndicator.steps.intake import Intake, World, take_in_source
from syndicator.store import articles, memory, overview, told
from syndicator.text.messages import tr


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


def erase(workshop: Workshop, named: str) -> None:
    """Erase an article with its texts and those segments of the memory that stand nowhere else.

    Raises RequestError.
    """
    article_id = resolve(workshop, named)
    segments = _segments(workshop, article_id)
    with workshop.database.writing() as connection:
        articles.erase(connection, article_id, workshop.now)
        alone = [
            segment
            for segment in segments
            if not any(
                overview.holds_text(connection, text) for text in {segment, escape(segment, quote=False)}
            )
        ]
        memory.forget(connection, alone)
        told.forget(connection, alone)


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
