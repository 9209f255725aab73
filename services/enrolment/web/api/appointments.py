"""Appointments, the times of advisers, and who follows whom, for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request
from flask_smorest import Blueprint

from services.chassis.model import Forbidden
from services.chassis.web.access import requires
from services.chassis.web.lists import lists, page_of, page_of_rows
from services.chassis.web.paging import list_query
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, runtime, unit_of_work
from services.enrolment.domain.appointment import Appointment, Slot
from services.enrolment.handlers import appointments as use_cases
from services.enrolment.handlers.assignments import assign_adviser
from services.enrolment.storage import appointment_list, appointments, queries
from services.enrolment.storage.appointments import FollowedBuyer
from services.enrolment.storage.meeting_order import COMING_FIRST
from services.enrolment.web.identities import check_may
from services.enrolment.web.meetings import (
    advised_appointment,
    advisers_of_buyer,
    own_appointment,
    visible_appointment,
    visible_appointments,
)
from services.enrolment.web.schemas.meetings import (
    AssignmentSchema,
    BookingSchema,
    MoveSchema,
    NoteSchema,
    ReasonSchema,
    ReportSchema,
)
from services.enrolment.web.schemas.meetings_api import (
    AppointmentOutput,
    AppointmentRowOutput,
    FollowedBuyerOutput,
    SlotInput,
    SlotOutput,
)

appointments_api = Blueprint(
    "appointments_api", __name__, url_prefix="/appointments", description="Appointments with advisers."
)
advisers_api = Blueprint(
    "advisers_api",
    __name__,
    url_prefix="/programmes/<slug>/advisers",
    description="Which adviser follows which buyer.",
)


@appointments_api.get("")
@requires("manager", "adviser", "buyer")
@lists(appointment_list.SORTABLE, "state")
@appointments_api.response(200, page_of(AppointmentRowOutput))
def list_appointments() -> dict[str, Any]:
    """The appointments that one may see."""
    query = list_query(appointment_list.SORTABLE, default=COMING_FIRST)
    with reading() as session:
        chosen = visible_appointments(signed_in_person(), request.args)
        rows, total = appointment_list.page(session, chosen, query, runtime().clock())
    return {"total": total, "items": rows}


@appointments_api.post("")
@requires("buyer")
@appointments_api.arguments(BookingSchema)
@appointments_api.response(201, AppointmentOutput)
def book(details: dict[str, Any]) -> Appointment:
    """Book a time of the adviser who follows one's organisation."""
    person = signed_in_person()
    if details["organisation_id"] not in person.organisations("buyer"):
        raise Forbidden("You can make appointments for your own organisation only.")
    with unit_of_work() as work:
        return use_cases.book(use_cases.Book(person_id=person.person_id, **details), work)


@appointments_api.get("/slots")
@requires("adviser", "buyer")
@lists()
@appointments_api.response(200, page_of(SlotOutput))
def list_slots() -> dict[str, Any]:
    """The times that can be booked: an adviser's own, and those of the advisers who follow a buyer."""
    person = signed_in_person()
    with reading() as session:
        wanted = [(slug, person.person_id) for slug in person.programmes("adviser")]
        wanted += [(slug, adviser) for slug, _organisation, adviser in advisers_of_buyer(person, session)]
        return page_of_rows(
            [
                slot
                for slug, adviser in dict.fromkeys(wanted)
                for slot in appointments.free_slots(session, slug, adviser, runtime().clock())
            ]
        )


@appointments_api.post("/slots")
@requires("adviser")
@appointments_api.arguments(SlotInput)
@appointments_api.response(201, SlotOutput(many=True))
def publish_slots(details: dict[str, Any]) -> list[Slot]:
    """Publish a time at which one can be booked, in as many weeks at the same hour of Paris."""
    check_may(details["programme"], "adviser")
    command = use_cases.PublishSlots(adviser_id=signed_in_person().person_id, **details)
    with unit_of_work() as work:
        return use_cases.publish_slots(command, work)


@appointments_api.delete("/slots/<uuid:slot_id>")
@requires("adviser")
@appointments_api.response(204)
def withdraw_slot(slot_id: UUID) -> None:
    """Take back a time that nobody has booked."""
    with unit_of_work() as work:
        use_cases.withdraw_slot(slot_id, signed_in_person().person_id, work)


@appointments_api.get("/<uuid:appointment_id>")
@requires("manager", "adviser", "buyer")
@appointments_api.etag
@appointments_api.response(200, AppointmentOutput)
def get_appointment(appointment_id: UUID) -> Appointment:
    """One appointment, with its report; what the adviser notes for themselves is not in it."""
    with reading() as session:
        return visible_appointment(session, appointment_id)


@appointments_api.post("/<uuid:appointment_id>/move")
@requires("adviser", "buyer")
@appointments_api.arguments(MoveSchema)
@appointments_api.response(200, AppointmentOutput)
def move(details: dict[str, Any], appointment_id: UUID) -> Appointment:
    """Move an appointment to another time of the same adviser."""
    with reading() as session:
        own_appointment(session, appointment_id)
    with unit_of_work() as work:
        return use_cases.move(appointment_id, details["slot_id"], work)


@appointments_api.post("/<uuid:appointment_id>/cancel")
@requires("adviser", "buyer")
@appointments_api.arguments(ReasonSchema)
@appointments_api.response(200, AppointmentOutput)
def cancel(details: dict[str, Any], appointment_id: UUID) -> Appointment:
    """Cancel an appointment, with a reason that the other one reads."""
    with reading() as session:
        own_appointment(session, appointment_id)
    with unit_of_work() as work:
        return use_cases.cancel(appointment_id, details["reason"], work)


@appointments_api.post("/<uuid:appointment_id>/hold")
@requires("adviser")
@appointments_api.response(200, AppointmentOutput)
def hold(appointment_id: UUID) -> Appointment:
    """Note that an appointment has taken place."""
    with reading() as session:
        advised_appointment(session, appointment_id)
    with unit_of_work() as work:
        return use_cases.hold(appointment_id, work)


@appointments_api.put("/<uuid:appointment_id>/report")
@requires("adviser")
@appointments_api.etag
@appointments_api.arguments(ReportSchema)
@appointments_api.response(200, AppointmentOutput)
def write_report(details: dict[str, Any], appointment_id: UUID) -> Appointment:
    """Write what both keep of an appointment. The tag is the appointment's."""
    with reading() as session:
        advised_appointment(session, appointment_id)
    with unit_of_work() as work:
        appointments_api.check_etag(work.get(Appointment, appointment_id, lock=True), AppointmentOutput)
        return use_cases.write_report(appointment_id, details["report"], work)


@appointments_api.get("/<uuid:appointment_id>/note")
@requires("adviser")
@appointments_api.etag
@appointments_api.response(200, NoteSchema)
def get_note(appointment_id: UUID) -> dict[str, str]:
    """What one has noted for oneself."""
    with reading() as session:
        advised_appointment(session, appointment_id)
        return {"note": appointments.note_of(session, appointment_id, signed_in_person().person_id)}


@appointments_api.put("/<uuid:appointment_id>/note")
@requires("adviser")
@appointments_api.etag
@appointments_api.arguments(NoteSchema)
@appointments_api.response(200, NoteSchema)
def write_note(details: dict[str, Any], appointment_id: UUID) -> dict[str, str]:
    """Note something for oneself; nobody else ever sees it."""
    with reading() as session:
        advised_appointment(session, appointment_id)
    person_id = signed_in_person().person_id
    with unit_of_work() as work:
        work.get(Appointment, appointment_id, lock=True)
        known = appointments.note_of(work.session, appointment_id, person_id)
        appointments_api.check_etag({"note": known}, NoteSchema)
        use_cases.write_note(appointment_id, person_id, details["note"], work)
        return {"note": details["note"]}


@advisers_api.get("")
@requires("manager")
@lists()
@advisers_api.response(200, page_of(FollowedBuyerOutput))
def list_advisers(slug: str) -> dict[str, Any]:
    """The buyers of a programme, and who follows each."""
    check_may(slug, "manager")
    with reading() as session:
        queries.programme_by_slug(session, slug)
        return page_of_rows(appointments.buyers_and_advisers(session, slug))


@advisers_api.put("")
@requires("manager")
@advisers_api.arguments(AssignmentSchema)
@advisers_api.response(200, FollowedBuyerOutput(many=True))
def assign(details: dict[str, Any], slug: str) -> list[FollowedBuyer]:
    """Let an adviser follow a buyer, or nobody."""
    check_may(slug, "manager")
    person = signed_in_person()
    with unit_of_work() as work:
        assign_adviser(slug, details["organisation_id"], details["adviser_id"], person.person_id, work)
        work.session.flush()
        return appointments.buyers_and_advisers(work.session, slug)
