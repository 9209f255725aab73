"""The inbox: every event has its effect exactly once, however often it is delivered.

In one transaction the ids of a batch are claimed, the effects applied and the events recorded that these
set off in turn; only then does the consumer acknowledge. A batch that fails is undone and handled one by
one, so that a bad event costs only itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError

from services.chassis import failures, metrics, tracing
from services.chassis.bulk import RowWrite, write_rows
from services.chassis.database import is_unreachable
from services.chassis.errors import Undeliverable
from services.chassis.events import Event, MalformedEvent
from services.chassis.messages import inbox
from services.chassis.privacy.erasing import without_the_erased
from services.chassis.retry import Park, RetryPolicy
from services.chassis.service import Runtime
from services.chassis.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)
POLICY = RetryPolicy()
_KEY = ("source", "event_id")
_CLAIM = RowWrite(inbox, (*_KEY, "type", "handled_at"), key=_KEY, returning=_KEY)


@dataclass(frozen=True, slots=True)
class Delivery:
    """The bytes of one message as the broker gave them.

    ``replaying``: it is from the log, not new. ``undeliverable``: the broker gave up delivering it, because
    each consumer that took it went down with it.
    """

    body: bytes
    replaying: bool = False
    undeliverable: bool = False


def handle(runtime: Runtime, deliveries: Sequence[Delivery]) -> None:
    """Handle a batch. When this returns, each delivery has had its effect or is safely kept as failed.

    Raises the driver's error when the database is gone; then nothing has happened, and the batch has to
    be delivered again.
    """
    for replaying in (False, True):
        readable: dict[tuple[str, UUID], tuple[Event, bytes]] = {}
        for delivery in deliveries:
            if delivery.replaying is not replaying:
                continue
            try:
                event = Event.from_bytes(delivery.body)
            except MalformedEvent as error:
                _keep_failure(runtime, delivery.body, None, error, replaying=replaying)
                continue
            if delivery.undeliverable:
                error_of_broker = Undeliverable("Every consumer that took this event went down with it.")
                _keep_failure(runtime, delivery.body, event, error_of_broker, replaying=replaying)
            else:
                readable.setdefault((event.source, event.id), (event, delivery.body))
        if readable:
            _handle_events(runtime, readable, replaying=replaying)


def handle_due_retries(runtime: Runtime) -> int:
    """Try the failed events again whose time has come; how many were tried."""
    with runtime.read() as session:
        waiting = failures.due(session, runtime.clock())
    for failed in waiting:
        handle(runtime, [Delivery(failed.body, failed.replaying)])
    return len(waiting)


def discard(unit_of_work: UnitOfWork, identity: UUID, reason: str, by: str) -> None:
    """Give a failed event up for good; should it be delivered again, it is taken as handled."""
    failed = failures.discard(unit_of_work.session, identity, reason, by)
    try:
        event = Event.from_bytes(failed.body)
    except MalformedEvent:
        return
    _claim(unit_of_work, [event])


def _handle_events(
    runtime: Runtime, events: Mapping[tuple[str, UUID], tuple[Event, bytes]], *, replaying: bool
) -> None:
    try:
        with metrics.batch_seconds.labels(runtime.service.name).time():
            _apply(runtime, [event for event, _ in events.values()], replaying=replaying)
    except Exception as error:
        _raise_if_database_is_gone(error)
        if len(events) == 1:
            [(event, body)] = events.values()
            _keep_failure(runtime, body, event, error, replaying=replaying)
            return
        for key, event_and_body in events.items():
            _handle_events(runtime, {key: event_and_body}, replaying=replaying)


def _apply(runtime: Runtime, events: Sequence[Event], *, replaying: bool) -> None:
    outcomes = {"applied": 0, "ignored": 0}
    with runtime.unit_of_work(replaying=replaying) as unit_of_work:
        new = _claim(unit_of_work, events)
        for event in without_the_erased(unit_of_work.session, new):
            with tracing.handling(runtime.service.name, event, replaying=replaying):
                applied = runtime.service.reactions.apply(event, unit_of_work)
            outcomes["applied" if applied else "ignored"] += 1
        failures.resolve(unit_of_work.session, new)
    for outcome, count in (*outcomes.items(), ("duplicate", len(events) - len(new))):
        if count:
            metrics.handled.labels(runtime.service.name, outcome).inc(count)


def _claim(unit_of_work: UnitOfWork, events: Iterable[Event]) -> list[Event]:
    """Those of the events that nobody has handled before, noted as handled from now on.

    Ids are claimed in one order by everybody, so that two workers with the same events do not lock each
    other out.
    """
    by_key = {(event.source, event.id): event for event in events}
    rows = [
        {"source": source, "event_id": identity, "type": event.type, "handled_at": unit_of_work.now}
        for (source, identity), event in by_key.items()
    ]
    claimed = {(row.source, row.event_id) for row in write_rows(unit_of_work.session, _CLAIM, rows)}
    return [event for key, event in by_key.items() if key in claimed]


def _keep_failure(
    runtime: Runtime, body: bytes, event: Event | None, error: Exception, *, replaying: bool
) -> None:
    with runtime.unit_of_work() as unit_of_work:
        decision = failures.record_failure(
            unit_of_work.session, body, event, error, unit_of_work.now, replaying=replaying, policy=POLICY
        )
    outcome = "parked" if isinstance(decision, Park) else "failed"
    metrics.handled.labels(runtime.service.name, outcome).inc()
    log.warning(
        "event_" + outcome,
        service=runtime.service.name,
        event_type=event.type if event else None,
        event_id=str(event.id) if event else None,
        error=str(error),
    )


def _raise_if_database_is_gone(error: Exception) -> None:
    """A lost connection is nobody's fault but the database's; the event must not be blamed for it."""
    if isinstance(error, DBAPIError) and (error.connection_invalidated or is_unreachable(error)):
        raise error
