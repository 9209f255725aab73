"""``cesar deploy status``: what runs, how well, and what it has still to do."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import orjson
import typer
from rich.console import Group
from rich.live import Live
from rich.markup import escape
from rich.table import Table

from deploy.commands.common import (
    DEFAULT_FILE,
    FileOption,
    connect_to_engine,
    problems_told,
    read_installation,
)
from services.console.output import console, print_json

if TYPE_CHECKING:
    from deploy.asking import Backlog
    from deploy.status import ComponentStatus, Status

_SECONDS_BETWEEN_LOOKS = 3.0


def status(
    watch: Annotated[
        bool, typer.Option("--watch", "-w", help="Go on looking until Ctrl-C is pressed.")
    ] = False,
    file: FileOption = DEFAULT_FILE,
    as_json: Annotated[bool, typer.Option("--json", help="All that is known, as JSON.")] = False,
) -> None:
    """Show what runs, in which release, how well, and what it has still to do.

    [bold]runs[/]: containers that are well, of those that should be there; in
    brackets, how many “cesar deploy scale” and the autoscaler may choose.
    [bold]queue[/]: events that wait for the service; while it grows, its worker is too
    slow. [bold]outbox[/]: its own events that are not published yet, and for how long.
    [bold]parked[/]: events that wait for a decision of yours; see them with
    “docker exec CONTAINER cesar parked list”. A service that is asked on another
    machine of the swarm than this one shows nothing in these three.

    The exit code is 1 when something is not well.
    """
    from deploy.status import look
    from deploy.topology import stack_of

    stack = stack_of(read_installation(file))
    client = connect_to_engine()
    with problems_told():
        if watch:
            _watch(lambda: look(client, stack), as_json=as_json)
            return
        seen = look(client, stack)
    if as_json:
        print_json(_data(seen))
    else:
        console.print(_table(seen))
    raise typer.Exit(0 if seen.is_well else 1)


def _watch(look: Callable[[], Status], *, as_json: bool) -> None:
    """A table that is drawn anew, or a line of JSON each time."""
    with suppress(KeyboardInterrupt):
        if as_json:
            while True:
                print(orjson.dumps(_data(look())).decode(), flush=True)
                time.sleep(_SECONDS_BETWEEN_LOOKS)
        with Live(_table(look()), console=console, auto_refresh=False) as live:
            while True:
                time.sleep(_SECONDS_BETWEEN_LOOKS)
                live.update(_table(look()), refresh=True)


def _data(seen: Status) -> dict[str, Any]:
    return {
        "is_well": seen.is_well,
        "components": [asdict(component) for component in seen.components],
        "backlogs": {service: asdict(backlog) for service, backlog in seen.backlogs.items()},
    }


def _table(seen: Status) -> Group:
    """A table that fits into 80 columns; what there is to say of a component stands below."""
    table = Table(box=None, header_style="bold", padding=(0, 1, 0, 0))
    for column in ("component", "state", "runs", "release"):
        table.add_column(column, no_wrap=True)
    for column in ("queue", "outbox", "parked"):
        table.add_column(column, justify="right", no_wrap=True)
    for component in seen.components:
        service = component.component.removesuffix("-worker")
        backlog = seen.backlogs.get(service) if service != component.component else None
        table.add_row(*_cells(component), *_backlog_cells(backlog))
    notes = [f"{one.component}: {escape(one.note)}" for one in seen.components if one.note]
    return Group(table, *notes)


def _cells(component: ComponentStatus) -> tuple[str, ...]:
    colour = "green" if component.is_well else "yellow" if component.state.may_become_well else "bold red"
    bounds = f" ({component.least}–{component.most})" if component.most > component.least else ""
    return (
        component.component,
        f"[{colour}]{component.state}[/]",
        "" if component.runs_once else f"{component.running}/{component.desired}{bounds}",
        escape(component.image.rpartition(":")[2]),
    )


def _backlog_cells(backlog: Backlog | None) -> tuple[str, ...]:
    if backlog is None:
        return ("", "", "")
    outbox = _shown(backlog.outbox)
    if backlog.outbox and backlog.outbox_seconds is not None:
        outbox += f", {_duration(backlog.outbox_seconds)}"
    parked = _shown(backlog.parked)
    return (_shown(backlog.queue), outbox, f"[bold red]{parked}[/]" if backlog.parked else parked)


def _shown(number: int | None) -> str:
    return "?" if number is None else str(number)


def _duration(seconds: int) -> str:
    return f"{seconds} s" if seconds < 100 else f"{seconds / 60:.0f} min"
