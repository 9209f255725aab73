"""``cesar deploy``: one module per command. Docker's library is imported when a command runs, not before."""

from __future__ import annotations

import typer

from deploy.commands.build import build
from deploy.commands.compose import compose
from deploy.commands.init import init
from deploy.commands.secret import secret

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Install, scale, upgrade, watch and save an installation, through Docker.",
)
app.command()(init)
app.command()(secret)
app.command()(build)
app.command()(compose)
