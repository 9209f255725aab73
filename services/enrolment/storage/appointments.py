"""What the use cases and pages of appointments ask of the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Text, cast, exists, func, select
from sqlalchemy.orm import Session

from services.enrolment.domain.application import HOLDING_A_PLACE
from services.enrolment.domain.appointment import AppointmentState, Slot
from services.enrolment.domain.assignment import Assignment
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person, Role
from services.enrolment.storage.tables import (
    adviser_notes,
    applications,
    appointments,
    assignments,
    organisations,
    people,
    slots,
)


@dataclass(frozen=True)
class FollowedBuyer:
    """A buyer of a programme, and who follows it."""

    organisation: Organisation
    adviser: Person | None


def advisers_of(session: Session, programme: str) -> list[Person]:
    """The advisers of a programme, in alphabetical order."""
    # Grants are a JSON list; the text narrows down to few people, whose grants are then looked at.
    query = select(Person).where(cast(people.c.grants, Text).contains(f'"{Role.ADVISER}"'))
    return [
        person
        for person in session.scalars(query.order_by(func.lower(people.c.name)))
        if any(grant.role is Role.ADVISER and grant.programme in (None, programme) for grant in person.grants)
    ]


def assignment_of(session: Session, programme: str, organisation_id: UUID) -> Assignment | None:
    query = select(Assignment).where(
        assignments.c.programme == programme, assignments.c.organisation_id == organisation_id
    )
    return session.scalar(query)


def adviser_of(session: Session, programme: str, organisation_id: UUID) -> UUID | None:
    """Who follows this buyer, if somebody does."""
    assignment = assignment_of(session, programme, organisation_id)
    return assignment.adviser_id if assignment else None


def followed_by(session: Session, adviser_id: UUID) -> Sequence[Organisation]:
    """The organisations that an adviser follows, in alphabetical order."""
    query = (
        select(Organisation)
        .join(assignments, assignments.c.organisation_id == organisations.c.id)
        .where(assignments.c.adviser_id == adviser_id)
        .order_by(func.lower(organisations.c.name))
    )
    return session.scalars(query).all()


def buyers_and_advisers(session: Session, programme: str) -> list[FollowedBuyer]:
    """The buyers that hold a place in a programme, in alphabetical order, with who follows each."""
    query = (
        select(Organisation, Person)
        .outerjoin(
            assignments,
            (assignments.c.organisation_id == organisations.c.id) & (assignments.c.programme == programme),
        )
        .outerjoin(people, people.c.id == assignments.c.adviser_id)
        .where(
            exists().where(
                applications.c.organisation_id == organisations.c.id,
                applications.c.programme == programme,
                applications.c.state.in_(HOLDING_A_PLACE),
            )
        )
        .order_by(func.lower(organisations.c.name))
    )
    return [FollowedBuyer(organisation, adviser) for organisation, adviser in session.execute(query)]


def slots_around(session: Session, adviser_id: UUID, starts_at: datetime, ends_at: datetime) -> list[Slot]:
    """An adviser's slots that share some time with a span."""
    query = select(Slot).where(
        slots.c.adviser_id == adviser_id, slots.c.starts_at < ends_at, slots.c.ends_at > starts_at
    )
    return list(session.scalars(query))


def free_slots(session: Session, programme: str, adviser_id: UUID, now: datetime) -> Sequence[Slot]:
    """The slots of an adviser that can still be booked, the next one first."""
    query = select(Slot).where(
        slots.c.programme == programme,
        slots.c.adviser_id == adviser_id,
        slots.c.starts_at > now,
        ~exists().where(appointments.c.slot_id == slots.c.id),
    )
    return session.scalars(query.order_by(slots.c.starts_at)).all()


def is_booked(session: Session, slot_id: UUID) -> bool:
    return bool(session.scalar(select(exists().where(appointments.c.slot_id == slot_id))))


def has_appointment_between(
    session: Session, organisation_id: UUID, starts_at: datetime, ends_at: datetime, *, besides: UUID | None
) -> bool:
    """Whether a buyer has another appointment at this time."""
    clash = exists().where(
        appointments.c.organisation_id == organisation_id,
        appointments.c.state == AppointmentState.SCHEDULED,
        appointments.c.starts_at < ends_at,
        appointments.c.ends_at > starts_at,
        appointments.c.id != besides if besides else appointments.c.id.is_not(None),
    )
    return bool(session.scalar(select(clash)))


def note_of(session: Session, appointment_id: UUID, adviser_id: UUID) -> str:
    """What an adviser has noted on an appointment; nothing for anybody else."""
    query = select(adviser_notes.c.text).where(
        adviser_notes.c.appointment_id == appointment_id, adviser_notes.c.adviser_id == adviser_id
    )
    return session.scalar(query) or ""
