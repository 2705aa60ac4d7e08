"""The worker as a service of systemd: ``service …``."""

from typing import Annotated

import typer

from syndicator.cli.program import app, find_config, group
from syndicator.text.messages import tr

service_app = group(tr("The worker as a systemd service."))
app.add_typer(service_app, name="service")


@service_app.callback()
def service() -> None:
    """Keep `service` a group while it has one command."""


@service_app.command("install", help=tr("Write the systemd unit, and say the next commands."))
def service_install(
    user: Annotated[
        bool, typer.Option("--user/--system", help=tr("For yourself, or for the machine."))
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=tr("Show the files; write nothing."))] = False,
) -> None:
    """Write the systemd unit made for the config, and say the next commands."""
    from syndicator.runtime.service import Scope, install, plan_installation

    installation = plan_installation(find_config(), Scope.USER if user else Scope.SYSTEM)
    if dry_run:
        for file in installation.files:
            typer.echo(f"### {file.path}\n{file.content}")
    else:
        install(installation)
        for file in installation.files:
            typer.echo(tr("Written: {path}", path=file.path))
    for remark in installation.remarks:
        typer.echo(remark, err=True)
    typer.echo(tr("Next:"), err=dry_run)
    for command in installation.next_commands:
        typer.echo(f"  {command}", err=dry_run)
