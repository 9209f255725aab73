"""``cesar deploy update``: one service in another release, while everybody works on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.commands.common import (
    DEFAULT_FILE,
    FileOption,
    PatienceOption,
    connect_to_engine,
    problems_told,
    read_installation,
    set_in_file,
)
from services.console.output import console, fail

if TYPE_CHECKING:
    from deploy.installation import Installation


def update(
    service: Annotated[str, typer.Argument(help="enrolment, assessment, notifications or reporting.")],
    release: Annotated[
        str | None,
        typer.Option(help="The release to run from now on; without it, the one that the file says."),
    ] = None,
    patience: PatienceOption = 300,
    file: FileOption = DEFAULT_FILE,
) -> None:
    """Bring one service to another release while everybody works on.

    [bold]cesar deploy update reporting --release 1.3.0[/]

    First its database is migrated, in such a way that the old release works with
    it too. Then one container after the other is replaced, the old one ending
    when the new one is well. If one never is, all of the service goes back to
    what it was before, by itself; you are told why and what it said last, and the
    exit code is 1.

    A release that went well is written into the file. The image has to be there:
    see [bold]cesar deploy build[/].
    """
    from deploy.commands.board import board
    from deploy.installation import SERVICES
    from deploy.swarm import Action, apply_or_undo, plan
    from deploy.topology import stack_of

    installation = read_installation(file)
    if service not in SERVICES:
        fail(f"There is no service “{service}”: there is {', '.join(SERVICES)}.")
    if release is not None:
        installation = _in_release(installation, service, release)
    stack = stack_of(installation)
    names = [component.name for component in stack.components if component.name.startswith(f"{service}-")]
    client = connect_to_engine()
    with problems_told():
        planned = plan(client, stack, only=names)
        if any(change.action is Action.CREATE for change in planned.difference.changes):
            fail(f"{service} is not there yet: run “cesar deploy up” first.")
        with board(names, is_shown=not planned.difference.is_empty) as report:
            apply_or_undo(client, planned, report=report, patience=patience)
    said = "runs" if planned.difference.is_empty else "runs now"
    console.print(f"{service} {said} in release {installation.release_of(service)}.", highlight=False)
    if release is not None:
        # What all services have needs no word of its own.
        own = None if release == installation.release else release
        set_in_file(file, service, "release", own)


def _in_release(installation: Installation, service: str, release: str) -> Installation:
    size = replace(installation.services[service], release=release)
    return replace(installation, services={**installation.services, service: size})
