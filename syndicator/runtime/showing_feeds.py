"""Tokens and previews of feeds on a terminal."""

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
