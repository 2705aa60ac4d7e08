"""What ``doctor`` and ``report`` print."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from syndicator.runtime.doctor import Finding
from syndicator.runtime.reporting import tables
from syndicator.text.messages import tr

_WIDE = 1000


def show_findings(found: Sequence[Finding]) -> None:
    """Print what is wrong, and what was mended."""
    table = Table(box=None, pad_edge=False)
    for heading in (tr("kind"), tr("place"), tr("what is wrong"), ""):
        table.add_column(heading, overflow="fold")
    for one in found:
        state = tr("mended") if one.repaired else ""
        table.add_row(one.what, escape(one.place), escape(one.told), state)
    # In a pipe a place stays in one piece, however long it is.
    width = None if sys.stdout.isatty() else _WIDE
    Console(highlight=False, width=width).print(table)


def show_report(told: Mapping[str, Any]) -> None:
    """Print a report as tables."""
    console = Console(highlight=False)
    period = told["period"]
    console.print(f"[bold]{period['from']} – {period['to']}[/]")
    for heading, columns, rows in tables(told):
        if not rows:
            continue
        console.print(f"\n[bold]{escape(heading)}[/]")
        table = Table(box=None, pad_edge=False)
        for at, column in enumerate(columns):
            numbers = all(row[at].replace(".", "", 1).isdigit() for row in rows)
            table.add_column(column, justify="right" if numbers else "left", overflow="fold")
        for row in rows:
            table.add_row(*map(escape, row))
        console.print(table)
