"""An occasion: a workflow's trigger that has happened, and so the reason for zero or more messages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from services.notifications.domain.calendar import OfficeHours
from services.notifications.domain.message import Message, Reason, Recipient, State, message_id
from services.notifications.domain.workflow import OncePer, Workflow

_NAMESPACE = uuid5(NAMESPACE_URL, "notifications/occasion")


@dataclass(eq=False, kw_only=True)
class Occasion:
    """Why messages of one workflow exist.

    ``subject_id`` is what the trigger was about, ``values`` are the trigger's data, from which the messages
    are written. When several triggers make one occasion, it dates from the first of them and says what the
    last of them said, whichever of them is heard first. After ``open_until`` nothing is planned for it.
    ``correlation_id`` and ``traceparent`` are what the trigger was a part of, so that its mails are too.
    """

    id: UUID
    workflow: str
    programme: str | None
    subject_id: UUID
    cause: UUID
    occurred_at: datetime
    sequence: int
    values: Mapping[str, Any]
    open_until: datetime
    correlation_id: UUID | None = None
    traceparent: str | None = None

    def absorb(self, trigger: Occasion) -> None:
        """Take in another trigger of the same occasion. In whatever order, the result is the same."""
        self.occurred_at = min(self.occurred_at, trigger.occurred_at)
        self.open_until = max(self.open_until, trigger.open_until)
        if trigger.sequence > self.sequence:
            self.sequence, self.cause, self.values = trigger.sequence, trigger.cause, trigger.values
            self.correlation_id, self.traceparent = trigger.correlation_id, trigger.traceparent


def occasion_of(
    workflow: Workflow,
    *,
    event_id: UUID,
    subject_id: UUID,
    sequence: int,
    occurred_at: datetime,
    values: Mapping[str, Any],
    correlation_id: UUID | None = None,
    traceparent: str | None = None,
) -> Occasion:
    """What an event that starts ``workflow`` is an occasion for."""
    scope = event_id if workflow.once_per is OncePer.EVENT else subject_id
    return Occasion(
        id=uuid5(_NAMESPACE, f"{workflow.key}/{scope}"),
        workflow=workflow.key,
        programme=values.get("programme"),
        subject_id=subject_id,
        cause=event_id,
        occurred_at=occurred_at,
        sequence=sequence,
        values=values,
        open_until=workflow.expires_after.after(workflow.due_at(occurred_at, values)),
        correlation_id=correlation_id,
        traceparent=traceparent,
    )


def plan(
    occasion: Occasion,
    workflow: Workflow,
    recipients: Iterable[Recipient],
    existing: Iterable[Message],
    *,
    state: Mapping[str, Any],
    is_superseded: bool = False,
    office_hours: OfficeHours,
    now: datetime,
) -> list[Message]:
    """Bring the messages of an occasion in line with what is known now; returns the new ones.

    Whoever is a recipient and has no message gets one; an unsent message to somebody who is no recipient
    any more, or whose reason has gone by ``state``, is cancelled, until the reason comes back; one that is
    long past is suppressed.
    ``is_superseded`` says that the same has happened again since, which is the newer reason to write. The
    result depends on what is known and not on the order in which it was learnt. What needs no delay is due
    at once, and waits for the office hours when it is about to leave; what comes days later is due within
    them from the start: if need be later, but earlier where it has to come before something.
    """
    due_at = workflow.due_at(occasion.occurred_at, occasion.values)
    if workflow.moment is not None:
        may_leave_at = office_hours.last_open(due_at)
    else:
        may_leave_at = due_at if workflow.is_transactional else office_hours.next_open(due_at)
    if workflow.after or workflow.moment is not None:
        due_at = may_leave_at
    expires_at = workflow.expires_after.after(may_leave_at)
    stands = not workflow.only_while or (workflow.reason_stands(state) and not is_superseded)
    if workflow.moment is not None and due_at <= occasion.occurred_at:
        # Whoever has just been told of a meeting needs no reminder of it.
        stands = False
    wanted = {message_id(occasion.id, recipient.address): recipient for recipient in recipients}
    messages = {message.id: message for message in existing}
    # Whoever has another address since then is not written to a second time.
    dealt_with = {
        message.recipient_id for message in messages.values() if message.state is not State.PLANNED
    } - {None}
    created = {
        identifier: _message(identifier, occasion, recipient, workflow, due_at, expires_at, now)
        for identifier, recipient in wanted.items()
        if identifier not in messages and recipient.person_id not in dealt_with
    }
    for identifier, message in (messages | created).items():
        if message.reason is Reason.REASON_GONE and stands and identifier in wanted:
            message.reopen()
        if message.state is State.PLANNED:
            message.cause = occasion.cause
            _bring_forward(message, due_at, expires_at)
            _settle(message, stands, wanted.get(identifier), now)
    return list(created.values())


def _message(
    identifier: UUID,
    occasion: Occasion,
    recipient: Recipient,
    workflow: Workflow,
    due_at: datetime,
    expires_at: datetime,
    now: datetime,
) -> Message:
    return Message(
        id=identifier,
        occasion_id=occasion.id,
        workflow=workflow.key,
        programme=occasion.programme,
        cause=occasion.cause,
        recipient_id=recipient.person_id,
        name=recipient.name,
        address=recipient.address.strip(),
        locale=recipient.locale,
        is_urgent=not workflow.is_optional,
        planned_at=now,
        due_at=due_at,
        expires_at=expires_at,
    )


def _bring_forward(message: Message, due_at: datetime, expires_at: datetime) -> None:
    """An earlier trigger of the same occasion may be heard later."""
    if due_at < message.due_at and message.attempts == 0:
        message.due_at, message.expires_at = due_at, expires_at


def _settle(message: Message, reason_stands: bool, recipient: Recipient | None, now: datetime) -> None:
    if "@" not in message.address:
        message.suppress(Reason.NO_ADDRESS)
    elif message.is_expired(now):
        message.suppress(Reason.EXPIRED)
    elif not reason_stands:
        message.cancel(Reason.REASON_GONE)
    elif recipient is None:
        message.cancel(Reason.RECIPIENT_GONE)
    else:
        message.name, message.locale, message.recipient_id = (
            recipient.name,
            recipient.locale,
            recipient.person_id,
        )
        if message.reason is None and message.due_at > now:
            message.reason = Reason.NOT_YET
