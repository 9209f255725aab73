"""``cesar deploy``: one module per command. Docker's library is imported when a command runs, not before."""

from __future__ import annotations

import typer

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Install, scale, upgrade, watch and save an installation, through Docker.",
)
