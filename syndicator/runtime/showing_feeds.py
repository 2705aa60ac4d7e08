"""Tokens and previews of feeds on a terminal."""

import textwrap
from collections.abc import Sequence
from typing import Any

import typer

from syndicator.text.messages import tr


def show_tokens(found: Sequence[dict[str, Any]]) -> None:
    """Print tokens, each with whose it is and what it opens."""
    if not found:
        typer.echo(tr("No token was given yet: syndicator feeds token add PARTNER"))
    for one in found:
        feed = one["feed"] or tr("every private feed")
        typer.echo(f"{one['partner']}  ({feed})")
        if one["revoked"]:
            typer.echo("  " + tr("{token}: revoked on {date}", token=one["token"], date=one["revoked"][:10]))
            continue
        typer.echo("  " + tr("{token}: since {date}", token=one["token"], date=one["created"][:10]))
        for address in one["addresses"]:
            typer.echo(f"  {address}")


LONGEST = 700  # characters of a text that a terminal shows


def show_preview(told: dict[str, Any]) -> None:
    """Print an entry as an importer takes it."""
    typer.echo(f"{told['feed']} ({told['language']}) → {told['as']}")
    typer.echo(tr("title: {text}", text=told["title"]))
    typer.echo(tr("link: {text}", text=told["link"] or tr("none")))
    typer.echo(tr("date: {text}", text=told["date"]))
    typer.echo(tr("categories: {text}", text=", ".join(told["categories"]) or tr("none")))
    for view in told["views"]:
        text = view["text"]
        shown = text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text)})"
        typer.echo(f"\n[{view['name']}]")
        typer.echo(textwrap.fill(shown, 100, initial_indent="  ", subsequent_indent="  "))
        typer.echo("  " + tr("picture: {text}", text=view["image"] or tr("none")))
    typer.echo("")
    for warning in told["warnings"]:
        typer.echo(tr("warning: {text}", text=warning))
    for remark in told["remarks"]:
        typer.echo(tr("note: {text}", text=remark))
