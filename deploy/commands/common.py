"""What the commands of ``cesar deploy`` share: the installation's file, and the way to the engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.console.output import fail

if TYPE_CHECKING:
    from docker import DockerClient

    from deploy.installation import Installation
    from deploy.stack import Component, Stack

DEFAULT_FILE = Path("cesar.toml")

FileOption = Annotated[
    Path, typer.Option("--file", "-f", envvar="CESAR_INSTALLATION", help="The file of the installation.")
]

PatienceOption = Annotated[
    float, typer.Option(min=1, help="How many seconds one container may take to get well.")
]


def read_installation(file: Path) -> Installation:
    """The installation that the file describes. Ends the command with a sentence for each mistake in it."""
    from deploy.installation import BadInstallation, load

    try:
        return load(file)
    except BadInstallation as error:
        fail(str(error))


def set_in_file(file: Path, service: str, setting: str, value: int | str | None) -> None:
    """Change a service's setting in the file. Ends the command with a sentence when it cannot be written."""
    from deploy.installation import BadInstallation
    from deploy.installation.editing import write_service_setting

    try:
        write_service_setting(file, service, setting, value)
    except BadInstallation as error:
        fail(str(error))


def connect_to_engine() -> DockerClient:
    """The engine, a manager of a swarm. Ends the command with a sentence when there is none."""
    from deploy.engine import EngineProblem, connect

    try:
        return connect()
    except EngineProblem as error:
        fail(str(error))


@contextmanager
def problems_told() -> Iterator[None]:
    """What the engine cannot do, or a stack cannot be, ends the command with its sentence."""
    from deploy.engine import EngineProblem
    from deploy.swarm import StackProblem

    try:
        yield
    except (EngineProblem, StackProblem) as error:
        fail(str(error))


def named_component(stack: Stack, name: str) -> Component:
    """A component as people name it, “reporting.web” or “reporting-web”.

    Ends the command with a sentence when there is none.
    """
    names = [component.name for component in stack.components]
    wanted = name.replace(".", "-")
    if wanted in names:
        return stack.component(wanted)
    near = get_close_matches(wanted, names, n=1)
    others = f"; perhaps {near[0]} is meant" if near else f": there is {', '.join(names)}"
    fail(f"There is no {name}{others}.")
