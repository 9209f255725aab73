"""What stands in one person's calendar: the workshops and appointments that are theirs."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from services.chassis.calendar_files import Entry
from services.enrolment.domain.appointment import Appointment, AppointmentState
from services.enrolment.domain.calendar_feed import CalendarFeed
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person, Role, digest
from services.enrolment.domain.workshop import Workshop, WorkshopState
from services.enrolment.domain.workshop_registration import RegistrationState
from services.enrolment.storage.accompanied import followed_buyers
from services.enrolment.storage.tables import appointments, calendar_feeds, workshop_registrations, workshops
from services.enrolment.storage.workshops import cohorts_of_organisations


def person_of_feed(session: Session, token: str) -> Person | None:
    """Whose calendar a secret address leads to; None when it leads nowhere (any more)."""
    query = select(CalendarFeed).where(calendar_feeds.c.token_digest == digest(token))
    feed = session.scalar(query)
    return session.get(Person, feed.person_id) if feed else None


def entries_of(session: Session, person: Person) -> list[Entry]:
    """The meetings of a person, those that were cancelled marked as such, in the order of time."""
    found = [*map(_workshop_entry, _workshops_of(session, person)), *_appointments_of(session, person)]
    return sorted(found, key=lambda entry: (entry.starts_at, entry.uid))


def _workshops_of(session: Session, person: Person) -> list[Workshop]:
    """A manager has all workshops of their programmes in the calendar, an adviser those of their buyers."""
    managed = _programmes(person, Role.MANAGER)
    followed = followed_buyers(session, person.id, _programmes(person, Role.ADVISER))
    cohort_ids = {
        cohort_id
        for programme, buyers in followed.items()
        for cohort_id in cohorts_of_organisations(session, tuple(buyers), programme)
    }
    registered = select(workshop_registrations.c.workshop_id).where(
        workshop_registrations.c.person_id == person.id,
        workshop_registrations.c.state.in_((RegistrationState.REGISTERED, RegistrationState.CANCELLED)),
    )
    query = select(Workshop).where(
        or_(
            workshops.c.programme.in_(managed),
            workshops.c.cohort_id.in_(cohort_ids),
            workshops.c.id.in_(registered),
        )
    )
    return list(session.scalars(query))


def _programmes(person: Person, role: Role) -> list[str]:
    return [grant.programme for grant in person.grants if grant.role is role and grant.programme]


def _appointments_of(session: Session, person: Person) -> list[Entry]:
    organisation_ids: list[UUID] = [
        grant.organisation_id
        for grant in person.grants
        if grant.role is Role.BUYER and grant.organisation_id is not None
    ]
    query = select(Appointment).where(
        or_(
            and_(
                appointments.c.adviser_id == person.id,
                appointments.c.programme.in_(_programmes(person, Role.ADVISER)),
            ),
            appointments.c.organisation_id.in_(organisation_ids),
        )
    )
    return [_appointment_entry(session, appointment) for appointment in session.scalars(query)]


def _workshop_entry(workshop: Workshop) -> Entry:
    return Entry(
        uid=str(workshop.id),
        sequence=workshop.calendar_sequence,
        title=workshop.title,
        starts_at=workshop.starts_at,
        ends_at=workshop.ends_at,
        place=workshop.place,
        url=workshop.video_url,
        description=workshop.description,
        is_cancelled=workshop.state is WorkshopState.CANCELLED,
    )


def _appointment_entry(session: Session, appointment: Appointment) -> Entry:
    buyer = session.get_one(Organisation, appointment.organisation_id)
    adviser = session.get_one(Person, appointment.adviser_id)
    return Entry(
        uid=str(appointment.id),
        sequence=appointment.calendar_sequence,
        title=f"{buyer.name} – {adviser.name}",
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        place=appointment.place,
        url=appointment.video_url,
        description=appointment.subject,
        is_cancelled=appointment.state is AppointmentState.CANCELLED,
    )
