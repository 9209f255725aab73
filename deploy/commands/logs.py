"""``cesar deploy logs``: what the containers of a component print."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

import typer

from deploy.commands.common import (
    DEFAULT_FILE,
    FileOption,
    connect_to_engine,
    named_component,
    problems_told,
    read_installation,
)


def logs(
    component: Annotated[
        str, typer.Argument(help="Such as enrolment.web, reporting.worker, broker, database or proxy.")
    ],
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on with what comes, until Ctrl-C is pressed.")
    ] = False,
    tail: Annotated[
        int, typer.Option("--tail", "-n", min=0, help="How many of the last lines of each container.")
    ] = 100,
    raw: Annotated[
        bool, typer.Option("--raw", help="The lines alone, for programs; those of services are JSON.")
    ] = False,
    file: FileOption = DEFAULT_FILE,
) -> None:
    """Show what the containers of a component print, on whatever machine they are.

    [bold]cesar deploy logs enrolment.web --follow[/]

    Before each line stands which of the containers has printed it; those that
    have ended are among them.
    """
    from deploy.swarm.logs import lines
    from deploy.topology import stack_of

    stack = stack_of(read_installation(file))
    name = named_component(stack, component).name
    client = connect_to_engine()
    with problems_told(), suppress(KeyboardInterrupt):
        for line in lines(client, stack.name, name, tail=tail, follow=follow):
            print(line.text if raw else f"{name}.{line.slot} | {line.text}", flush=follow)
