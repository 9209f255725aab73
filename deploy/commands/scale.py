"""``cesar deploy scale``: more or fewer containers of what is busy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from deploy.commands.common import (
    DEFAULT_FILE,
    FileOption,
    PatienceOption,
    connect_to_engine,
    named_component,
    problems_told,
    read_installation,
    set_in_file,
)
from deploy.stack import Component, Replicas, Stack
from services.console.output import console, fail


@dataclass(frozen=True)
class _Wanted:
    """A count that somebody asks for; ``setting`` of ``service`` is where the file says it."""

    component: Component
    service: str
    setting: str
    count: int


def scale(
    counts: Annotated[
        list[str],
        typer.Argument(metavar="SERVICE.KIND=COUNT...", help="Such as assessment.worker=4 reporting.web=2."),
    ],
    patience: PatienceOption = 300,
    file: FileOption = DEFAULT_FILE,
) -> None:
    """Run more or fewer containers of what is busy, and wait until they are well.

    [bold]cesar deploy scale assessment.worker=4[/]

    Of each service, “web” (pages) and “worker” (events) can be scaled. Where the
    file has a range such as worker = {least = 1, most = 4}, the count has to be
    within; the autoscaler goes on from it. Where it has a number, that number is
    changed in the file as well, so that the next “cesar deploy up” keeps it.

    Who is stopped finishes what it is at: no request and no event is lost.
    """
    from deploy.commands.board import board
    from deploy.swarm import scale as scale_component
    from deploy.swarm import wait_until_well
    from deploy.topology import stack_of

    stack = stack_of(read_installation(file))
    all_wanted = [_wanted(stack, text) for text in counts]
    client = connect_to_engine()
    with problems_told():
        for wanted in all_wanted:
            replicas = wanted.component.replicas
            scale_component(client, stack.name, wanted.component.name, wanted.count)
            if not replicas.is_elastic and replicas.least != wanted.count:
                set_in_file(file, wanted.service, wanted.setting, wanted.count)
        components = [wanted.component for wanted in all_wanted]
        with board([component.name for component in components], is_shown=True) as report:
            wait_until_well(client, stack.name, components, report=report, patience=patience)
    for wanted in all_wanted:
        noun = "container" if wanted.count == 1 else "containers"
        console.print(f"{wanted.component.name} runs in {wanted.count} {noun}.", highlight=False)


def _wanted(stack: Stack, text: str) -> _Wanted:
    """What an argument asks for. Ends the command with a sentence when it cannot be."""
    from deploy.installation import SERVICES
    from deploy.installation.fields import MOST_REPLICAS

    name, _, number = text.partition("=")
    if not number.isdecimal():
        fail(f"“{text}” is not like assessment.worker=4.")
    component, count = named_component(stack, name), int(number)
    service, _, kind = component.name.rpartition("-")
    if service not in SERVICES or component.runs_once:
        fail(f"{component.name} cannot be scaled: only web and worker of a service can.")
    bounds = component.replicas if component.replicas.is_elastic else Replicas(least=1, most=MOST_REPLICAS)
    if not bounds.least <= count <= bounds.most:
        fail(
            f"{text}: it has to be from {bounds.least} to {bounds.most}"
            + (f" (services.{service}.{kind} in the file)." if component.replicas.is_elastic else ".")
        )
    return _Wanted(component, service, kind, count)
