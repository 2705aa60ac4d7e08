"""The editor's hand on articles: ``ingest`` and ``articles …``."""

from pathlib import Path
from typing import Annotated

import typer

from syndicator.cli.program import PROBLEMS, Json, app, dump, group, workshop
from syndicator.text.messages import tr

articles_app = group(tr("The editor's hand on single articles."))
app.add_typer(articles_app, name="articles")


@app.command(help=tr("Take text or HTML files in as articles."))
def ingest(
    paths: Annotated[list[Path], typer.Argument(help=tr("Text or HTML files, or folders of them."))],
    source: Annotated[str, typer.Option("--source", metavar="ID", help=tr("The inbox source."))] = "",
) -> None:
    """Take text or HTML files in as articles; the next cycle translates and publishes them."""
    from syndicator.runtime.editing import inbox_source
    from syndicator.runtime.editing import ingest as take

    with workshop() as opened:
        intake = take(opened, paths, inbox_source(opened, source))
    typer.echo(
        tr(
            "new: {new}, updated: {updated}, unchanged: {unchanged}, "
            "duplicate: {duplicate}, rejected: {rejected}",
            new=intake.new,
            updated=intake.updated,
            unchanged=intake.unchanged,
            duplicate=intake.duplicate,
            rejected=intake.rejected,
        )
    )
    for line in [*([intake.error] if intake.error else []), *intake.waiting, *intake.refusals]:
        typer.echo(line, err=True)
    if intake.error or intake.waiting or intake.rejected:
        raise typer.Exit(PROBLEMS)


@articles_app.command("list", help=tr("List articles with the state of each translation."))
def articles_list(
    state: Annotated[str, typer.Option("--state", help=tr("Only with a translation in this state."))] = "",
    source: Annotated[str, typer.Option("--source", metavar="ID", help=tr("Only of this source."))] = "",
    language: Annotated[str, typer.Option("--language", help=tr("Only this language's state counts."))] = "",
    as_json: Json = False,
) -> None:
    """List articles with the state of each translation."""
    from syndicator.model import TranslationState
    from syndicator.runtime import seeing

    known = [one.value for one in TranslationState]
    if state and state not in known:
        raise typer.BadParameter(tr("one of: {states}", states=", ".join(known)), param_hint="--state")
    with workshop() as opened:
        found = seeing.articles(opened, state=state, source=source, language=language)
        details = (
            [seeing.article(opened, one["id"]) for one in found] if state == "held" and not as_json else []
        )
    if as_json:
        dump({"articles": found})
        return
    from syndicator.runtime.showing import show_articles, show_refusals

    show_articles(found)
    for one in details:
        show_refusals(one)


@articles_app.command("show", help=tr("Show one article with its translations."))
def articles_show(article: Annotated[str, typer.Argument(metavar="ID")], as_json: Json = False) -> None:
    """Show one article with its translations."""
    from syndicator.runtime import seeing

    with workshop() as opened:
        told = seeing.article(opened, article)
    if as_json:
        dump(told)
        return
    from syndicator.runtime.showing import show_article

    show_article(told)


@articles_app.command("trace", help=tr("Show an article's life, from its arrival to the feeds."))
def articles_trace(article: Annotated[str, typer.Argument(metavar="ID")], as_json: Json = False) -> None:
    """Show an article's life: taken in, revised, translated by whom, refused, held, published, withdrawn."""
    from syndicator.runtime.tracing import trace

    with workshop() as opened:
        life = trace(opened, article)
    if as_json:
        dump(life.as_json())
        return
    from syndicator.runtime.showing_trace import show_life

    show_life(life, opened.timezone)


@articles_app.command("retry", help=tr("Let an article's unfinished translations be tried anew."))
def articles_retry(article: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Let an article's unfinished translations be tried anew."""
    from syndicator.runtime import editing

    with workshop() as opened:
        number = editing.retry(opened, article)
    typer.echo(tr("translations that the next cycle will try: {number}", number=number))


@articles_app.command("approve", help=tr("Publish what was held, as you decide."))
def articles_approve(
    article: Annotated[str, typer.Argument(metavar="ID")],
    language: Annotated[
        str, typer.Option("--language", help=tr("Only in this language; default: where it is held."))
    ] = "",
    whole: Annotated[
        bool, typer.Option("--whole", help=tr("You have read it all: it counts as reviewed."))
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help=tr("Do not ask."))] = False,
) -> None:
    """Publish a held article's best answers; each is shown before."""
    from syndicator.runtime import approving

    with workshop() as opened:
        approvals = approving.plan_approvals(opened, article, language, whole=whole)
        for approval in approvals:
            if approval.reason:
                typer.echo(f"{approval.language}: {approval.reason}", err=True)
            for one in approval.sentences:
                why = f"  ({one.engine}: {one.reason})" if one.reason else f"  ({one.engine})"
                typer.echo(f"{one.pair}  {one.segment}\n  → {one.answer}\n{why}", err=True)
        if not yes:
            typer.confirm(tr("Publish this?"), abort=True, err=True)
        approving.approve(opened, approvals)
    languages = ", ".join(approval.language for approval in approvals)
    typer.echo(tr("approved in {languages}; the next cycle publishes it", languages=languages))


@articles_app.command("withdraw", help=tr("Withdraw an article: its entries become notices."))
def articles_withdraw(article: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Withdraw an article: its entries keep their ids and carry a notice."""
    from syndicator.runtime import editing

    with workshop() as opened:
        editing.withdraw(opened, article)
    typer.echo(tr("withdrawn; the next cycle publishes the notice"))


@articles_app.command("erase", help=tr("Erase an article everywhere, for good."))
def articles_erase(
    article: Annotated[str, typer.Argument(metavar="ID")],
    yes: Annotated[bool, typer.Option("--yes", help=tr("Do not ask."))] = False,
) -> None:
    """Erase an article everywhere, for good; it does not come back."""
    if not yes:
        typer.confirm(tr("Erase {id} and all its translations for good?", id=article), abort=True, err=True)
    from syndicator.runtime import editing

    with workshop() as opened:
        remarks = editing.erase(opened, article)
    typer.echo(tr("erased; the next cycle takes it out of the feeds"))
    for remark in remarks:
        typer.echo(remark, err=True)
