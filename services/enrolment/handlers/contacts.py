"""What the team notes of its contact with buyers. None of it travels in events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import delete, insert

from services.chassis.database import insert_for
from services.chassis.events import new_id
from services.chassis.model import DomainError, NotFound
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.contacts import CallOutcome, check_next_day
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person
from services.enrolment.storage.tables import calls, phones, team_notes


@dataclass(frozen=True, kw_only=True)
class NoteCall:
    programme: str
    organisation_id: UUID
    person_id: UUID
    outcome: CallOutcome
    note: str
    next_on: date | None
    called_by: UUID
    today: date


def note_call(command: NoteCall, unit_of_work: UnitOfWork) -> UUID:
    """Note that somebody of a buyer was called. Raises NotFound, DomainError for a day that is over."""
    check_next_day(command.next_on, command.today)
    unit_of_work.get(Organisation, command.organisation_id)
    unit_of_work.get(Person, command.person_id)
    call_id = new_id()
    unit_of_work.session.execute(
        insert(calls).values(
            id=call_id,
            programme=command.programme,
            organisation_id=command.organisation_id,
            person_id=command.person_id,
            outcome=command.outcome,
            note=command.note.strip(),
            called_by=command.called_by,
            called_at=unit_of_work.now,
            next_on=command.next_on,
        )
    )
    return call_id


def write_note(programme: str, organisation_id: UUID, text: str, by: UUID, unit_of_work: UnitOfWork) -> UUID:
    """Write a note on a buyer that only the team reads. Raises NotFound, DomainError for an empty one."""
    if not text.strip():
        raise DomainError("Write something.", field="text")
    unit_of_work.get(Organisation, organisation_id)
    note_id = new_id()
    unit_of_work.session.execute(
        insert(team_notes).values(
            id=note_id,
            programme=programme,
            organisation_id=organisation_id,
            written_by=by,
            text=text.strip(),
            written_at=unit_of_work.now,
        )
    )
    return note_id


def remove_note(programme: str, organisation_id: UUID, note_id: UUID, unit_of_work: UnitOfWork) -> None:
    """Raises NotFound when there is no such note on this buyer."""
    removed = unit_of_work.session.execute(
        delete(team_notes).where(
            team_notes.c.id == note_id,
            team_notes.c.programme == programme,
            team_notes.c.organisation_id == organisation_id,
        )
    )
    if not getattr(removed, "rowcount", 0):
        raise NotFound("This note does not exist, or no longer.")


def set_phone(person_id: UUID, number: str, unit_of_work: UnitOfWork) -> None:
    """Keep the number at which somebody is reached; an empty one forgets it. Raises NotFound."""
    unit_of_work.get(Person, person_id)
    session = unit_of_work.session
    if not number.strip():
        session.execute(delete(phones).where(phones.c.person_id == person_id))
        return
    values = {"number": number.strip(), "written_at": unit_of_work.now}
    statement = insert_for(session, phones).values(person_id=person_id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["person_id"], set_=values))
