"""Applicants who name the SIRET of an organisation that others registered. Nobody joins it by typing."""

from __future__ import annotations

from uuid import UUID

from services.chassis.events import new_id
from services.chassis.model import Conflict
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.application import Application
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person, PersonGrant, Role
from services.enrolment.domain.self_registration import JoinRequest
from services.enrolment.events.people import person_snapshot
from services.enrolment.events.self_registrations import join_request_snapshot
from services.enrolment.handlers.decisions import locked
from services.enrolment.handlers.merging.people import move_people
from services.enrolment.handlers.merging.telling import tell_merge
from services.enrolment.handlers.organisations import add_siret
from services.enrolment.storage import organisation_traces, queries, self_registrations


def claim(application: Application, holder: Organisation, unit_of_work: UnitOfWork) -> JoinRequest:
    """Ask the team whether the applicant is of the organisation that has the SIRET. Asked twice it is one."""
    session = unit_of_work.session
    waiting = self_registrations.open_claim(session, application.id)
    if waiting is not None and waiting.organisation_id == holder.id:
        return waiting
    if waiting is not None:
        raise Conflict("The team of the programme is checking another SIRET that you gave.", field="siret")
    person = unit_of_work.get(Person, application.contact_id)
    request = JoinRequest(
        id=new_id(),
        programme=application.programme,
        organisation_id=holder.id,
        application_id=application.id,
        name=person.name,
        email=person.email,
        locale=person.locale,
        asked_at=unit_of_work.now,
    )
    session.add(request)
    unit_of_work.record(request, "enrolment.join_request.made", join_request_snapshot(request, holder))
    return request


def complete_siret(application: Application, siret: str, unit_of_work: UnitOfWork) -> JoinRequest | None:
    """Add the SIRET that was missing; where it is another organisation's, ask the team.

    Raises Conflict when the applicant's organisation has another SIRET.
    """
    organisation = unit_of_work.get(Organisation, application.organisation_id, lock=True)
    holder = queries.organisation_by_siret(unit_of_work.session, siret)
    if organisation.siret is None and holder is not None:
        return claim(application, holder, unit_of_work)
    add_siret(organisation, siret, unit_of_work)
    return None


def apply_for(holder: Organisation, application_id: UUID, unit_of_work: UnitOfWork) -> None:
    """The applicant is of that organisation: the application is its own, and who applied acts for it.

    Raises Conflict when it has applied for the same cohort itself, or when what was registered with the
    application takes part already.
    """
    session = unit_of_work.session
    application, _cohort = locked(application_id, unit_of_work)
    own = unit_of_work.get(Organisation, application.organisation_id, lock=True)
    if queries.application_of(session, application.cohort_id, holder.id):
        raise Conflict(
            "%(name)s has applied for this cohort already: decline or withdraw one of the two applications.",
            name=holder.name,
        )
    if organisation_traces.takes_part(session, own.id):
        raise Conflict(
            "%(name)s has suppliers or an adviser already: the two cannot be put together any more.",
            name=own.name,
        )
    application.organisation_id = holder.id
    session.flush()
    person = unit_of_work.get(Person, application.contact_id)
    if person.grant(PersonGrant(Role.BUYER, application.programme, holder.id)):
        unit_of_work.record(person, "enrolment.person.updated", person_snapshot(person))
    if not organisation_traces.programmes_of(session, own.id):
        own.merged_into = holder.id
        move_people(own.id, holder.id, unit_of_work)
        tell_merge(own, holder, [], "merged", unit_of_work)
