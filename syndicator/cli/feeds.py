"""Feeds as partners have them: ``feeds token …`` and ``feeds preview``."""

from typing import Annotated

import typer

from syndicator.cli.program import Json, app, dump, group, workshop
from syndicator.text.messages import tr

feeds_app = group(tr("Feeds as partners have them."))
token_app = group(tr("Who may read the private feeds."))
app.add_typer(feeds_app, name="feeds")
feeds_app.add_typer(token_app, name="token")


@token_app.command("add", help=tr("Give a partner a token for private feeds."))
def token_add(
    partner: Annotated[str, typer.Argument(metavar="PARTNER", help=tr("Whom it is for, for your list."))],
    feed: Annotated[
        str, typer.Option("--feed", metavar="ID", help=tr("Only this private feed; default: every one."))
    ] = "",
    as_json: Json = False,
) -> None:
    """Give a partner a token for private feeds, and print the addresses."""
    from syndicator.runtime import tokens

    with workshop() as opened:
        told = tokens.add(opened, partner, feed)
    if as_json:
        dump(told)
        return
    for address in told["addresses"]:
        typer.echo(address)
    typer.echo(
        tr("A running worker publishes them within a minute, else the next `syndicator once`."), err=True
    )


@token_app.command("list", help=tr("List the tokens with their partners and addresses."))
def token_list(as_json: Json = False) -> None:
    """List the tokens with their partners and addresses."""
    from syndicator.runtime import tokens

    with workshop() as opened:
        found = tokens.listed(opened)
    if as_json:
        dump({"tokens": found})
        return
    from syndicator.runtime.showing_feeds import show_tokens

    show_tokens(found)


@token_app.command("revoke", help=tr("Let a token open nothing any more."))
def token_revoke(
    token: Annotated[str, typer.Argument(metavar="TOKEN", help=tr("The token, or its beginning."))],
) -> None:
    """Let a token open nothing any more; its tree is taken away at the next cycle."""
    from syndicator.runtime import tokens

    with workshop() as opened:
        partner = tokens.revoke(opened, token)
    typer.echo(
        tr(
            "revoked: the token of {partner}; a running worker takes its feeds away within a minute, "
            "else the next `syndicator once`",
            partner=partner,
        )
    )


@feeds_app.command("preview", help=tr("Show a feed's newest entry as an importer would take it."))
def preview(
    importer: Annotated[
        str, typer.Option("--as", metavar="wordpress|joomla|feedly", help=tr("The importer."))
    ],
    feed: Annotated[str, typer.Argument(metavar="FEED", help=tr("The feed's id; default: the first."))] = "",
    language: Annotated[str, typer.Option("--language", metavar="L", help=tr("The language."))] = "",
    as_json: Json = False,
) -> None:
    """Show a feed's newest entry as an importer would take it, with what its readers lose."""
    from syndicator.formats.importers import IMPORTERS
    from syndicator.runtime.previewing import preview as look

    if importer not in IMPORTERS:
        raise typer.BadParameter(tr("one of: {states}", states=", ".join(IMPORTERS)), param_hint="--as")
    with workshop() as opened:
        told = look(opened, importer, feed, language)
    if as_json:
        dump(told)
        return
    from syndicator.runtime.showing_feeds import show_preview

    show_preview(told)
