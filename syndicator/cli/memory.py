"""The translation memory: ``memory …``."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from syndicator.cli.program import Json, app, dump, group, workshop
from syndicator.text.messages import tr

memory_app = group(tr("The translation memory."))
app.add_typer(memory_app, name="memory")


@memory_app.command("import", help=tr("Read reviewed translations from a TMX file."))
def memory_import(file: Annotated[Path, typer.Argument(metavar="FILE.tmx")]) -> None:
    """Read reviewed translations from a TMX file."""
    with workshop() as opened:
        units = opened.import_memory_file(file)
    if units is None:
        typer.echo(tr("{file}: this content was imported before", file=file))
    else:
        typer.echo(tr("{file}: {units} reviewed segments imported", file=file, units=units))


@memory_app.command("export", help=tr("Write the memory as TMX 1.4b."))
def memory_export(
    file: Annotated[Path, typer.Argument(metavar="FILE.tmx", help=tr("Where to write it; - for stdout."))],
    reviewed: Annotated[bool, typer.Option("--reviewed", help=tr("Only reviewed translations."))] = False,
) -> None:
    """Write the memory as TMX 1.4b."""
    from syndicator.runtime.exporting import export_memory, write_memory

    with workshop() as opened:
        if str(file) == "-":
            for piece in export_memory(opened, reviewed_only=reviewed):
                sys.stdout.buffer.write(piece)
            return
        write_memory(opened, file, reviewed_only=reviewed)
    typer.echo(tr("Written: {path}", path=file))


@memory_app.command("stats", help=tr("Show the size of the memory per pair of languages."))
def memory_stats(as_json: Json = False) -> None:
    """Show the size of the memory per pair of languages."""
    from syndicator.runtime import seeing

    with workshop() as opened:
        counts = seeing.memory_counts(opened)
    if as_json:
        dump({"pairs": counts})
        return
    from syndicator.runtime.showing import show_memory

    show_memory(counts)
