"""Who may see and change which workshop and which appointment.

The same answer is given for what does not exist and for what belongs to others, so that ids tell nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.model import Forbidden
from services.chassis.web.i18n import N_
from services.chassis.web.identity import Identity
from services.chassis.web.session import signed_in_person
from services.enrolment.domain.appointment import Appointment
from services.enrolment.domain.workshop import Workshop
from services.enrolment.storage import appointments, workshops
from services.enrolment.storage.appointment_list import AppointmentFilter
from services.enrolment.storage.workshop_list import WorkshopFilter

TEAM = ("manager", "adviser")
_NO_WORKSHOP = N_("You cannot see this workshop, or it does not exist.")
_NO_APPOINTMENT = N_("You cannot see this appointment, or it does not exist.")


def visible_workshops(person: Identity, session: Session, chosen: Mapping[str, str]) -> WorkshopFilter:
    """The team sees its programmes' workshops, a buyer those of their cohorts. ``chosen`` narrows it."""
    return WorkshopFilter(
        person_id=person.person_id,
        programmes=(*person.programmes("manager"), *person.programmes("adviser")),
        cohort_ids=tuple(workshops.cohorts_of_organisations(session, person.organisations("buyer"))),
        state=chosen.get("state") or None,
        cohort=chosen.get("cohort") or None,
    )


def visible_workshop(session: Session, workshop_id: UUID) -> Workshop:
    """The workshop, for the team of its programme and the buyers of its cohort. Raises Forbidden."""
    person = signed_in_person()
    found = session.get(Workshop, workshop_id)
    if found is None or not (is_team(person, found.programme) or organisations_in(person, session, found)):
        raise Forbidden(_NO_WORKSHOP)
    return found


def team_workshop(session: Session, workshop_id: UUID, *roles: str) -> Workshop:
    """The workshop, for people with one of the roles in its programme. Raises Forbidden."""
    found = session.get(Workshop, workshop_id)
    person = signed_in_person()
    if found is None or not any(person.may(role, found.programme) for role in roles or TEAM):
        raise Forbidden(_NO_WORKSHOP)
    return found


def organisations_in(person: Identity, session: Session, workshop: Workshop) -> list[UUID]:
    """Those of a person's organisations that take part in the workshop's cohort."""
    mine = person.organisations("buyer")
    taking_part = workshops.buyers_taking_part(session, workshop.cohort_id)
    return [organisation.id for organisation in taking_part if organisation.id in mine]


def is_team(person: Identity, programme: str) -> bool:
    return any(person.may(role, programme) for role in TEAM)


def visible_appointments(person: Identity, chosen: Mapping[str, str]) -> AppointmentFilter:
    """A manager sees the programme's appointments, an adviser and a buyer their own."""
    return AppointmentFilter(
        adviser_id=person.person_id if "adviser" in person.roles else None,
        programmes=person.programmes("manager"),
        organisation_ids=person.organisations("buyer"),
        state=chosen.get("state") or None,
    )


def visible_appointment(session: Session, appointment_id: UUID) -> Appointment:
    """The appointment, for its adviser, its buyer and the programme's managers. Raises Forbidden."""
    person = signed_in_person()
    found = session.get(Appointment, appointment_id)
    if found is None or not (
        is_adviser_of(person, found) or person.may("manager", found.programme) or is_buyer_of(person, found)
    ):
        raise Forbidden(_NO_APPOINTMENT)
    return found


def own_appointment(session: Session, appointment_id: UUID) -> Appointment:
    """The appointment, for the two who meet. Raises Forbidden."""
    person = signed_in_person()
    found = visible_appointment(session, appointment_id)
    if not (is_adviser_of(person, found) or is_buyer_of(person, found)):
        raise Forbidden("Only the two who meet can change an appointment.")
    return found


def advised_appointment(session: Session, appointment_id: UUID) -> Appointment:
    """The appointment, for its adviser. Raises Forbidden."""
    found = visible_appointment(session, appointment_id)
    if not is_adviser_of(signed_in_person(), found):
        raise Forbidden("Only the adviser can do this.")
    return found


def is_adviser_of(person: Identity, appointment: Appointment) -> bool:
    return appointment.adviser_id == person.person_id and person.may("adviser", appointment.programme)


def is_buyer_of(person: Identity, appointment: Appointment) -> bool:
    return person.may("buyer", appointment.programme, appointment.organisation_id)


def advisers_of_buyer(person: Identity, session: Session) -> list[tuple[str, UUID, UUID]]:
    """Who follows a buyer's organisations: programme, organisation and adviser of each that is followed."""
    found = []
    for grant in person.grants:
        if grant.role != "buyer" or grant.programme is None or grant.organisation_id is None:
            continue
        adviser_id = appointments.adviser_of(session, grant.programme, grant.organisation_id)
        if adviser_id is not None:
            found.append((grant.programme, grant.organisation_id, adviser_id))
    return found
