"""The translation engines: ``engines …``."""

from pathlib import Path
from typing import Annotated

import typer

from syndicator.cli.program import PENDING, Json, app, dump, group, workshop
from syndicator.text.messages import tr

engines_app = group(tr("The translation engines."))
app.add_typer(engines_app, name="engines")


@engines_app.callback()
def engines() -> None:
    """Hold the group together while it has one command."""


@engines_app.command("compare", help=tr("Show a text through every engine, side by side."))
def engines_compare(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=tr("A text or HTML file."))],
    engine: Annotated[
        list[str] | None, typer.Option("--engine", metavar="ID", help=tr("Only this engine (repeatable)."))
    ] = None,
    to: Annotated[
        list[str] | None, typer.Option("--to", metavar="LANG", help=tr("Only this language (repeatable)."))
    ] = None,
    as_json: Json = False,
) -> None:
    """Show a text through every engine, side by side, with time, characters, cost and checks."""
    from syndicator.runtime.comparing import compare

    with workshop() as opened:
        made = compare(opened, file, engines=engine or (), targets=to or ())
    if as_json:
        dump(made.as_json())
    else:
        from syndicator.runtime.showing_comparison import show_comparison

        show_comparison(made)
    if any(one.error for one in made.showings):
        raise typer.Exit(PENDING)
