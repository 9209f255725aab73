"""``cesar deploy``: one module per command. Docker's library is imported when a command runs, not before."""

from __future__ import annotations

import typer

from deploy.commands.autoscale import autoscale
from deploy.commands.backup import backup
from deploy.commands.build import build
from deploy.commands.compose import compose
from deploy.commands.doctor import doctor
from deploy.commands.down import down
from deploy.commands.init import init
from deploy.commands.logs import logs
from deploy.commands.publish_again import publish_again
from deploy.commands.restore import restore
from deploy.commands.scale import scale
from deploy.commands.secret import secret
from deploy.commands.status import status
from deploy.commands.up import up
from deploy.commands.update import update

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Install, scale, upgrade, watch and save an installation, through Docker.",
)
app.command()(init)
app.command()(secret)
app.command()(build)
app.command()(up)
app.command()(status)
app.command()(logs)
app.command()(scale)
app.command()(update)
app.command()(backup)
app.command()(restore)
app.command("publish-again")(publish_again)
app.command()(down)
app.command()(doctor)
app.command()(compose)
app.command()(autoscale)
