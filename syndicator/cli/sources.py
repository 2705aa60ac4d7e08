"""Single sources: ``sources …``."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from syndicator.cli.program import Json, Options, app, dump, group
from syndicator.text.messages import tr

if TYPE_CHECKING:
    from syndicator.runtime.trying import Found

sources_app = group(tr("Single sources."))
app.add_typer(sources_app, name="sources")
SHOWN = 12  # lines of a list
LONGEST = 100  # characters of a line that is shown


@sources_app.callback()
def sources_group() -> None:
    """Keep ``try`` a command of a group, though it is the only one."""


@sources_app.command("try", help=tr("Show what would come in from an address; store nothing."))
def sources_try(
    url: Annotated[str, typer.Argument(metavar="URL")],
    body: Annotated[str, typer.Option("--body", help=tr("A site rule: what holds the article."))] = "",
    links: Annotated[str, typer.Option("--links", help=tr("A site rule: the links of a list."))] = "",
    as_json: Json = False,
) -> None:
    """Show what would come in from an address, without storing anything."""
    from syndicator.runtime.trying import try_anywhere

    found = try_anywhere(url, Options.config, datetime.now(UTC), body=body, links=links)
    if as_json:
        told = asdict(found)
        if found.article is not None and found.article.published is not None:
            told["article"]["published"] = found.article.published.isoformat()
        dump(told)
        return
    _show(found)


def _show(found: "Found") -> None:
    from syndicator.text.html import plain_text

    typer.echo(f"{found.url}: {found.kind}")
    for line in found.told:
        typer.echo(f"! {line}")
    typer.echo(tr("Lists {number}:", number=len(found.titles)))
    _list(tuple(title[:LONGEST] for title in found.titles))
    article = found.article
    typer.echo("")
    if article is None:
        typer.echo(tr("No article can be shown: {problem}", problem=found.article_problem))
    else:
        typer.echo(tr("The first article, as it would be stored:"))
        image = article.image.url if article.image else ""
        fields = {
            tr("title"): article.title,
            tr("address"): article.url,
            tr("date"): article.published.isoformat() if article.published else tr("none: then first seen"),
            tr("author"): ", ".join(article.authors),
            tr("image"): image,
            tr("rights"): article.rights,
            tr("tags"): ", ".join(article.tags),
            tr("summary"): article.summary,
        }
        for name, value in fields.items():
            typer.echo(f"  {name}: {value or '–'}")
        typer.echo("")
        typer.echo(plain_text(article.body))
    if found.dropped:
        typer.echo("")
        typer.echo(tr("On its page, but no part of it:"))
        _list(tuple(f"{one.text[:LONGEST]}  [{one.rule}]" for one in found.dropped))
    typer.echo("")
    typer.echo(tr("For the config, under `sources:`"))
    typer.echo(found.yaml)


def _list(lines: tuple[str, ...]) -> None:
    for line in lines[:SHOWN]:
        typer.echo(f"  - {line}")
    if len(lines) > SHOWN:
        typer.echo(tr("  … and {number} more", number=len(lines) - SHOWN))
