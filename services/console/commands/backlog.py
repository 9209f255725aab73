"""``cesar events backlog``: what the services have still to do."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from sqlalchemy.exc import SQLAlchemyError

from services.chassis import failures, outbox
from services.chassis.service import Runtime
from services.chassis.settings import MEMORY_BROKER
from services.console.command_settings import command_runtime
from services.console.installed import installed_names
from services.console.output import fail, print_rows

COLUMNS = ("service", "queue", "outbox", "outbox_since", "refused", "retrying", "parked")


def backlog(
    name: Annotated[str | None, typer.Argument(metavar="[SERVICE]", help="All by default.")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """What each service has still to do.

    [bold]queue[/]: events of others that wait for it in the broker; nothing is
    shown when the broker does not answer, or is in memory.
    [bold]outbox[/]: its own that are not published yet, the oldest of them since
    [bold]outbox_since[/]; [bold]refused[/]: those that the broker did not take.
    [bold]retrying[/]: failed, and tried again without your doing.
    [bold]parked[/]: failed, and waiting for you (see “cesar parked list”).
    """
    rows = [_row(command_runtime(service)) for service in ([name] if name else installed_names())]
    print_rows(COLUMNS, rows, as_json=as_json, empty="No service is installed here.")


def _row(runtime: Runtime) -> dict[str, Any]:
    try:
        with runtime.read() as session:
            waiting = outbox.backlog(session)
            failed = failures.count_by_state(session)
    except SQLAlchemyError as error:
        fail(f"The database of {runtime.service.name} cannot be read: {str(error).splitlines()[0]}")
    return {
        "service": runtime.service.name,
        "queue": _queue(runtime),
        "outbox": waiting.waiting,
        "outbox_since": waiting.waiting_since,
        "refused": waiting.refused,
        "retrying": failed.get("retrying", 0),
        "parked": failed.get("parked", 0),
    }


def _queue(runtime: Runtime) -> int | None:
    from services.chassis.messaging.gauges import queue_length

    if runtime.settings.amqp_uri.startswith(MEMORY_BROKER):
        return None
    return queue_length(runtime)
