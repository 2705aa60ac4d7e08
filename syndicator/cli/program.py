"""The frame of the program: its options, its exit codes, what a signal does, and what every command needs."""

import atexit
import gc
import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from syndicator import __version__
from syndicator.errors import ConfigError, LockHeldError, SyndicatorError
from syndicator.text.messages import tr

if TYPE_CHECKING:
    from syndicator.runtime.build import Workshop
    from syndicator.settings.schema import Settings

DONE, PROBLEMS, PENDING, LOCKED, UNUSABLE = 0, 1, 3, 75, 78
SIGNALLED = 128  # plus the signal's number, as shells count


def group(told: str) -> typer.Typer:
    """Return an empty group of commands; ``told`` is what its help says."""
    return typer.Typer(
        help=told,
        no_args_is_help=True,
        rich_markup_mode=None,  # rich would cost --help a quarter of a second
        pretty_exceptions_enable=False,
        add_completion=False,
    )


app = group(tr("Ingests articles, machine-translates them and publishes per-language feeds."))

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
    # The collector's default looks through all modules again and again while they are loaded, and then
    # through what an article is made of: a twentieth of all work, for a few kilobytes of cycles.
    gc.set_threshold(50_000, 20, 20)
    atexit.register(gc.freeze)  # and at the end, when all goes at once, it has nothing to look for
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
    """Return the settings; from here on root is the database's owner. Raises ConfigError and StoreError."""
    from syndicator.runtime.privileges import become_owner_of
    from syndicator.settings import load
    from syndicator.store.database import path_of

    read = load.load(find_config(), os.environ, datetime.now(UTC))
    become_owner_of(path_of(read.storage.database))
    return read


@contextmanager
def workshop() -> "Iterator[Workshop]":
    """Give everything that works on the configured store."""
    from syndicator.runtime.build import open_workshop

    with open_workshop(settings()) as opened:
        yield opened


def dump(value: Any) -> None:  # noqa: ANN401 - anything that JSON can hold
    """Print one JSON object."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))
