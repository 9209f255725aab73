"""From what happens to messages: every trigger is an occasion, and every occasion has its messages."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.context import current_context
from services.chassis.events import Event
from services.chassis.privacy.subject import is_pseudonym
from services.chassis.unit_of_work import UnitOfWork
from services.notifications.domain.message import Recipient, State
from services.notifications.domain.occasion import Occasion, occasion_of, plan
from services.notifications.domain.workflow import Workflow, field_of
from services.notifications.events import message_snapshot
from services.notifications.french_calendar import OFFICE_HOURS
from services.notifications.storage import queries
from services.notifications.workflow_file import workflows


def plan_messages(event: Event, data: Mapping[str, Any], unit_of_work: UnitOfWork) -> None:
    """Plan what the event is a reason to write, and think again about what was planned on its subject.

    ``data`` are the event's data as JSON values.
    """
    session = unit_of_work.session
    triggered = [
        _occasion(workflow, event, data, session) for workflow in workflows().started_by(event.type, data)
    ]
    still_open = queries.open_occasions_about(session, event.subject, unit_of_work.now)
    # Of what is long past nothing is open any more; its messages are noted as such all the same.
    for occasion in {each.id: each for each in (*triggered, *still_open)}.values():
        settle(occasion, unit_of_work)


def plan_for_roles(roles: Collection[str], unit_of_work: UnitOfWork) -> None:
    """Somebody was given, or lost, one of these roles: who is written to may have changed."""
    concerned = [
        workflow.key
        for workflow in workflows().by_key.values()
        if any(audience.role in roles for audience in workflow.audiences)
    ]
    if concerned:
        for occasion in queries.open_occasions_of(unit_of_work.session, concerned, unit_of_work.now):
            settle(occasion, unit_of_work)


def settle(occasion: Occasion, unit_of_work: UnitOfWork) -> None:
    """Bring an occasion's messages in line with what is known."""
    workflow = workflows().get(occasion.workflow)
    if workflow is None:
        return
    session = unit_of_work.session
    existing = queries.messages_of(session, occasion.id)
    before = {message.id for message in existing if message.state is State.SUPPRESSED}
    created = plan(
        occasion,
        workflow,
        list(recipients_of(session, occasion, workflow)),
        existing,
        state=state_about(session, occasion, workflow),
        is_superseded=queries.is_superseded(session, occasion),
        office_hours=OFFICE_HOURS,
        now=unit_of_work.now,
    )
    session.add_all(created)
    for message in (*existing, *created):
        if message.state is State.SUPPRESSED and message.id not in before:
            unit_of_work.record(message, "notifications.message.suppressed", message_snapshot(message))
    session.flush()


def _occasion(workflow: Workflow, event: Event, data: Mapping[str, Any], session: Session) -> Occasion:
    """The occasion that an event makes, or that it is one more trigger of."""
    trigger = occasion_of(
        workflow,
        event_id=event.id,
        subject_id=event.subject,
        sequence=event.sequence,
        occurred_at=event.time,
        values=data,
        correlation_id=event.correlation_id,
        traceparent=current_context().traceparent,
    )
    known = session.get(Occasion, trigger.id)
    if known is None:
        session.add(trigger)
    else:
        known.absorb(trigger)
    session.flush()
    return known or trigger


def state_about(session: Session, occasion: Occasion, workflow: Workflow) -> Mapping[str, Any]:
    """The latest known state of what an occasion is about; while nothing is known, what the trigger said."""
    told = {"event": workflow.triggers[0].rpartition(".")[2], "state": occasion.values.get("state")}
    return {**occasion.values, **(queries.state_of(session, occasion.subject_id) or told)}


def recipients_of(session: Session, occasion: Occasion, workflow: Workflow) -> Iterator[Recipient]:
    """Whom a workflow writes to on an occasion, by what the directory knows now.

    An answer for which somebody waits goes to the address that they used; what comes later, to where they
    are reached by then.
    """
    for audience in workflow.audiences:
        if audience.contact is not None:
            contact = field_of(occasion.values, audience.contact)
            for each in contact if isinstance(contact, list) else [contact]:
                if each and not is_pseudonym(each["email"]):
                    named = _contact(each)
                    yield named if workflow.is_transactional else _reached_now(session, named)
        elif audience.role is not None:
            organisation = field_of(occasion.values, audience.organisation) if audience.organisation else None
            if audience.organisation is None or organisation:
                yield from queries.people_with_role(
                    session, audience.role, occasion.programme, UUID(organisation) if organisation else None
                )


def _contact(contact: Mapping[str, Any]) -> Recipient:
    person_id = contact.get("person_id")
    return Recipient(
        UUID(person_id) if person_id else None, contact["name"], contact["email"], contact["locale"]
    )


def _reached_now(session: Session, recipient: Recipient) -> Recipient:
    """The same person under the address that they have now, as far as it is known."""
    known = queries.person_of(session, recipient.person_id) if recipient.person_id else None
    return recipient if known is None or is_pseudonym(known.address) else known
