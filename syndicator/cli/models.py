"""Local translation models: ``models …``."""

from typing import Annotated

import typer

from syndicator.cli.program import Json, app, dump, group, settings
from syndicator.text.messages import tr

models_app = group(tr("Local translation models."))
app.add_typer(models_app, name="models")

Named = Annotated[
    str | None,
    typer.Option("--engine", metavar="ID", help=tr("The engine whose models are meant; default: the first.")),
]


@models_app.command("add", help=tr("Fetch models, verify them and put them in place."))
def models_add(
    pairs: Annotated[
        list[str] | None,
        typer.Argument(metavar="PAIR…", help=tr("Such as bg-en; default: all that are missing.")),
    ] = None,
    engine: Named = None,
) -> None:
    """Fetch the models of pairs of languages, verify them and put them in place."""
    from syndicator.runtime.modelling import add_models, local_engine
    from syndicator.runtime.showing_models import download_progress, show_added

    found = settings()
    chosen = local_engine(found, engine)
    with download_progress() as (begin, tell):
        added = []
        for each in add_models(found, chosen, pairs or [], begin, tell):
            added.append(each)
            show_added(each, chosen.models)
    if not added:
        typer.echo(tr("Nothing is missing in {path}.", path=chosen.models))


@models_app.command("list", help=tr("Show the models that are there, and what is missing."))
def models_list(as_json: Json = False, engine: Named = None) -> None:
    """Show the models that are there, verified, and what the configured languages still need."""
    from syndicator.runtime.modelling import list_models, local_engine
    from syndicator.runtime.showing_models import listing_json, show_listing

    found = settings()
    listing = list_models(found, local_engine(found, engine))
    if as_json:
        dump(listing_json(listing))
        return
    show_listing(listing)
