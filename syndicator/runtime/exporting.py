"""Writes the translation memory for other tools."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from syndicator import __version__
from syndicator.errors import RequestError
from syndicator.runtime.build import Workshop
from syndicator.store import memory, told
from syndicator.text.messages import tr
from syndicator.translation.tmx import write_tmx


def export_memory(workshop: Workshop, *, reviewed_only: bool = False) -> Iterator[bytes]:
    """Yield the memory as a TMX file, piece by piece."""
    with workshop.database.reading() as connection:
        units = memory.units(connection, reviewed_only=reviewed_only)
        if not reviewed_only:
            units = chain(units, told.units(connection))
        yield from write_tmx(units, workshop.settings.languages.source, __version__, workshop.now)


def write_memory(workshop: Workshop, path: Path, *, reviewed_only: bool = False) -> None:
    """Write the memory as a TMX file that appears whole or not at all. Raises RequestError."""
    aside = path.with_name(f".{path.name}.part")
    try:
        with aside.open("wb") as out:
            out.writelines(export_memory(workshop, reviewed_only=reviewed_only))
        aside.replace(path)
    except OSError as error:
        raise RequestError(
            tr("{path}: cannot be written: {reason}", path=path, reason=error.strerror)
        ) from error
    finally:
        aside.unlink(missing_ok=True)
