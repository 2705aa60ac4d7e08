"""Before the first cycle: ``init``, ``check``, ``plan``, ``demo``."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from syndicator.cli.program import PROBLEMS, Json, Options, app, dump, fail, find_config, settings
from syndicator.text.messages import tr

if TYPE_CHECKING:
    from syndicator.errors import Problem
    from syndicator.settings.schema import Settings


@app.command(help=tr("Ask a few questions and write a commented config."))
def init(
    path: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help=tr("Where to write it (config/syndicator.yaml).")),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=tr("Overwrite a file that is there."))] = False,
) -> None:
    """Ask a few questions and write a commented, working config."""
    from syndicator.runtime.asking import ask_answers, write_config
    from syndicator.settings.load import LOCAL, examine

    named = os.environ.get("SYNDICATOR_CONFIG")
    target = path or Options.config or (Path(named) if named else LOCAL)
    if target.exists() and not force:
        fail(tr("{path}: exists already; --force overwrites it", path=target), PROBLEMS)
    write_config(target, ask_answers(target))
    found, problems = examine(target, os.environ, datetime.now(UTC))
    typer.echo(tr("Written: {path}", path=target))
    for problem in problems:
        typer.echo(shown(problem), err=True)
    typer.echo(tr("Next: syndicator -c {path} check --online", path=target))
    typer.echo(tr("then: syndicator -c {path} once", path=target))
    if found is None:
        raise typer.Exit(PROBLEMS)


def shown(problem: "Problem") -> str:
    """Return a problem as a line; a warning is marked as one."""
    return f"{problem}{tr(' (warning)') if problem.warning else ''}"


@app.command(help=tr("Validate the config: every problem at once, with its place."))
def check(
    online: Annotated[bool, typer.Option("--online", help=tr("Also try each source and engine."))] = False,
) -> None:
    """Validate the config: every problem at once, each with its place and the way out."""
    from syndicator.runtime.probing import data_file_problems, glossary_remarks
    from syndicator.settings.load import examine

    path = find_config()
    found, problems = examine(path, os.environ, datetime.now(UTC))
    for problem in problems:
        typer.echo(shown(problem))
    mistakes = sum(not problem.warning for problem in problems)
    if found is not None:
        files = data_file_problems(found)
        mistakes += len(files)
        for line in files:
            typer.echo(line)
        for remark in glossary_remarks(found):
            typer.echo(remark + tr(" (warning)"))
    if online:
        mistakes += try_everything(found)
    if mistakes:
        typer.echo(tr("{path}: problems: {number}", path=path, number=mistakes), err=True)
        raise typer.Exit(PROBLEMS)
    typer.echo(tr("{path}: all right", path=path), err=True)


def try_everything(found: "Settings | None") -> int:
    """Try each source and engine, tell what came of it, and return how many do not work."""
    from syndicator.runtime.build import open_workshop
    from syndicator.runtime.probing import try_engines, try_sources, try_storage
    from syndicator.runtime.telling.testing import try_targets

    if found is None:
        typer.echo(tr("Sources and engines were not tried: the config cannot be used as it is."))
        return 1
    failed = 0
    with open_workshop(found) as opened:
        trials = (*try_sources(opened), *try_engines(opened), *try_storage(opened), *try_targets(found))
        for trial in trials:
            failed += not trial.works
            typer.echo(f"{'✓' if trial.works else '✗'} {trial.what}: {trial.told}")
    return failed


@app.command(help=tr("Show what the next cycle would do, and its cost; change nothing."))
def plan(as_json: Json = False) -> None:
    """Show what the next cycle would do: articles, characters, requests, cost and time."""
    from dataclasses import asdict

    from syndicator.runtime.plan import make_plan

    made = make_plan(settings(), datetime.now(UTC))
    if as_json:
        dump(asdict(made))
        return
    from syndicator.runtime.showing import show_plan

    show_plan(made)


@app.command(help=tr("Run the whole job on the shipped samples: no network, no key."))
def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=tr("Where to publish it."))] = Path("feeds"),
) -> None:
    """Run the whole job on the samples that ship with the program, with no network and no key."""
    from syndicator.runtime.demo import run_demo
    from syndicator.runtime.progress import cycle_progress
    from syndicator.runtime.showing import show_demo

    with cycle_progress() as (report, progress):
        made = run_demo(folder, report, progress)
    show_demo(made)
