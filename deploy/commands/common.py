"""What the commands of ``cesar deploy`` share: the installation's file, and the way to the engine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.console.output import fail

if TYPE_CHECKING:
    from docker import DockerClient

    from deploy.installation import Installation

DEFAULT_FILE = Path("cesar.toml")

FileOption = Annotated[
    Path, typer.Option("--file", "-f", envvar="CESAR_INSTALLATION", help="The file of the installation.")
]


def read_installation(file: Path) -> Installation:
    """The installation that the file describes. Ends the command with a sentence for each mistake in it."""
    from deploy.installation import BadInstallation, load

    try:
        return load(file)
    except BadInstallation as error:
        fail(str(error))


def connect_to_engine() -> DockerClient:
    """The engine, a manager of a swarm. Ends the command with a sentence when there is none."""
    from deploy.engine import EngineProblem, connect

    try:
        return connect()
    except EngineProblem as error:
        fail(str(error))
