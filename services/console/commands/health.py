"""``cesar health``: what a container is asked every few seconds. It imports next to nothing."""

from __future__ import annotations

import http.client
import json
import os
from enum import StrEnum
from typing import Annotated, Any

import typer

from services.chassis.settings import BadSettings, given_settings
from services.chassis.web.prefixes import service_prefix
from services.console.installed import installed_names

# Where the pages are served unless somebody says otherwise.
WEB_BIND = "127.0.0.1:8000"
# Shorter than the time that a container's health command is given, in seconds.
_PATIENCE = 4.0
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "[::]": "::1", "": "127.0.0.1"}


app = typer.Typer(add_completion=False)


class Kind(StrEnum):
    """The two kinds of process that a service has."""

    WEB = "web"
    WORKER = "worker"


@app.command()
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
    problem = _problem(kind, name)
    typer.echo(problem or f"The {kind} process is well.", err=problem is not None)
    raise typer.Exit(1 if problem else 0)


def _problem(kind: Kind, name: str | None) -> str | None:
    """Why the process is not well; None when it is."""
    services = [name] if name else installed_names()
    if len(services) != 1:
        return f"Say which service is asked: {', '.join(services)}."
    [service] = services
    try:
        bind, prefix = _address(kind, service)
    except BadSettings as error:
        return str(error)
    if not bind:
        return "CESAR_WATCH_BIND is not set: this worker tells nobody how it is."
    try:
        return _answer(bind, f"{prefix}/health/started")
    except (OSError, ValueError, http.client.HTTPException) as error:
        return f"The {kind} process of {service} does not answer at {bind}: {error}."


def _address(kind: Kind, service: str) -> tuple[str, str]:
    if kind is Kind.WEB:
        return os.environ.get("CESAR_BIND") or WEB_BIND, service_prefix(service)
    return given_settings(service, os.environ).get("watch_bind", ""), ""


def _answer(bind: str, path: str) -> str | None:
    host, _, port = bind.rpartition(":")
    connection = http.client.HTTPConnection(_EVERYWHERE.get(host, host), int(port), timeout=_PATIENCE)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body: dict[str, Any] = json.loads(answer.read())
    finally:
        connection.close()
    return None if answer.status == 200 else " ".join(body.get("problems") or [f"HTTP {answer.status}."])
