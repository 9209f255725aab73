"""Plays how the team keeps in touch with buyers."""

from __future__ import annotations

from uuid import UUID

from services.chassis.unit_of_work import UnitOfWork
from services.console.demo.contacts import Calling, ContactStep, Noting, Numbering
from services.enrolment.domain.contacts import CallOutcome
from services.enrolment.domain.local_time import day_of
from services.enrolment.handlers import contacts
from services.enrolment.storage import queries


def keep_in_touch(
    step: ContactStep, programme: str, organisation_id: UUID, by: UUID, unit_of_work: UnitOfWork
) -> None:
    """Note the number, the call or the thought that the step tells of."""
    contact = queries.person_by_email(unit_of_work.session, step.buyer.contact.email)
    match step:
        case Noting():
            contacts.write_note(programme, organisation_id, step.text, by, unit_of_work)
        case Numbering() if contact is not None:
            contacts.set_phone(contact.id, step.number, unit_of_work)
        case Calling() if contact is not None:
            command = contacts.NoteCall(
                programme=programme,
                organisation_id=organisation_id,
                person_id=contact.id,
                outcome=CallOutcome(step.outcome),
                note=step.note,
                next_on=step.next_on,
                called_by=by,
                today=day_of(unit_of_work.now),
            )
            contacts.note_call(command, unit_of_work)
