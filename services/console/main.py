"""The command ``cesar``. Its help is the operator's manual."""

from __future__ import annotations

import getpass
import sys

# A container is asked for its health every few seconds: nothing of what follows is needed for the answer.
if sys.argv[1:] in (["health", "web"], ["health", "worker"]):
    from services.console.health import tell_health

    sys.exit(tell_health(sys.argv[2]))

from services.console.installed import installed_names

# Processes that run workers have to be green, and those that serve together share their counters, before
# anything else is imported.
if installed_names() and sys.argv[1:2] in (["run"], ["worker"]):
    from services.chassis.messaging import green  # noqa: F401
elif installed_names() and sys.argv[1:2] == ["web"]:
    from services.chassis.shared_counters import share_counters

    share_counters()

from importlib.util import find_spec

import typer

from services.console.commands.health import health
from services.console.keys import keys

# These run until they are stopped; what happens in them is others' doing.
_SERVING = frozenset({"run", "web", "worker", "health"})

app = typer.Typer(
    name="cesar",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="""Cesar runs responsible-procurement programmes: four services over a message broker.

To try it, [bold]cesar run[/] starts everything in one process. For real, each service has a [bold]web[/] and
a [bold]worker[/] process, set up by environment variables CESAR_… (see [bold]cesar doctor[/]).""",
)


@app.callback()
def note_who_is_at_work(context: typer.Context) -> None:
    """What a command changes is in the audit log as the console's doing, with who was at the keyboard."""
    if installed_names() and context.invoked_subcommand not in _SERVING:
        from services.chassis.audit import Origin, audited

        command = " ".join(["cesar", *sys.argv[1:3]])
        context.with_resource(audited(Origin("console", command, name=getpass.getuser())))


app.command()(keys)

# An image holds one service, or what operates them and none: a command is there where it can do its work.
if installed_names():
    from services.console.commands import doctor, events, parked, privacy, serve

    app.command()(serve.web)
    app.command()(serve.worker)
    app.command()(serve.migrate)
    app.command()(doctor.doctor)
    app.command()(health)
    app.add_typer(events.app, name="events")
    app.add_typer(parked.app, name="parked")
    app.add_typer(privacy.app, name="privacy")
    app.command("retention")(privacy.retention_run)
if "enrolment" in installed_names():
    from services.console.commands import programmes, tokens

    app.add_typer(programmes.app, name="programme")
    app.add_typer(tokens.app, name="token")
if find_spec("services.console.embedded") is not None:
    from services.console.commands.run import run

    app.command()(run)
if find_spec("deploy") is not None:
    from deploy.commands import app as deploy_app

    app.add_typer(deploy_app, name="deploy")


def main() -> None:
    app()


if __name__ == "__main__":
    main()
