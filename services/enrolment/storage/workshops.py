"""What the use cases and pages of workshops ask of the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from services.enrolment.domain.application import ApplicationState
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person
from services.enrolment.domain.workshop_registration import Registration, RegistrationState
from services.enrolment.storage.tables import (
    applications,
    organisations,
    people,
    workshop_registrations,
    workshops,
)

# Those whose agreement is signed come to the workshops of their cohort.
TAKING_PART = (ApplicationState.ENROLLED, ApplicationState.COMPLETED)


@dataclass(frozen=True)
class Participant:
    """A registration with the person and the organisation that it is for."""

    registration: Registration
    person: Person
    organisation: Organisation


def buyers_taking_part(session: Session, cohort_id: UUID) -> Sequence[Organisation]:
    """The organisations whose people may come to a cohort's workshops, in alphabetical order."""
    query = (
        select(Organisation)
        .join(applications, applications.c.organisation_id == organisations.c.id)
        .where(applications.c.cohort_id == cohort_id, applications.c.state.in_(TAKING_PART))
        .order_by(organisations.c.name)
    )
    return session.scalars(query).all()


def cohorts_of_organisations(
    session: Session, organisation_ids: Sequence[UUID], programme: str | None = None
) -> Sequence[UUID]:
    """The cohorts, of one programme or of all, in which one of these organisations takes part."""
    query = select(applications.c.cohort_id).where(
        applications.c.organisation_id.in_(organisation_ids), applications.c.state.in_(TAKING_PART)
    )
    if programme is not None:
        query = query.where(applications.c.programme == programme)
    return session.scalars(query.distinct()).all()


def contacts_to_register(
    session: Session, workshop_id: UUID, organisation_ids: Sequence[UUID] | None = None
) -> list[tuple[Person, Organisation]]:
    """The contacts of the buyers that take part, of whose people nobody has a place or waits for one.

    By organisation; only those of ``organisation_ids``, if it is given.
    """
    somebody = exists().where(
        workshop_registrations.c.workshop_id == workshop_id,
        workshop_registrations.c.organisation_id == organisations.c.id,
        workshop_registrations.c.state.in_((RegistrationState.REGISTERED, RegistrationState.WAITING)),
    )
    query = (
        select(Person, Organisation)
        .join(applications, applications.c.contact_id == people.c.id)
        .join(organisations, organisations.c.id == applications.c.organisation_id)
        .join(workshops, workshops.c.cohort_id == applications.c.cohort_id)
        .where(workshops.c.id == workshop_id, applications.c.state.in_(TAKING_PART), ~somebody)
        .order_by(func.lower(organisations.c.name))
    )
    if organisation_ids is not None:
        query = query.where(organisations.c.id.in_(organisation_ids))
    return [(person, organisation) for person, organisation in session.execute(query)]


def people_invited(session: Session, cohort_id: UUID) -> Sequence[Person]:
    """The contacts of the buyers that take part in a cohort."""
    contacts = select(applications.c.contact_id).where(
        applications.c.cohort_id == cohort_id, applications.c.state.in_(TAKING_PART)
    )
    return session.scalars(select(Person).where(people.c.id.in_(contacts)).order_by(people.c.id)).all()


def count_registered(session: Session, workshop_id: UUID) -> int:
    """How many places of a workshop are taken."""
    return _count(session, workshop_id, RegistrationState.REGISTERED)


def count_waiting(session: Session, workshop_id: UUID) -> int:
    return _count(session, workshop_id, RegistrationState.WAITING)


def count_present(session: Session, workshop_id: UUID) -> int:
    query = select(func.count()).where(
        workshop_registrations.c.workshop_id == workshop_id,
        workshop_registrations.c.state == RegistrationState.REGISTERED,
        workshop_registrations.c.present_at.is_not(None),
    )
    return session.scalar(query) or 0


def registration_of(session: Session, workshop_id: UUID, person_id: UUID) -> Registration | None:
    return session.scalar(
        select(Registration).where(
            workshop_registrations.c.workshop_id == workshop_id,
            workshop_registrations.c.person_id == person_id,
        )
    )


def open_registrations(session: Session, workshop_id: UUID) -> Sequence[Registration]:
    """Those who have a place, and those who wait for one: the first who asked comes first."""
    query = select(Registration).where(
        workshop_registrations.c.workshop_id == workshop_id,
        workshop_registrations.c.state.in_((RegistrationState.REGISTERED, RegistrationState.WAITING)),
    )
    return session.scalars(
        query.order_by(workshop_registrations.c.asked_at, workshop_registrations.c.id)
    ).all()


def participants(
    session: Session,
    workshop_id: UUID,
    *states: RegistrationState,
    organisation_ids: Sequence[UUID] | None = None,
) -> list[Participant]:
    """Who is registered, by organisation and name; only those of ``organisation_ids``, if it is given."""
    query = (
        select(Registration, Person, Organisation)
        .join(people, people.c.id == workshop_registrations.c.person_id)
        .join(organisations, organisations.c.id == workshop_registrations.c.organisation_id)
        .where(
            workshop_registrations.c.workshop_id == workshop_id, workshop_registrations.c.state.in_(states)
        )
        .order_by(func.lower(organisations.c.name), func.lower(people.c.name), people.c.id)
    )
    if organisation_ids is not None:
        query = query.where(workshop_registrations.c.organisation_id.in_(organisation_ids))
    return [Participant(*row) for row in session.execute(query)]


def _count(session: Session, workshop_id: UUID, state: RegistrationState) -> int:
    query = select(func.count()).where(
        workshop_registrations.c.workshop_id == workshop_id, workshop_registrations.c.state == state
    )
    return session.scalar(query) or 0
