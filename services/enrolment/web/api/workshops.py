"""Workshops and who is registered for them, for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request
from flask_smorest import Blueprint

from services.chassis.model import Forbidden, NotFound
from services.chassis.web.access import requires
from services.chassis.web.lists import lists, page_of, page_of_rows
from services.chassis.web.paging import list_query
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, runtime, unit_of_work
from services.enrolment.domain.workshop import Workshop, WorkshopDetails
from services.enrolment.domain.workshop_registration import Registration, RegistrationState
from services.enrolment.handlers import workshop_registrations
from services.enrolment.handlers import workshops as use_cases
from services.enrolment.storage import workshop_list, workshops
from services.enrolment.storage.meeting_order import COMING_FIRST
from services.enrolment.web.identities import check_may
from services.enrolment.web.meetings import (
    is_team_at,
    managed_workshop,
    visible_buyers_at,
    visible_workshop,
    visible_workshops,
    wholly_visible_workshop,
)
from services.enrolment.web.schemas.meetings import ParticipantSchema, ReasonSchema
from services.enrolment.web.schemas.meetings_api import (
    NewWorkshopInput,
    ParticipantOutput,
    RegistrationOutput,
    WorkshopInput,
    WorkshopOutput,
    WorkshopRowOutput,
)

workshops_api = Blueprint(
    "workshops_api", __name__, url_prefix="/workshops", description="Workshops and who comes to them."
)


@workshops_api.get("")
@requires("manager", "adviser", "buyer")
@lists(workshop_list.SORTABLE, "state", "cohort", "programme")
@workshops_api.response(200, page_of(WorkshopRowOutput))
def list_workshops() -> dict[str, Any]:
    """The workshops that one may see; those to come first, if no order is asked for."""
    query = list_query(workshop_list.SORTABLE, default=COMING_FIRST)
    with reading() as session:
        chosen = visible_workshops(signed_in_person(), session, request.args)
        rows, total = workshop_list.page(session, chosen, query, runtime().clock())
    return {"total": total, "items": rows}


@workshops_api.post("")
@requires("manager")
@workshops_api.arguments(NewWorkshopInput)
@workshops_api.response(201, WorkshopOutput)
def schedule_workshop(details: dict[str, Any]) -> Workshop:
    """Schedule a workshop; the buyers of the cohort are told."""
    programme, cohort = details.pop("programme"), details.pop("cohort")
    check_may(programme, "manager")
    command = use_cases.ScheduleWorkshop(
        programme=programme, cohort_label=cohort, details=WorkshopDetails(**details)
    )
    with unit_of_work() as work:
        return use_cases.schedule_workshop(command, work)


@workshops_api.get("/<uuid:workshop_id>")
@requires("manager", "adviser", "buyer")
@workshops_api.etag
@workshops_api.response(200, WorkshopOutput)
def get_workshop(workshop_id: UUID) -> Workshop:
    """One workshop."""
    with reading() as session:
        return visible_workshop(session, workshop_id)


@workshops_api.put("/<uuid:workshop_id>")
@requires("manager")
@workshops_api.etag
@workshops_api.arguments(WorkshopInput)
@workshops_api.response(200, WorkshopOutput)
def change_workshop(details: dict[str, Any], workshop_id: UUID) -> Workshop:
    """Change a workshop; whoever is registered is told when time or place is another."""
    with reading() as session:
        managed_workshop(session, workshop_id)
    with unit_of_work() as work:
        workshops_api.check_etag(work.get(Workshop, workshop_id, lock=True), WorkshopOutput)
        return use_cases.change_workshop(workshop_id, WorkshopDetails(**details), work)


@workshops_api.post("/<uuid:workshop_id>/cancel")
@requires("manager")
@workshops_api.arguments(ReasonSchema)
@workshops_api.response(200, WorkshopOutput)
def cancel_workshop(details: dict[str, Any], workshop_id: UUID) -> Workshop:
    """Cancel a workshop, with a reason that everybody registered reads."""
    with reading() as session:
        managed_workshop(session, workshop_id)
    with unit_of_work() as work:
        return use_cases.cancel_workshop(workshop_id, details["reason"], work)


@workshops_api.post("/<uuid:workshop_id>/close")
@requires("manager", "adviser")
@workshops_api.response(200, WorkshopOutput)
def close_workshop(workshop_id: UUID) -> Workshop:
    """Close a workshop that has taken place: its attendance is frozen, its sheet kept."""
    with reading() as session:
        wholly_visible_workshop(session, workshop_id)
    with unit_of_work() as work:
        return use_cases.hold_workshop(workshop_id, signed_in_person().person_id, work)


@workshops_api.get("/<uuid:workshop_id>/registrations")
@requires("manager", "adviser", "buyer")
@lists()
@workshops_api.response(200, page_of(ParticipantOutput))
def list_registrations(workshop_id: UUID) -> dict[str, Any]:
    """Who has a place or waits for one; a buyer and an adviser read the people of theirs."""
    person = signed_in_person()
    with reading() as session:
        found = visible_workshop(session, workshop_id)
        people = workshops.participants(
            session,
            workshop_id,
            RegistrationState.REGISTERED,
            RegistrationState.WAITING,
            organisation_ids=visible_buyers_at(person, session, found),
        )
    return page_of_rows(people)


@workshops_api.post("/<uuid:workshop_id>/registrations")
@requires("manager", "adviser", "buyer")
@workshops_api.arguments(ParticipantSchema)
@workshops_api.response(201, RegistrationOutput)
def register(details: dict[str, Any], workshop_id: UUID) -> Registration:
    """Give somebody of a buyer a place, or one on the waiting list."""
    person = signed_in_person()
    with reading() as session:
        found = visible_workshop(session, workshop_id)
        mine = visible_buyers_at(person, session, found)
        by_team = is_team_at(person, session, found)
    if mine is not None and details["organisation_id"] not in mine:
        raise Forbidden("You can register the people of your own organisation only.")
    command = workshop_registrations.Register(workshop_id=workshop_id, by_team=by_team, **details)
    with unit_of_work() as work:
        return workshop_registrations.register(command, work)


@workshops_api.delete("/<uuid:workshop_id>/registrations/<uuid:registration_id>")
@requires("manager", "adviser", "buyer")
@workshops_api.response(204)
def unregister(workshop_id: UUID, registration_id: UUID) -> None:
    """Give a place back; the first who waits gets it."""
    person = signed_in_person()
    with reading() as session:
        found = visible_workshop(session, workshop_id)
        registration = session.get(Registration, registration_id)
        mine = visible_buyers_at(person, session, found)
        by_team = is_team_at(person, session, found)
    if registration is None or registration.workshop_id != workshop_id:
        raise NotFound("This does not exist, or no longer.")
    if mine is not None and registration.organisation_id not in mine:
        raise Forbidden("You can give back the places of your own organisation only.")
    with unit_of_work() as work:
        workshop_registrations.unregister(registration_id, work, by_team=by_team)
