"""The glossary: ``glossary …``."""

import typer

from syndicator.cli.program import PROBLEMS, Json, app, dump, group, workshop
from syndicator.text.messages import tr

glossary_app = group(tr("The glossary."))
app.add_typer(glossary_app, name="glossary")


@glossary_app.command("diff", help=tr("Show what the changed glossary would change in what is published."))
def glossary_diff(as_json: Json = False) -> None:
    """Show what the changed glossary would change in what is published; nothing is changed or asked for."""
    from syndicator.runtime.glossary_diff import differences

    with workshop() as opened:
        found = list(differences(opened))
        mistakes = opened.glossary_mistakes
    if as_json:
        dump({"articles": [one.as_json() for one in found], "problems": mistakes})
    else:
        for one in found:
            typer.echo(f"{one.id}  {one.language}  {one.title}")
            for before, after in one.changes:
                typer.echo(f"  - {before}\n  + {after}")
            if one.asked:
                typer.echo("  " + tr("an engine would be asked for: {terms}", terms=", ".join(one.asked)))
            if one.held:
                typer.echo("  " + tr("would be held: {reason}", reason=one.held))
        if not found:
            typer.echo(tr("The glossary changes nothing in what is published."))
        for told in mistakes:
            typer.echo(told, err=True)
    if mistakes:
        raise typer.Exit(PROBLEMS)
