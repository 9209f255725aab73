"""``cesar deploy up``: what runs becomes what the file says."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.commands.common import (
    DEFAULT_FILE,
    FileOption,
    PatienceOption,
    connect_to_engine,
    problems_told,
    read_installation,
)
from services.console.output import console, print_json

if TYPE_CHECKING:
    from deploy.swarm import Change, Difference


def up(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", "-n", help="Only show what would be done; nothing is changed.")
    ] = False,
    patience: PatienceOption = 300,
    file: FileOption = DEFAULT_FILE,
    as_json: Annotated[
        bool, typer.Option("--json", help="What is to be done, as JSON; no progress is shown.")
    ] = False,
) -> None:
    """Bring what runs to what the file says, and wait until all of it is well.

    Before the first time: [bold]cesar deploy init[/] and [bold]cesar deploy build[/].

    What has to be done is shown, then done in order: servers, databases,
    migrations, services, and the proxy at last. What differs in nothing is left
    alone, so that repeating it changes nothing; an interrupted one is finished by
    the next.

    A service's container ends only when a new one is well. If that never is,
    Docker goes back to the old one by itself; you are told which, why, and what
    it said last, and the exit code is 1.

    Counts that “cesar deploy scale” or the autoscaler chose are kept within their
    bounds. Data are never deleted.
    """
    from deploy.commands.board import board
    from deploy.swarm import apply, plan
    from deploy.topology import stack_of

    installation = read_installation(file)
    client = connect_to_engine()
    with problems_told():
        fetching = None if dry_run else partial(_tell_fetching, is_shown=not as_json)
        planned = plan(client, stack_of(installation), fetching=fetching)
        difference = planned.difference
        if as_json:
            print_json(asdict(difference))
        else:
            show(difference)
        if not dry_run:
            names = [component.name for component in planned.stack.components]
            with board(names, is_shown=not as_json and not difference.is_empty) as report:
                apply(client, planned, report=report, patience=patience)
    if not dry_run and not as_json:
        console.print(f"All of {installation.name} is well: {installation.public_url}", soft_wrap=True)


def show(difference: Difference) -> None:
    """What is to be done, a line for each thing."""
    if difference.is_empty:
        console.print("Nothing to do: what runs is what the file says.")
        return
    for change in difference.changes:
        if line := _line(change):
            console.print(line, highlight=False, soft_wrap=True)
    for name in difference.new_networks:
        console.print(f"[green]create[/]  network {name}", highlight=False)
    for name in difference.old_networks:
        console.print(f"[red]remove[/]  network {name}", highlight=False)
    kept = sum(not _line(change) for change in difference.changes)
    if kept:
        console.print(f"keep    {kept} as they are", style="dim", highlight=False)


def _line(change: Change) -> str:
    from deploy.swarm import Action

    match change.action:
        case Action.CREATE:
            return f"[green]create[/]  {change.component}"
        case Action.CHANGE:
            return f"[yellow]change[/]  {change.component}: {', '.join(change.what)}"
        case Action.REPEAT:
            return f"[yellow]repeat[/]  {change.component}: it has not ended well yet"
        case Action.REMOVE:
            return f"[red]remove[/]  {change.component}"
    return ""


def _tell_fetching(image: str, *, is_shown: bool) -> None:
    if is_shown:
        console.print(f"fetch   {image}", highlight=False)
