"""Who may see and change which workshop and which appointment; whom the team accompanies decides.

The same answer is given for what does not exist and for what belongs to others, so that ids tell nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.model import Forbidden, NotFound
from services.chassis.web.i18n import N_
from services.chassis.web.identity import Identity
from services.chassis.web.session import signed_in_person
from services.enrolment.domain.appointment import Appointment
from services.enrolment.domain.workshop import Workshop
from services.enrolment.storage import appointments, workshops
from services.enrolment.storage.appointment_list import AppointmentFilter
from services.enrolment.storage.workshop_list import WorkshopFilter
from services.enrolment.web.accompanying import accompanied_at, accompanied_by, accompanies_all_at

_NO_WORKSHOP = N_("You cannot see this workshop, or it does not exist.")
_NO_APPOINTMENT = N_("You cannot see this appointment, or it does not exist.")


def visible_workshops(person: Identity, session: Session, chosen: Mapping[str, str]) -> WorkshopFilter:
    """A manager sees the programme's workshops, an adviser those of their buyers' cohorts, a buyer those of
    their own. ``chosen`` narrows it."""
    accompanied = accompanied_by(person, session)
    cohort_ids = set(workshops.cohorts_of_organisations(session, person.organisations("buyer")))
    for programme, buyers in accompanied.followed.items():
        cohort_ids.update(workshops.cohorts_of_organisations(session, tuple(buyers), programme))
    return WorkshopFilter(
        person_id=person.person_id,
        programmes=accompanied.managed,
        cohort_ids=tuple(cohort_ids),
        state=chosen.get("state") or None,
        cohort=chosen.get("cohort") or None,
        programme=chosen.get("programme") or None,
    )


def visible_workshop(session: Session, workshop_id: UUID) -> Workshop:
    """The workshop, for its managers, the buyers of its cohort and their advisers. Raises NotFound."""
    person = signed_in_person()
    found = session.get(Workshop, workshop_id)
    if found is None or not (is_team_at(person, session, found) or organisations_in(person, session, found)):
        raise NotFound(_NO_WORKSHOP)
    return found


def team_workshop(session: Session, workshop_id: UUID) -> Workshop:
    """The workshop, for its managers and the advisers of its buyers. Raises NotFound."""
    found = session.get(Workshop, workshop_id)
    if found is None or not is_team_at(signed_in_person(), session, found):
        raise NotFound(_NO_WORKSHOP)
    return found


def managed_workshop(session: Session, workshop_id: UUID) -> Workshop:
    """The workshop, for the managers of its programme. Raises NotFound."""
    found = session.get(Workshop, workshop_id)
    if found is None or not signed_in_person().may("manager", found.programme):
        raise NotFound(_NO_WORKSHOP)
    return found


def wholly_visible_workshop(session: Session, workshop_id: UUID) -> Workshop:
    """The workshop, for those who may see everybody who comes: managers, and an adviser of all its buyers.

    Raises NotFound; Forbidden for an adviser of only some of them.
    """
    found = team_workshop(session, workshop_id)
    if not accompanies_all_at(signed_in_person(), session, found):
        raise Forbidden("Buyers of other advisers come to this workshop too: only a manager can do this.")
    return found


def organisations_in(person: Identity, session: Session, workshop: Workshop) -> list[UUID]:
    """Those of a person's organisations that take part in the workshop's cohort."""
    mine = person.organisations("buyer")
    taking_part = workshops.buyers_taking_part(session, workshop.cohort_id)
    return [organisation.id for organisation in taking_part if organisation.id in mine]


def is_team_at(person: Identity, session: Session, workshop: Workshop) -> bool:
    """Whether the person accompanies those who come to the workshop, or some of them."""
    return person.may("manager", workshop.programme) or bool(accompanied_at(person, session, workshop))


def visible_buyers_at(person: Identity, session: Session, workshop: Workshop) -> tuple[UUID, ...] | None:
    """The organisations whose people a person sees and registers at a workshop; None is no limit."""
    if person.may("manager", workshop.programme):
        return None
    mine = {*accompanied_at(person, session, workshop), *organisations_in(person, session, workshop)}
    return tuple(mine)


def check_may_add(session: Session, workshop_id: UUID, organisation_id: UUID) -> None:
    """Raises NotFound for whom the workshop is none of theirs; Forbidden for another adviser's buyer."""
    found = team_workshop(session, workshop_id)
    mine = visible_buyers_at(signed_in_person(), session, found)
    if mine is not None and organisation_id not in mine:
        raise Forbidden("You can register the people of your own buyers only.")


def visible_appointments(person: Identity, chosen: Mapping[str, str]) -> AppointmentFilter:
    """A manager sees the programme's appointments, an adviser and a buyer their own there.

    Who advises in another programme now sees nothing of the one that they left.
    """
    return AppointmentFilter(
        adviser_id=person.person_id,
        programmes=person.programmes("manager"),
        advised_programmes=person.programmes("adviser"),
        bought_for=tuple(
            (grant.programme, grant.organisation_id)
            for grant in person.grants
            if grant.role == "buyer" and grant.programme and grant.organisation_id
        ),
        state=chosen.get("state") or None,
    )


def visible_appointment(session: Session, appointment_id: UUID) -> Appointment:
    """The appointment, for its adviser, its buyer and the programme's managers. Raises NotFound."""
    person = signed_in_person()
    found = session.get(Appointment, appointment_id)
    if found is None or not (
        is_adviser_of(person, found) or person.may("manager", found.programme) or is_buyer_of(person, found)
    ):
        raise NotFound(_NO_APPOINTMENT)
    return found


def own_appointment(session: Session, appointment_id: UUID) -> Appointment:
    """The appointment, for the two who meet. Raises NotFound, and Forbidden for a manager."""
    person = signed_in_person()
    found = visible_appointment(session, appointment_id)
    if not (is_adviser_of(person, found) or is_buyer_of(person, found)):
        raise Forbidden("Only the two who meet can change an appointment.")
    return found


def advised_appointment(session: Session, appointment_id: UUID) -> Appointment:
    """The appointment, for its adviser. Raises NotFound, and Forbidden for its buyer and for managers."""
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
