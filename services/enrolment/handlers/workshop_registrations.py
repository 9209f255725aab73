"""Registration for workshops: places, the waiting list, and who was there.

Whatever changes a registration locks its workshop first, so that its capacity holds and nothing changes any
more once the workshop is closed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from services.chassis.events import new_id
from services.chassis.model import Conflict, Forbidden
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.check_in import check_code
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person, PersonGrant, Role
from services.enrolment.domain.programme import Cohort
from services.enrolment.domain.workshop import Workshop
from services.enrolment.domain.workshop_registration import Presence, Registration, RegistrationState
from services.enrolment.events.workshops import registration_snapshot
from services.enrolment.handlers.people import RegisterPerson, register_person
from services.enrolment.storage import workshops


@dataclass(frozen=True, kw_only=True)
class Register:
    """Somebody of a buyer takes a place. ``by_team``: also when people can no longer register themselves."""

    workshop_id: UUID
    organisation_id: UUID
    name: str
    email: str
    locale: str = "fr"
    by_team: bool = False


def register(command: Register, unit_of_work: UnitOfWork) -> Registration:
    """Give a place, or one on the waiting list when there is none; the same twice is once.

    Whom a colleague registers becomes one of the organisation's people; whom the team registers does not,
    since only an organisation lets its people in. Raises NotFound; Conflict when it is too late; Forbidden
    for an organisation that does not take part in the cohort.
    """
    session = unit_of_work.session
    workshop = unit_of_work.get(Workshop, command.workshop_id, lock=True)
    if command.by_team:
        workshop.check_attendance_is_open()
    else:
        workshop.check_takes_registrations(unit_of_work.now)
    check_takes_part(workshop, command.organisation_id, unit_of_work)
    colleague = PersonGrant(Role.BUYER, workshop.programme, command.organisation_id)
    grant = None if command.by_team else colleague
    person = register_person(
        RegisterPerson(name=command.name, email=command.email, locale=command.locale, grant=grant),
        unit_of_work,
    )
    registration = registration_of(workshop, person, command.organisation_id, unit_of_work)
    place_left = workshops.count_registered(session, workshop.id) < workshop.capacity
    if registration.ask(unit_of_work.now, place_left=place_left):
        registration.organisation_id = command.organisation_id
        session.flush()
        record_registration(
            registration, workshop, "registered" if place_left else "waitlisted", unit_of_work
        )
    return registration


def check_takes_part(workshop: Workshop, organisation_id: UUID, unit_of_work: UnitOfWork) -> None:
    """Raises Forbidden for an organisation that does not take part in the workshop's cohort."""
    taking_part = workshops.buyers_taking_part(unit_of_work.session, workshop.cohort_id)
    if organisation_id not in [organisation.id for organisation in taking_part]:
        raise Forbidden("Workshops are for the buyers of the cohort whose agreement is signed.")


def registration_of(
    workshop: Workshop, person: Person, organisation_id: UUID, unit_of_work: UnitOfWork
) -> Registration:
    """The person's registration for the workshop, or a new one that has asked for nothing yet."""
    session = unit_of_work.session
    session.flush()
    found = workshops.registration_of(session, workshop.id, person.id)
    if found is None:
        found = Registration(
            id=new_id(),
            workshop_id=workshop.id,
            person_id=person.id,
            organisation_id=organisation_id,
            asked_at=unit_of_work.now,
        )
        session.add(found)
    return found


def register_contacts(
    workshop_id: UUID, organisation_ids: Collection[UUID], unit_of_work: UnitOfWork
) -> list[Registration]:
    """The team gives the contact of each of these buyers a place, or one on the waiting list.

    Those of whose people somebody is registered already are passed over. Raises like ``register``.
    """
    unit_of_work.get(Workshop, workshop_id, lock=True)
    return [
        register(
            Register(
                workshop_id=workshop_id,
                organisation_id=organisation.id,
                name=person.name,
                email=person.email,
                by_team=True,
            ),
            unit_of_work,
        )
        for person, organisation in workshops.contacts_to_register(unit_of_work.session, workshop_id)
        if organisation.id in organisation_ids
    ]


def unregister(registration_id: UUID, unit_of_work: UnitOfWork, *, by_team: bool = False) -> Registration:
    """Give a place back; the first who waits gets it. Raises NotFound; Conflict when it is too late."""
    workshop, registration = _locked(registration_id, unit_of_work)
    if by_team:
        workshop.check_attendance_is_open()
    else:
        workshop.check_takes_registrations(unit_of_work.now)
    if registration.withdraw():
        record_registration(registration, workshop, "withdrawn", unit_of_work)
        unit_of_work.session.flush()
        fill_free_places(workshop, unit_of_work)
    return registration


def fill_free_places(workshop: Workshop, unit_of_work: UnitOfWork) -> None:
    """Give the places that are free to those who wait, in their order, while it is still of use to them."""
    if not workshop.takes_registrations(unit_of_work.now):
        return
    session = unit_of_work.session
    free = workshop.capacity - workshops.count_registered(session, workshop.id)
    waiting = [
        each
        for each in workshops.open_registrations(session, workshop.id)
        if each.state is RegistrationState.WAITING
    ]
    for registration in waiting[: max(0, free)]:
        registration.move_up()
        with unit_of_work.by_itself():
            record_registration(registration, workshop, "registered", unit_of_work)
    session.flush()


def mark_attendance(
    workshop_id: UUID,
    present: Collection[UUID],
    unit_of_work: UnitOfWork,
    *,
    among: Collection[UUID] | None = None,
) -> int:
    """Note who of the registered was there: those whose registration is in ``present``, and no others.

    ``among`` are the organisations whose people it is said of; by default of everybody. Gives how many were.
    Raises NotFound; Conflict when the attendance is frozen.
    """
    workshop = unit_of_work.get(Workshop, workshop_id, lock=True)
    workshop.check_attendance_is_open()
    workshop.check_has_begun(unit_of_work.now)
    came = 0
    for registration in workshops.open_registrations(unit_of_work.session, workshop.id):
        if registration.state is not RegistrationState.REGISTERED:
            continue
        if among is not None and registration.organisation_id not in among:
            continue
        if registration.id in present:
            came += 1
            if registration.note_presence(Presence.LIST, unit_of_work.now):
                record_registration(registration, workshop, "attended", unit_of_work)
        elif registration.note_absence():
            record_registration(registration, workshop, "absent", unit_of_work)
    return came


def check_in(
    workshop_id: UUID, code: str, secret: str, person_id: UUID, unit_of_work: UnitOfWork
) -> Registration:
    """A person in the room confirms that they are there.

    Raises NotFound; Gone for a code that is no longer shown; Conflict when nobody can check in now, or for
    somebody without a place.
    """
    workshop = unit_of_work.get(Workshop, workshop_id, lock=True)
    check_code(secret, workshop, code, unit_of_work.now)
    registration = workshops.registration_of(unit_of_work.session, workshop.id, person_id)
    if registration is None:
        raise Conflict("You are not registered for this workshop. Ask the team to add you to the list.")
    if registration.note_presence(Presence.CODE, unit_of_work.now):
        record_registration(registration, workshop, "attended", unit_of_work)
    return registration


def record_registration(
    registration: Registration, workshop: Workshop, what_happened: str, unit_of_work: UnitOfWork
) -> None:
    snapshot = registration_snapshot(
        registration,
        workshop,
        unit_of_work.get(Cohort, workshop.cohort_id),
        unit_of_work.get(Organisation, registration.organisation_id),
        unit_of_work.get(Person, registration.person_id),
    )
    unit_of_work.record(registration, f"enrolment.workshop_registration.{what_happened}", snapshot)


def _locked(registration_id: UUID, unit_of_work: UnitOfWork) -> tuple[Workshop, Registration]:
    workshop_id = unit_of_work.get(Registration, registration_id).workshop_id
    workshop = unit_of_work.get(Workshop, workshop_id, lock=True)
    return workshop, unit_of_work.get(Registration, registration_id, lock=True)
