"""Events that a service could not handle: look, mend, try again, give up."""

from __future__ import annotations

import getpass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from sqlalchemy.orm import Session

from services.chassis import failures, inbox
from services.chassis.failures import FailedEvent
from services.chassis.model import DomainError
from services.chassis.service import Runtime
from services.console.command_settings import command_runtime
from services.console.installed import installed_names
from services.console.output import console, fail, print_json, print_rows

app = typer.Typer(no_args_is_help=True, help="Events that a service could not handle.")
Identity = Annotated[UUID, typer.Argument(metavar="ID", help="As “cesar parked list” shows it.")]
AsJson = Annotated[bool, typer.Option("--json")]


@app.command("list")
def list_parked(
    name: Annotated[str | None, typer.Argument(metavar="[SERVICE]", help="All by default.")] = None,
    as_json: AsJson = False,
) -> None:
    """The events that are parked, or that are being retried."""
    rows = [
        {
            "service": service,
            "id": failed.id,
            "state": failed.state,
            "type": failed.type,
            "attempts": failed.attempts,
            "last_failed_at": _minute(failed.last_failed_at),
            "next_attempt_at": _minute(failed.next_attempt_at),
            "error": failed.error.splitlines()[0],
        }
        for service in ([name] if name else installed_names())
        for failed in _list(command_runtime(service))
    ]
    columns = ("service", "id", "state", "type", "attempts", "last_failed_at", "next_attempt_at", "error")
    print_rows(columns, rows, as_json=as_json, empty="Nothing is parked, and nothing is being retried.")


@app.command()
def show(identity: Identity, as_json: AsJson = False) -> None:
    """All that is known of one failed event: its bytes, the error, where it came from."""
    service, failed = _find(identity)
    details = {
        "service": service.service.name,
        **vars(failed),
        "body": failed.body.decode("utf-8", "replace"),
    }
    if as_json:
        print_json(details)
        return
    for label, value in details.items():
        console.print(f"[bold]{label}[/]", end=" ")
        console.print(str(value), markup=False, highlight=False, soft_wrap=True)


@app.command()
def retry(
    identity: Identity,
    body: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="A file with the mended event.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Try an event again, mended if a file is given. The service's worker does it within a second."""
    runtime, _ = _find(identity)
    try:
        with runtime.database.write() as session:
            mended = body.read_bytes() if body else None
            failures.retry_now(session, identity, runtime.clock(), mended)
    except DomainError as error:
        fail(str(error))
    _done({"id": identity, "state": "retrying"}, "It is tried again now.", as_json=as_json)


@app.command()
def discard(
    identity: Identity,
    reason: Annotated[str, typer.Option(prompt="Why can it be discarded?", help="Kept with the event.")],
    as_json: AsJson = False,
) -> None:
    """Give an event up for good. It stays in the list of what was discarded, with the reason."""
    runtime, _ = _find(identity)
    try:
        with runtime.unit_of_work() as work:
            inbox.discard(work, identity, reason, by=getpass.getuser())
    except DomainError as error:
        fail(str(error))
    _done({"id": identity, "state": "discarded"}, "It is discarded.", as_json=as_json)


def _list(runtime: Runtime) -> list[FailedEvent]:
    with runtime.read() as session:
        return failures.list_failed(session)


def _find(identity: UUID) -> tuple[Runtime, FailedEvent]:
    for service in installed_names():
        runtime = command_runtime(service)
        with runtime.read() as session:
            if (failed := _found(session, identity)) is not None:
                return runtime, failed
    fail("No service has a failed event with this id.")


def _found(session: Session, identity: UUID) -> FailedEvent | None:
    try:
        return failures.find(session, identity)
    except DomainError:
        return None


def _minute(instant: datetime | None) -> str | None:
    return instant.isoformat(timespec="seconds") if instant else None


def _done(result: dict[str, Any], sentence: str, *, as_json: bool) -> None:
    if as_json:
        print_json(result)
    else:
        console.print(sentence)
