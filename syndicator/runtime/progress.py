"""Where a cycle is, for people on stderr."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from syndicator.text.messages import tr


@contextmanager
def cycle_progress() -> Iterator[tuple[Callable[[str], None], Callable[[int], None]]]:
    """Give two functions that show where a cycle is: one names the step, one counts segments.

    They draw a bar on a terminal; elsewhere the log tells.
    """
    if not sys.stderr.isatty():
        yield lambda _: None, lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        TextColumn("{task.fields[segments]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(tr("starting"), total=None, segments="")
        count = 0

        def report(step: str) -> None:
            words = {"sources": tr("reading sources"), "feeds": tr("writing feeds")}
            bar.update(task, description=words.get(step, tr("translating into {language}", language=step)))

        def progress(segments: int) -> None:
            nonlocal count
            count += segments
            bar.update(task, segments=tr("segments: {number}", number=count))

        yield report, progress
