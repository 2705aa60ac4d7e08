"""The state over the years: ``backup``, ``restore``, ``doctor``, ``report``."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from syndicator.cli.program import DONE, PROBLEMS, Json, app, dump, find_config, settings, workshop
from syndicator.errors import RequestError
from syndicator.text.messages import tr

if TYPE_CHECKING:
    from syndicator.runtime.backing_up import Made

Force = Annotated[bool, typer.Option("--force", help=tr("Overwrite what is there."))]


@app.command(help=tr("Write the whole state to one file."))
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=tr("Where to; - for stdout."))],
    force: Force = False,
) -> None:
    """Write the database, the config and its files to one file, and prove it by unpacking it."""
    from syndicator.runtime import backing_up

    with workshop() as opened:
        if str(file) == "-":
            if sys.stdout.isatty():
                raise typer.BadParameter(tr("a backup is no text: redirect it to a file"), param_hint="FILE")
            _told(backing_up.backup_to(opened, find_config(), sys.stdout.buffer))
            return
        _told(backing_up.backup(opened, find_config(), file, force=force))


def _told(made: "Made") -> None:
    counts = ", ".join(f"{name} {number}" for name, number in made.counts.items())
    typer.echo(tr("backed up and proved: {counts}; {size} bytes", counts=counts, size=made.size), err=True)
    for name in made.files:
        typer.echo(f"  {name}", err=True)


@app.command(help=tr("Put a backup in the database's place."))
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=tr("A backup, or a copy of a database."))],
    files: Annotated[
        Path | None,
        typer.Option("--files", metavar="DIR", help=tr("Only write the config and its files there.")),
    ] = None,
    force: Force = False,
) -> None:
    """Put a backup in the place of the database; what was erased since is erased again."""
    from syndicator.runtime import backing_up

    if not file.is_file():
        raise RequestError(tr("{path}: no such file", path=file))
    if files is not None:
        for path in backing_up.unpack_files(file, files, force=force):
            typer.echo(path)
        return
    from syndicator.runtime.lock import worker_lock
    from syndicator.store.database import path_of

    file = file.absolute()
    with file.open("rb") as opened:
        read = settings()
        with worker_lock(path_of(read.storage.database), "restore"):
            made = backing_up.restore(read, file, opened, datetime.now(UTC))
    counts = ", ".join(f"{name} {number}" for name, number in made.counts.items())
    typer.echo(tr("restored: {counts}", counts=counts))
    if made.erased_again:
        typer.echo(tr("articles erased again: {number}", number=made.erased_again))
    if made.replaced is not None:
        typer.echo(tr("the database before is kept as {path}", path=made.replaced))
    for remark in made.remarks:
        typer.echo(remark, err=True)
    typer.echo(tr("the next `syndicator once`, or the worker, brings the feeds up to it"))


@app.command(help=tr("Find, and mend, what is wrong with state and tree."))
def doctor(
    repair: Annotated[bool, typer.Option("--repair", help=tr("Mend what can be mended."))] = False,
    as_json: Json = False,
) -> None:
    """Find what is wrong with the database, the published tree and their files; mend it if asked to."""
    from dataclasses import asdict

    from syndicator.runtime import doctor as examining

    found = examining.examine(settings(), repair=repair)
    open_ = [one for one in found if not one.repaired]
    if as_json:
        dump({"findings": [asdict(one) for one in found], "open": len(open_)})
    elif not found:
        typer.echo(tr("Nothing is wrong."))
    else:
        from syndicator.runtime.showing_keeping import show_findings

        show_findings(found)
        if open_ and not repair:
            typer.echo(tr("`syndicator doctor --repair` mends what can be mended"), err=True)
    raise typer.Exit(PROBLEMS if open_ else DONE)


@app.command(help=tr("Sum up a period for a project's report."))
def report(
    period: Annotated[
        str,
        typer.Option("--period", metavar="PERIOD", help=tr("2026, 2026-Q1, 2026-01 or 2026-01..2026-06.")),
    ],
    as_json: Json = False,
    as_csv: Annotated[bool, typer.Option("--csv", help=tr("Print one table for a spreadsheet."))] = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help=tr("Print Markdown tables."))] = False,
) -> None:
    """Sum up articles, languages, sources, engines, cost and readers of a period."""
    from syndicator.runtime import reporting

    if as_json + as_csv + as_markdown > 1:
        raise typer.BadParameter(tr("one of --json, --csv and --markdown"), param_hint="--csv")
    first, last = reporting.read_period(period)
    with workshop() as opened:
        told = reporting.report(opened, first, last)
    if as_json:
        dump(told)
    elif as_csv:
        typer.echo(reporting.as_csv(told), nl=False)
    elif as_markdown:
        typer.echo(reporting.as_markdown(told), nl=False)
    else:
        from syndicator.runtime.showing_keeping import show_report

        show_report(told)
