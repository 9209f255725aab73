"""``cesar health``, as a person types it. What asks a container takes a shorter way (see ``main``)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from services.console.health import WEB, WORKER, tell_health


class Kind(StrEnum):
    """The two kinds of process that a service has."""

    WEB = WEB
    WORKER = WORKER


def health(
    kind: Annotated[Kind, typer.Argument(help="Which process is asked.")],
    name: Annotated[
        str | None, typer.Argument(metavar="[SERVICE]", help="Needed where several are installed.")
    ] = None,
) -> None:
    """Say whether the process in this container is well, by one sentence and the exit code (0 or 1).

    A process that has been able to work since its start stays well while its database or broker is away:
    starting another one would not help. It is not well before it can work for the first time, and when it
    does not answer any more. The web process is asked where CESAR_BIND says, the worker where
    CESAR_WATCH_BIND says.
    """
    raise typer.Exit(tell_health(kind, name))
