"""Prints what ``engines compare`` found."""

from rich.markup import escape

from syndicator.runtime.comparing import Comparison
from syndicator.runtime.showing import new_console, new_table
from syndicator.text.messages import tr

COLOURS = {"pass": "green", "warn": "yellow", "block": "red"}


def show_comparison(made: Comparison) -> None:
    """Print each sentence with every engine's answer, then a line per engine and pair."""
    console = new_console()
    for number, sentence in enumerate(made.sentences, 1):
        console.print(f"[bold]{number}. {escape(sentence)}[/]")
        for one in made.showings:
            said = one.answers.get(sentence)
            if said is None:
                shown = f"[dim]{tr('no answer')}[/]"
            else:
                findings = f" [{COLOURS[said.verdict]}]({escape(said.findings)})[/]" if said.findings else ""
                shown = f"{escape(said.answer)}{findings}"
            console.print(f"   {one.engine} {one.pair}: {shown}")
        console.print()
    table = new_table(
        tr("engine"),
        tr("pair"),
        tr("pass"),
        tr("warn"),
        tr("block"),
        tr("no answer"),
        tr("requests"),
        tr("characters"),
        tr("cost"),
        tr("time"),
        numbers=8,
    )
    for one in made.showings:
        table.add_row(
            one.engine,
            one.pair,
            *(str(one.count(kind)) for kind in COLOURS),
            str(len(made.sentences) - len(one.answers)),
            str(one.requests),
            str(one.characters),
            f"{one.cost:.2f}",
            tr("{number} s", number=one.seconds),
        )
    console.print(table)
    for one in made.showings:
        if one.error:
            console.print(f"[red]✗[/] {one.pair} {escape(one.error)}")
