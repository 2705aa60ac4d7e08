"""The command line. Each command is a few lines: what is heavy is imported where it is used."""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from syndicator import __version__
from syndicator.errors import ConfigError, LockHeldError, SyndicatorError
from syndicator.text.messages import tr

if TYPE_CHECKING:
    from syndicator.errors import Problem
    from syndicator.runtime.build import Workshop
    from syndicator.runtime.once import Summary
    from syndicator.settings.schema import Settings

DONE, PROBLEMS, PENDING, LOCKED, UNUSABLE = 0, 1, 3, 75, 78
SIGNALLED = 128  # plus the signal's number, as shells count

app = typer.Typer(
    help=tr("Ingests articles, machine-translates them and publishes per-language feeds."),
    no_args_is_help=True,
    rich_markup_mode=None,  # rich would cost --help a quarter of a second
    pretty_exceptions_enable=False,
    add_completion=False,
)
articles_app = typer.Typer(
    help=tr("The editor's hand on single articles."), no_args_is_help=True, rich_markup_mode=None
)
memory_app = typer.Typer(help=tr("The translation memory."), no_args_is_help=True, rich_markup_mode=None)
app.add_typer(articles_app, name="articles")
app.add_typer(memory_app, name="memory")

Json = Annotated[bool, typer.Option("--json", help=tr("Print one JSON object and nothing else."))]


class Options:
    """The options that stand before the command."""

    config: Path | None = None


def print_version(wanted: bool) -> None:
    """Print the version and end, if that is wanted."""
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def main_options(
    config: Annotated[
        Path | None, typer.Option("-c", "--config", metavar="FILE", help=tr("The config."))
    ] = None,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help=tr("Log more."))] = False,
    version: Annotated[
        bool,
        typer.Option("--version", help=tr("Print the version."), is_eager=True, callback=print_version),
    ] = False,
) -> None:
    """Set up what every command needs."""
    del version  # was handled by its callback, before a missing command could be complained of
    Options.config = config
    from syndicator.runtime.logs import configure_logs

    # On a terminal the summary says it all; a log elsewhere is what is read afterwards.
    configure_logs(verbose=verbose, quiet=not verbose and sys.stderr.isatty())


class Stopped(BaseException):
    """A signal asks the program to end: no failure that anybody should handle on the way."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def stop(number: int, _frame: object) -> NoReturn:
    """Handle SIGINT and SIGTERM: leave what is under way, closing what is open."""
    signal.signal(number, signal.SIG_DFL)  # who asks twice does not want to wait
    raise Stopped(number)


def main() -> None:
    """Run the program; end with the contract's exit codes."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    try:
        app(prog_name="syndicator")
    except ConfigError as error:
        fail(str(error), UNUSABLE)
    except LockHeldError as error:
        fail(str(error), LOCKED)
    except SyndicatorError as error:
        fail(str(error), PROBLEMS)
    except OSError as error:
        # A full disk, a folder that may not be read: the system's own words, and the place.
        fail(": ".join(filter(None, (error.filename, error.strerror or str(error)))), PROBLEMS)
    except Stopped as stopped:
        typer.echo(tr("Stopped. Nothing is lost: the next run goes on from here."), err=True)
        sys.stderr.flush()
        # Not sys.exit: a thread that still waits for an answer would hold the process.
        os._exit(SIGNALLED + stopped.number)


def fail(message: str, code: int) -> NoReturn:
    """Tell why on stderr and end."""
    typer.echo(message, err=True)
    raise SystemExit(code)


def find_config() -> Path:
    """Return the config's path. Raises ConfigError."""
    from syndicator.settings import load

    return load.find_config(Options.config, os.environ, Path.cwd())


def settings() -> "Settings":
    """Return the settings. Raises ConfigError."""
    from syndicator.settings import load

    return load.load(find_config(), os.environ, datetime.now(UTC))


@contextmanager
def workshop() -> "Iterator[Workshop]":
    """Give everything that works on the configured store."""
    from syndicator.runtime.build import open_workshop

    with open_workshop(settings()) as opened:
        yield opened


def dump(value: Any) -> None:  # noqa: ANN401 - anything that JSON can hold
    """Print one JSON object."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))


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
    from syndicator.runtime.probing import data_file_problems
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
    if online:
        mistakes += try_everything(found)
    if mistakes:
        typer.echo(tr("{path}: problems: {number}", path=path, number=mistakes), err=True)
        raise typer.Exit(PROBLEMS)
    typer.echo(tr("{path}: all right", path=path), err=True)


def try_everything(found: "Settings | None") -> int:
    """Try each source and engine, tell what came of it, and return how many do not work."""
    from syndicator.runtime.build import open_workshop
    from syndicator.runtime.probing import try_engines, try_sources

    if found is None:
        typer.echo(tr("Sources and engines were not tried: the config cannot be used as it is."))
        return 1
    failed = 0
    with open_workshop(found) as opened:
        for trial in (*try_sources(opened), *try_engines(opened)):
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


@app.command(help=tr("Run one whole cycle: poll, translate, publish, then stop."))
def once(as_json: Json = False) -> None:
    """Run one whole cycle: poll every source, translate, publish, then stop."""
    from syndicator.runtime.build import open_workshop
    from syndicator.runtime.lock import worker_lock
    from syndicator.runtime.once import run_once
    from syndicator.runtime.showing import cycle_progress, show_summary
    from syndicator.store.database import path_of

    read = settings()
    with (
        worker_lock(path_of(read.storage.database), "once"),
        open_workshop(read) as opened,
        cycle_progress() as (report, progress),
    ):
        summary = run_once(opened, report=report, progress=progress)
    if as_json:
        dump(summary.as_json())
    else:
        show_summary(summary)
    raise typer.Exit(exit_code(summary))


def exit_code(summary: "Summary") -> int:
    """Return the contract's exit code for a cycle."""
    return DONE if summary.all_done else PENDING


@app.command(help=tr("Take text or HTML files in as articles."))
def ingest(
    paths: Annotated[list[Path], typer.Argument(help=tr("Text or HTML files, or folders of them."))],
    source: Annotated[str, typer.Option("--source", metavar="ID", help=tr("The inbox source."))] = "",
) -> None:
    """Take text or HTML files in as articles; the next cycle translates and publishes them."""
    from syndicator.runtime.editing import inbox_source
    from syndicator.runtime.editing import ingest as take

    with workshop() as opened:
        intake = take(opened, paths, inbox_source(opened, source))
    typer.echo(
        tr(
            "new: {new}, updated: {updated}, unchanged: {unchanged}, "
            "duplicate: {duplicate}, rejected: {rejected}",
            new=intake.new,
            updated=intake.updated,
            unchanged=intake.unchanged,
            duplicate=intake.duplicate,
            rejected=intake.rejected,
        )
    )
    for line in [*([intake.error] if intake.error else []), *intake.waiting, *intake.refusals]:
        typer.echo(line, err=True)
    if intake.error or intake.waiting or intake.rejected:
        raise typer.Exit(PROBLEMS)


@app.command(help=tr("Show sources, backlog, engines and feeds at a glance."))
def status(as_json: Json = False) -> None:
    """Show sources, backlog, engines and feeds at a glance."""
    from syndicator.runtime import seeing

    with workshop() as opened:
        told = seeing.status(opened)
    if as_json:
        dump(told)
    else:
        from syndicator.runtime.showing import show_status

        show_status(told, opened.timezone)
    raise typer.Exit(DONE if seeing.is_clean(told) else PENDING)


@app.command(help=tr("Run the whole job on the shipped samples: no network, no key."))
def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=tr("Where to publish it."))] = Path("feeds"),
) -> None:
    """Run the whole job on the samples that ship with the program, with no network and no key."""
    from syndicator.runtime.demo import run_demo
    from syndicator.runtime.showing import cycle_progress, show_demo

    with cycle_progress() as (report, progress):
        made = run_demo(folder, report, progress)
    show_demo(made)


@articles_app.command("list", help=tr("List articles with the state of each translation."))
def articles_list(
    state: Annotated[str, typer.Option("--state", help=tr("Only with a translation in this state."))] = "",
    source: Annotated[str, typer.Option("--source", metavar="ID", help=tr("Only of this source."))] = "",
    language: Annotated[str, typer.Option("--language", help=tr("Only this language's state counts."))] = "",
    as_json: Json = False,
) -> None:
    """List articles with the state of each translation."""
    from syndicator.model import TranslationState
    from syndicator.runtime import seeing

    known = [one.value for one in TranslationState]
    if state and state not in known:
        raise typer.BadParameter(tr("one of: {states}", states=", ".join(known)), param_hint="--state")
    with workshop() as opened:
        found = seeing.articles(opened, state=state, source=source, language=language)
        details = (
            [seeing.article(opened, one["id"]) for one in found] if state == "held" and not as_json else []
        )
    if as_json:
        dump({"articles": found})
        return
    from syndicator.runtime.showing import show_articles, show_refusals

    show_articles(found)
    for one in details:
        show_refusals(one)


@articles_app.command("show", help=tr("Show one article with its translations."))
def articles_show(article: Annotated[str, typer.Argument(metavar="ID")], as_json: Json = False) -> None:
    """Show one article with its translations."""
    from syndicator.runtime import seeing

    with workshop() as opened:
        told = seeing.article(opened, article)
    if as_json:
        dump(told)
        return
    from syndicator.runtime.showing import show_article

    show_article(told)


@articles_app.command("retry", help=tr("Let an article's unfinished translations be tried anew."))
def articles_retry(article: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Let an article's unfinished translations be tried anew."""
    from syndicator.runtime import editing

    with workshop() as opened:
        number = editing.retry(opened, article)
    typer.echo(tr("translations that the next cycle will try: {number}", number=number))


@articles_app.command("withdraw", help=tr("Withdraw an article: its entries become notices."))
def articles_withdraw(article: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Withdraw an article: its entries keep their ids and carry a notice."""
    _edit("withdraw", article, tr("withdrawn; the next cycle publishes the notice"))


@articles_app.command("erase", help=tr("Erase an article everywhere, for good."))
def articles_erase(
    article: Annotated[str, typer.Argument(metavar="ID")],
    yes: Annotated[bool, typer.Option("--yes", help=tr("Do not ask."))] = False,
) -> None:
    """Erase an article everywhere, for good; it does not come back."""
    if not yes:
        typer.confirm(tr("Erase {id} and all its translations for good?", id=article), abort=True, err=True)
    _edit("erase", article, tr("erased; the next cycle takes it out of the feeds"))


def _edit(name: str, article: str, told: str) -> None:
    from syndicator.runtime import editing

    edit: Callable[[Workshop, str], None] = getattr(editing, name)
    with workshop() as opened:
        edit(opened, article)
    typer.echo(told)


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
