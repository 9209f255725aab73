"""The event log: look at it, deliver a part of it again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import orjson
import typer
from rich.progress import Progress
from sqlalchemy import func, select

from services.chassis import replays
from services.chassis.events import Event
from services.chassis.messages import outbox
from services.chassis.outbox import BrokerUnavailable, publish_log_again
from services.chassis.service import Runtime
from services.console.command_settings import command_runtime
from services.console.installed import NAMES, installed_names
from services.console.output import console, fail, print_json

app = typer.Typer(no_args_is_help=True, help="The event log: look at it, deliver a part of it again.")
_BATCH = 200


@app.command()
def tail(
    name: Annotated[
        str | None, typer.Argument(metavar="[SERVICE]", help="Whose events; all by default.")
    ] = None,
    last: Annotated[int, typer.Option("--last", "-n", min=0, help="Begin with this many past events.")] = 10,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on with what happens from now on.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One CloudEvent per line.")] = False,
) -> None:
    """Show the latest events as their services recorded them."""
    runtimes = [command_runtime(service) for service in ([name] if name else installed_names())]
    positions = {runtime.service.name: _end(runtime, last) for runtime in runtimes}
    while True:
        for runtime in runtimes:
            for position, body in _after(runtime, positions[runtime.service.name]):
                positions[runtime.service.name] = position
                _show(body, as_json=as_json)
        if not follow:
            return
        time.sleep(0.5)


@app.command()
def replay(
    consumer: Annotated[str, typer.Argument(help="The service that receives the events again.")],
    source: Annotated[str | None, typer.Option("--from", help="Whose events; all by default.")] = None,
    since: Annotated[datetime | None, typer.Option(help="Recorded at or after (UTC).")] = None,
    until: Annotated[datetime | None, typer.Option(help="Recorded before (UTC).")] = None,
    rebuild: Annotated[
        bool,
        typer.Option(
            help="Empty the consumer's read models first; only for services that hold nothing else."
        ),
    ] = False,
    wait: Annotated[bool, typer.Option(help="Stay until everything is sent.")] = True,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Deliver past events to one service again. What it has handled already has no second effect.

    The workers of the producing services carry it out; this command may be left.
    """
    if consumer not in NAMES:
        fail(f"There is no service “{consumer}”. There is: {', '.join(NAMES)}.")
    if rebuild:
        if since or until:
            fail("A rebuild takes the whole log: leave --since and --until out.")
        _forget(consumer)
    requests: dict[str, tuple[Runtime, UUID]] = {}
    for service in [source] if source else installed_names():
        runtime = command_runtime(service)
        with runtime.database.write() as session:
            identity = replays.request_replay(
                session, consumer, runtime.clock(), since=_utc(since), until=_utc(until)
            )
        requests[service] = (runtime, identity)
    if wait:
        _follow(requests, quiet=as_json)
    result = {service: _progress(runtime, identity) for service, (runtime, identity) in requests.items()}
    if as_json:
        print_json({service: vars(progress) for service, progress in result.items()})
    else:
        for service, progress in result.items():
            state = "sent" if progress.done_at else "requested"
            console.print(f"{service}: {progress.sent} of {progress.total} events {state} to {consumer}.")


@app.command("publish-again")
def publish_again(
    name: Annotated[
        str | None, typer.Argument(metavar="[SERVICE]", help="Whose events; all by default.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """After a restore: empty the service's queue and have its whole log published again.

    No worker may run meanwhile, and all services need it before any runs. What a service has handled already
    has no second effect, and mails nobody again.
    """
    from services.chassis.messaging import topology
    from services.chassis.messaging.broker import BadBroker, broker_errors, connect

    result: dict[str, int] = {}
    for service in [name] if name else installed_names():
        runtime = command_runtime(service)
        try:
            with connect(runtime.settings.amqp_uri) as connection, broker_errors():
                topology.empty(connection, service)
        except (BadBroker, BrokerUnavailable) as error:
            fail(f"The queue of {service} cannot be emptied. {error}")
        result[service] = publish_log_again(runtime.database)
    if as_json:
        print_json(result)
    else:
        for service, number in result.items():
            console.print(f"{service}: {number} events are published again.")


def _forget(consumer: str) -> None:
    """Empty the consumer's read models, where all that they are built from can be asked for again."""
    if missing := [name for name in NAMES if name not in installed_names()]:
        fail(f"A rebuild asks every service for its events, and not here: {', '.join(missing)}.")
    runtime = command_runtime(consumer)
    if not runtime.service.projections:
        fail(f"The service {consumer} holds more than read models: it cannot be rebuilt from events.")
    runtime.forget_projections()


def _follow(requests: dict[str, tuple[Runtime, UUID]], *, quiet: bool) -> None:
    with Progress(console=console, disable=quiet) as bars:
        tasks = {service: bars.add_task(service) for service in requests}
        open_ones = set(requests)
        while open_ones:
            for service in sorted(open_ones):
                progress = _progress(*requests[service])
                bars.update(tasks[service], completed=progress.sent, total=progress.total or 1)
                if progress.done_at:
                    bars.update(tasks[service], completed=1, total=1)
                    open_ones.discard(service)
            time.sleep(0.2)


def _progress(runtime: Runtime, identity: UUID) -> replays.ReplayProgress:
    with runtime.read() as session:
        return replays.progress(session, [identity])[0]


def _end(runtime: Runtime, last: int) -> int:
    with runtime.read() as session:
        return max(0, (session.scalar(select(func.max(outbox.c.position))) or 0) - last)


def _after(runtime: Runtime, position: int) -> Iterator[tuple[int, bytes]]:
    with runtime.read() as session:
        query = select(outbox.c.position, outbox.c.body).where(outbox.c.position > position)
        for row in session.execute(query.order_by(outbox.c.position).limit(_BATCH)):
            yield row.position, row.body


def _show(body: bytes, *, as_json: bool) -> None:
    if as_json:
        print(body.decode(), flush=True)
        return
    event = Event.from_bytes(body)
    about: dict[str, Any] = {
        key: event.data[key] for key in ("organisation_name", "name", "label", "state") if event.data.get(key)
    }
    console.print(
        f"[dim]{event.time:%Y-%m-%d %H:%M:%S}[/] [bold]{event.type}[/] {event.subject} "
        f"[dim]#{event.sequence}[/] {orjson.dumps(about).decode() if about else ''}",
        soft_wrap=True,
        highlight=False,
    )


def _utc(instant: datetime | None) -> datetime | None:
    return instant.replace(tzinfo=UTC) if instant is not None else None
