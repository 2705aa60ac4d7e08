"""Local models for people: a bar while they are fetched, a table of what is there."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from syndicator.engines.model_shelf import Told
from syndicator.runtime.modelling import Added, Listing
from syndicator.text.messages import tr
from syndicator.translation.model_files import folder_of
from syndicator.translation.model_records import Release

log = structlog.get_logger(__name__)

COLOURS = {"verified": "green", "unknown": "yellow", "damaged": "red"}
WIDE = 160  # characters; where no terminal shows the result, tables may be wider than one


@contextmanager
def download_progress() -> Iterator[tuple[Callable[[Release], None], Told]]:
    """Give two functions that show a download: one names the model, one counts bytes.

    They draw a bar on a terminal; elsewhere the log tells of each file.
    """
    if not sys.stderr.isatty():
        yield _log_release, _log_file
        return
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        DownloadColumn(),
        TransferSpeedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, Any] = {}

        def begin(release: Release) -> None:
            tasks.clear()
            bar.console.print(_headline(release))

        def tell(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bar.add_task(name, total=total)
            bar.update(tasks[name], completed=done)

        yield begin, tell


def _headline(release: Release) -> str:
    return tr(
        "{pair}: version {version} ({architecture}), {size} MB",
        pair=folder_of(release.pair),
        version=release.version,
        architecture=release.architecture or "?",
        size=_megabytes(release.size),
    )


def _log_release(release: Release) -> None:
    log.info(
        "model chosen",
        pair=folder_of(release.pair),
        version=release.version,
        architecture=release.architecture,
        bytes=release.size,
    )


def _log_file(name: str, done: int, total: int) -> None:
    if done >= total:
        log.info("model file fetched", file=name, bytes=total)


def show_added(added: Added, folder: Path) -> None:
    """Tell what came of one pair."""
    place = folder / folder_of(added.release.pair)
    if added.fetched:
        text = tr("{path}: version {version} is in place", path=place, version=added.release.version)
    else:
        text = tr("{path}: version {version} is there already", path=place, version=added.release.version)
    print(text, flush=True)


def listing_json(listing: Listing) -> dict[str, Any]:
    """Return a listing as one JSON object."""
    models = [
        {
            "pair": folder_of(model.pair),
            "bytes": model.size,
            "version": model.version,
            "architecture": model.architecture,
            "state": model.state,
            "damage": model.damage,
        }
        for model in listing.models
    ]
    missing = [folder_of(pair) for pair in listing.missing]
    return {"folder": listing.folder, "models": models, "missing": missing}


def show_listing(listing: Listing) -> None:
    """Print what is there, and what the configured languages still need."""
    terminal = sys.stdout.isatty()
    console = Console(highlight=False, soft_wrap=not terminal, width=None if terminal else WIDE)
    states = {"verified": tr("verified"), "unknown": tr("cannot be verified"), "damaged": tr("damaged")}
    if listing.models:
        table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
        for column in (tr("pair"), tr("version"), tr("kind"), tr("state")):
            table.add_column(column)
        table.add_column("MB", justify="right")
        for model in listing.models:
            table.add_row(
                folder_of(model.pair),
                model.version,
                model.architecture,
                f"[{COLOURS[model.state]}]{states[model.state]}[/]",
                _megabytes(model.size),
            )
        console.print(table)
    else:
        console.print(tr("There are no models in {path}.", path=listing.folder), markup=False)
    for model in listing.models:
        if model.damage:
            console.print(
                tr(
                    "{path}: {damage}. Fetch it again: syndicator models add {pair}",
                    path=Path(listing.folder) / folder_of(model.pair),
                    damage=model.damage,
                    pair=folder_of(model.pair),
                ),
                markup=False,
            )
    if listing.missing:
        names = " ".join(map(folder_of, listing.missing))
        console.print(
            tr("The configured languages still need: syndicator models add {pairs}", pairs=names),
            markup=False,
        )


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f}"
