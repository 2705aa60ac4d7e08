"""The daily work: ``once``, ``run``, ``serve``, ``status``."""

import gc
import os
import sys
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from syndicator.cli.program import DONE, PENDING, Json, app, dump, find_config, settings, workshop
from syndicator.text.messages import tr

if TYPE_CHECKING:
    from syndicator.runtime.once import Summary


@app.command(help=tr("Run one whole cycle: poll, translate, publish, then stop."))
def once(as_json: Json = False) -> None:
    """Run one whole cycle: poll every source, translate, publish, then stop."""
    from syndicator.runtime.build import open_workshop
    from syndicator.runtime.lock import worker_lock
    from syndicator.runtime.monitoring.status_file import write_status_file
    from syndicator.runtime.once import run_once
    from syndicator.runtime.progress import cycle_progress
    from syndicator.runtime.telling.noting import note_news, settle_targets
    from syndicator.runtime.telling.sending import send_due
    from syndicator.store.database import path_of

    read = settings()
    with (
        worker_lock(path_of(read.storage.database), "once"),
        open_workshop(read) as opened,
        cycle_progress() as (report, progress),
    ):
        settle_targets(opened)
        gc.freeze()  # what was loaded stays until the end
        summary = run_once(opened, report=report, progress=progress)
        write_status_file(opened)
        note_news(opened)
        send_due(opened.database, read, at_once=True)
    if as_json:
        dump(summary.as_json())
    else:
        from syndicator.runtime.showing import show_summary

        show_summary(summary)
    raise typer.Exit(exit_code(summary))


def exit_code(summary: "Summary") -> int:
    """Return the contract's exit code for a cycle."""
    return DONE if summary.all_done else PENDING


@app.command(help=tr("Run the scheduled worker until SIGTERM."))
def run() -> None:
    """Run the scheduled worker until SIGTERM or SIGINT; SIGHUP reads the config anew."""
    import faulthandler

    from syndicator.runtime.lock import worker_lock
    from syndicator.runtime.worker import run_worker
    from syndicator.store.database import path_of

    faulthandler.enable()  # a watchdog's SIGABRT then shows where every thread hangs
    path, read = find_config(), settings()
    with worker_lock(path_of(read.storage.database), "run"):
        run_worker(path, read)
        sys.stderr.flush()
        # Not a return: a thread that still waits for a source's answer would hold the process.
        os._exit(DONE)


@app.command(help=tr("Show the published tree to the web until SIGTERM."))
def serve(
    bind: Annotated[
        str,
        typer.Option(metavar="HOST:PORT", help=tr("Where to listen; default: serve.bind of the config.")),
    ] = "",
) -> None:
    """Show the published tree to the web."""
    from syndicator.runtime.serving import serve as run
    from syndicator.settings.scalars import read_bind

    read = settings()
    if bind:
        try:
            bind = read_bind(bind)
        except ValueError:
            told = tr("{bind} is not a host and port; write 127.0.0.1:8080", bind=bind)
            raise typer.BadParameter(told, param_hint="--bind") from None
    folder = read.storage.feeds
    run(
        read,
        bind=bind,
        ready=lambda address: typer.echo(
            tr("Serving {folder} at {address}", folder=folder, address=address), err=True
        ),
    )


@app.command(help=tr("Show sources, backlog, engines and feeds at a glance."))
def status(
    as_json: Json = False,
    watch: Annotated[bool, typer.Option("--watch", help=tr("Show it anew every two seconds."))] = False,
) -> None:
    """Show sources, backlog, engines and feeds at a glance."""
    from syndicator.runtime import seeing

    if watch and (as_json or not sys.stdout.isatty()):
        raise typer.BadParameter(tr("it needs a terminal, and no --json"), param_hint="--watch")
    if watch:
        from syndicator.runtime.build import open_workshop
        from syndicator.runtime.showing_status import watch_status

        read = settings()

        def look() -> "dict[str, Any]":
            with open_workshop(read) as opened:
                return seeing.status(opened)

        told = watch_status(look, ZoneInfo(read.site.timezone))
        raise typer.Exit(DONE if seeing.is_clean(told) else PENDING)
    with workshop() as opened:
        told = seeing.status(opened)
    if as_json:
        dump(told)
    else:
        from syndicator.runtime.showing_status import show_status

        show_status(told, opened.timezone)
    raise typer.Exit(DONE if seeing.is_clean(told) else PENDING)
