"""The command ``cesar``. Its help is the operator's manual."""

from __future__ import annotations

import sys

# A container is asked for its health every few seconds: nothing of what follows is needed for the answer.
if sys.argv[1:2] == ["health"]:
    from services.console.commands.health import app as health_app

    health_app(args=sys.argv[2:], prog_name="cesar health")

# Processes that run workers have to be green, and those that serve together share their counters, before
# anything else is imported.
if sys.argv[1:2] in (["run"], ["worker"]):
    from services.chassis.messaging import green  # noqa: F401
elif sys.argv[1:2] == ["web"]:
    from services.chassis.shared_counters import share_counters

    share_counters()

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from services.chassis.settings import BadSettings
from services.console.commands import doctor, events, health, parked, programmes, serve, tokens
from services.console.keys import keys
from services.console.output import fail

app = typer.Typer(
    name="cesar",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="""Cesar runs responsible-procurement programmes: four services over a message broker.

To try it, [bold]cesar run[/] starts everything in one process. For real, each service has a [bold]web[/] and
a [bold]worker[/] process, set up by environment variables CESAR_… (see [bold]cesar doctor[/]).""",
)
app.command()(serve.web)
app.command()(serve.worker)
app.command()(serve.migrate)
app.command()(keys)
app.command()(doctor.doctor)
app.command()(health.health)
app.add_typer(programmes.app, name="programme")
app.add_typer(tokens.app, name="token")
app.add_typer(events.app, name="events")
app.add_typer(parked.app, name="parked")

# A service's image runs one service and installs nothing.
if find_spec("deploy") is not None:
    from deploy.commands import app as deploy_app

    app.add_typer(deploy_app, name="deploy")


@app.command()
def run(
    port: Annotated[
        int, typer.Option(envvar=["CESAR_PORT", "PORT"], help="Where the pages are served.")
    ] = 8000,
    data: Annotated[
        Path, typer.Option(envvar=["CESAR_DATA", "DATA"], help="The folder that keeps everything.")
    ] = Path("var"),
    demo: Annotated[
        bool, typer.Option(envvar=["CESAR_DEMO", "DEMO"], help="Begin with the C.E.S.A.R. demonstration.")
    ] = True,
) -> None:
    """Run the whole product in this process: no broker, no database server, mails on a page.

    Everything is kept in the data folder; what was accepted survives any end of the process.
    """
    from rich.console import Console

    from services.chassis.migrations import MigrationRefused
    from services.console import embedded

    try:
        embedded.run(data, port, demo=demo, console=Console())
    except (BadSettings, MigrationRefused) as error:
        fail(str(error))


def main() -> None:
    app()


if __name__ == "__main__":
    main()
