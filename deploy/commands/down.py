"""``cesar deploy down``: everything of an installation away, and its data too where that is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from deploy.commands.common import (
    DEFAULT_FILE,
    FileOption,
    connect_to_engine,
    problems_told,
    read_installation,
)
from services.console.output import console, fail

if TYPE_CHECKING:
    from docker import DockerClient


def down(
    volumes: Annotated[
        bool, typer.Option("--volumes", help="Delete all data too, and the passwords that belong to them.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    file: FileOption = DEFAULT_FILE,
) -> None:
    """Stop everything and take it away, and wait until it is gone.

    The data (databases, and events that are on their way) stay in Docker's
    volumes, and the passwords and keys in its secrets: [bold]cesar deploy up[/]
    goes on from there.

    With [bold]--volumes[/] these are deleted as well, for ever. Take a backup first:
    [bold]cesar deploy backup[/].
    """
    from deploy.swarm import take_down

    name = read_installation(file).name
    client = connect_to_engine()
    if volumes:
        _ask_about_data(name, yes=yes)
    elif not yes and not typer.confirm(f"Nobody reaches {name} any more; its data stay. Take it down?"):
        raise typer.Exit(1)
    with problems_told():
        take_down(client, name, with_data=volumes, report=lambda component: _say(f"stop    {component}"))
        _say(f"{name} is gone, with all its data." if volumes else f"{name} is down; its data are kept.")
        if volumes:
            _warn_of_other_machines(client)


def _ask_about_data(name: str, *, yes: bool) -> None:
    if yes:
        return
    _say(f"All data of {name} are deleted for ever: people, applications, assessments, mails. Secrets, too.")
    if typer.prompt("Type the name of the installation to go on") != name:
        fail("That is not its name: nothing was done.")


def _warn_of_other_machines(client: DockerClient) -> None:
    """A volume is known to the machine that it is on alone."""
    from deploy.engine import engine_problems

    with engine_problems():
        others = [node for node in client.nodes.list() if node.id != client.info()["Swarm"]["NodeID"]]
    if others:
        names = ", ".join(str(node.attrs["Description"]["Hostname"]) for node in others)
        _say(f"Volumes on {names} can only be deleted there: docker volume ls, docker volume rm.")


def _say(sentence: str) -> None:
    console.print(sentence, highlight=False, soft_wrap=True)
