"""``cesar deploy publish-again``: when the broker has lost what it held."""

from __future__ import annotations

from typing import Annotated

import typer

from deploy.commands.common import (
    DEFAULT_FILE,
    FileOption,
    connect_to_engine,
    problems_told,
    read_installation,
)
from services.console.output import console


def publish_again(
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    file: FileOption = DEFAULT_FILE,
) -> None:
    """Have all services publish their whole event logs again, after the broker has lost what it held.

    The services stop meanwhile, and what waits in the queues is thrown away, since it is sent again. What a
    service has handled already has no second effect. A restore does this by itself.
    """
    from deploy.restore import publish_again as publish

    installation = read_installation(file)
    if not yes and not typer.confirm("The pages are away for about a minute. Publish everything again?"):
        raise typer.Exit(1)
    with problems_told():
        publish(connect_to_engine(), installation, _say)
    _say("The workers publish the logs again; “cesar deploy status” shows how much is left.")


def _say(sentence: str) -> None:
    console.print(sentence, highlight=False, soft_wrap=True)
