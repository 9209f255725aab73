"""Events that could not be handled: retried on a schedule, then parked until a person decides.

Nothing that reached a service is lost: what cannot even be read is parked as the bytes that it is.
"""

from __future__ import annotations

import hashlib
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, exists, func, select, update
from sqlalchemy.orm import Session

from services.chassis.database import insert_for
from services.chassis.events import Event, MalformedEvent, new_id
from services.chassis.messages import failed_event
from services.chassis.model import Conflict, DomainError, NotFound
from services.chassis.retry import Park, RetryAt, RetryPolicy

State = Literal["retrying", "parked", "resolved", "discarded"]


@dataclass(frozen=True)
class FailedEvent:
    """An event that a service could not handle, with all one needs to judge it."""

    id: UUID
    type: str | None
    body: bytes
    replaying: bool
    state: State
    error: str
    traceback: str
    attempts: int
    first_failed_at: datetime
    last_failed_at: datetime
    next_attempt_at: datetime | None
    decision: str | None


def key_of(body: bytes, event: Event | None) -> str:
    """What makes two deliveries the same event: source and id; for unreadable bytes, the bytes."""
    return f"{event.source}/{event.id}" if event else f"raw/{hashlib.sha256(body).hexdigest()}"


def record_failure(
    session: Session,
    body: bytes,
    event: Event | None,
    error: BaseException,
    now: datetime,
    *,
    replaying: bool,
    policy: RetryPolicy,
) -> RetryAt | Park:
    """Note that handling failed and when it is tried again, if it is."""
    key = key_of(body, event)
    known = session.scalar(select(failed_event.c.attempts).where(failed_event.c.key == key))
    attempts = (known or 0) + 1
    decision = Park() if event is None else policy.decide(error, attempts, now)
    latest: dict[str, Any] = {
        "state": "retrying" if isinstance(decision, RetryAt) else "parked",
        "error": f"{type(error).__name__}: {error}",
        "traceback": "".join(traceback.format_exception(error)),
        "attempts": attempts,
        "last_failed_at": now,
        "next_attempt_at": decision.instant if isinstance(decision, RetryAt) else None,
    }
    statement = insert_for(session, failed_event).values(
        id=new_id(),
        key=key,
        type=event.type if event else None,
        body=body,
        replaying=int(replaying),
        first_failed_at=now,
        **latest,
    )
    session.execute(statement.on_conflict_do_update(index_elements=["key"], set_=latest))
    return decision


def resolve(session: Session, events: Sequence[Event]) -> None:
    """These events have been handled after all, if any of them had failed before."""
    undecided = failed_event.c.state.in_(("retrying", "parked"))
    if not session.scalar(select(exists().where(undecided))):
        return
    keys = [key_of(b"", event) for event in events]
    session.execute(
        update(failed_event)
        .where(failed_event.c.key.in_(keys), undecided)
        .values(state="resolved", next_attempt_at=None)
    )


def due(session: Session, now: datetime, limit: int = 100) -> list[FailedEvent]:
    """Those whose next try is due, the longest waiting first."""
    rows = session.execute(
        select(failed_event)
        .where(failed_event.c.state == "retrying", failed_event.c.next_attempt_at <= now)
        .order_by(failed_event.c.next_attempt_at)
        .limit(limit)
    )
    return [_from_row(row) for row in rows]


def list_failed(session: Session, states: Sequence[State] = ("parked", "retrying")) -> list[FailedEvent]:
    """The failed events in these states, the newest failure first."""
    query = select(failed_event).where(failed_event.c.state.in_(states))
    return [_from_row(row) for row in session.execute(query.order_by(failed_event.c.last_failed_at.desc()))]


def count_parked(session: Session) -> int:
    return session.scalar(select(func.count()).where(failed_event.c.state == "parked")) or 0


def count_by_state(session: Session) -> dict[State, int]:
    """How many failed events are in each state; a state that none is in is left out."""
    query = select(failed_event.c.state, func.count()).group_by(failed_event.c.state)
    return {state: number for state, number in session.execute(query)}


def find(session: Session, identity: UUID) -> FailedEvent:
    """Raises NotFound."""
    row = session.execute(select(failed_event).where(failed_event.c.id == identity)).one_or_none()
    if row is None:
        raise NotFound("There is no failed event with this id.")
    return _from_row(row)


def retry_now(session: Session, identity: UUID, now: datetime, body: bytes | None = None) -> None:
    """Have it tried again at once, with a mended body where one is given.

    Raises NotFound; Conflict when it is done with; DomainError when the new body is no event or another.
    """
    failed = _undecided(session, identity)
    if body is not None:
        _check_mended(failed, body)
    session.execute(
        update(failed_event)
        .where(failed_event.c.id == identity)
        .values(state="retrying", next_attempt_at=now, body=body or failed.body)
    )


def discard(session: Session, identity: UUID, reason: str, by: str) -> FailedEvent:
    """Give it up for good. Raises NotFound, Conflict, and DomainError without a reason."""
    if not reason.strip():
        raise DomainError("Say why this event can be discarded.", field="reason")
    failed = _undecided(session, identity)
    session.execute(
        update(failed_event)
        .where(failed_event.c.id == identity)
        .values(state="discarded", next_attempt_at=None, decision=f"{by}: {reason.strip()}")
    )
    return failed


def _undecided(session: Session, identity: UUID) -> FailedEvent:
    failed = find(session, identity)
    if failed.state in ("resolved", "discarded"):
        raise Conflict("This event is done with: it is %(state)s.", state=failed.state)
    return failed


def _check_mended(failed: FailedEvent, body: bytes) -> None:
    try:
        mended = Event.from_bytes(body)
    except MalformedEvent as error:
        raise DomainError("The mended event cannot be read: %(error)s", field="body", error=error) from error
    try:
        original = Event.from_bytes(failed.body)
    except MalformedEvent:
        return
    if (mended.source, mended.id) != (original.source, original.id):
        raise DomainError("A mended event keeps its id and its source.", field="body")


def _from_row(row: Row[Any]) -> FailedEvent:
    values = dict(row._mapping)
    values.pop("key")
    values["replaying"] = bool(values["replaying"])
    return FailedEvent(**values)
