"""Glossary files as they count: a file with mistakes leaves its last good content in force."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from syndicator.errors import DataFileError
from syndicator.settings.glossary import read_glossary
from syndicator.store import glossaries
from syndicator.store.database import Database
from syndicator.text.messages import tr
from syndicator.translation.glossary import Glossary


@dataclass(frozen=True, slots=True)
class GlossaryFile:
    """What counts of a glossary file."""

    path: Path
    glossary: Glossary | None  # None: it has mistakes and never was without
    told: str = ""  # its mistakes, and what is in force instead; "" where it has none


def read_or_kept(path: Path, database: Database, now: datetime) -> GlossaryFile:
    """Return a file's content and remember it; where it has mistakes, what was remembered last.

    Raises StoreError.
    """
    try:
        glossary = read_glossary(path)
    except DataFileError as error:
        with database.reading() as connection:
            kept = glossaries.kept_file(connection, str(path))
        if kept is None:
            return GlossaryFile(path, None, str(error))
        when = kept.read.isoformat(timespec="seconds")
        instead = tr(
            "{path}: until this is mended its content of {moment} stays in force", path=path, moment=when
        )
        return GlossaryFile(path, kept.glossary, f"{error}\n{instead}")
    with database.reading() as connection:
        kept = glossaries.kept_file(connection, str(path))
    if kept is None or kept.glossary.fingerprint != glossary.fingerprint:
        with database.writing() as connection:
            glossaries.keep_file(connection, str(path), glossary, now)
    return GlossaryFile(path, glossary)
