"""Who is told what: ``alerts test``."""

import typer

from syndicator.cli.program import DONE, PROBLEMS, app, group, settings
from syndicator.text.messages import tr

alerts_app = group(tr("Who is told what is wrong, and what was published."))
app.add_typer(alerts_app, name="alerts")


@alerts_app.command("test", help=tr("Send a test to each target of on_alert and on_publish."))
def alerts_test() -> None:
    """Send a test to each target, and tell what came of it."""
    from syndicator.runtime.telling.testing import send_tests

    read = settings()
    failed = 0
    for trial in send_tests(read):
        failed += not trial.works
        typer.echo(f"{'✓' if trial.works else '✗'} {trial.what}: {trial.told}")
    if not (read.on_alert or read.on_publish):
        typer.echo(tr("Nobody is told anything: the config has neither on_alert nor on_publish."), err=True)
        raise typer.Exit(PROBLEMS)
    raise typer.Exit(PROBLEMS if failed else DONE)
