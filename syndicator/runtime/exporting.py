"""Writes the translation memory for other tools."""

from collections.abc import Iterator

from syndicator import __version__
from syndicator.runtime.build import Workshop
from syndicator.store import memory
from syndicator.translation.tmx import write_tmx


def export_memory(workshop: Workshop, *, reviewed_only: bool = False) -> Iterator[bytes]:
    """Yield the memory as a TMX file, piece by piece."""
    with workshop.database.reading() as connection:
        units = memory.units(connection, reviewed_only=reviewed_only)
        yield from write_tmx(units, workshop.settings.languages.source, __version__, workshop.now)
