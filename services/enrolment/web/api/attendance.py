"""Who came to a workshop: the list, the code on the room's screen, and the sheet, for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, url_for
from flask_smorest import Blueprint

from services.chassis.web.access import requires
from services.chassis.web.api_files import FILE_DOCUMENTATION
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, runtime, unit_of_work
from services.enrolment.domain.check_in import current_code
from services.enrolment.domain.workshop_registration import Registration
from services.enrolment.handlers import workshop_registrations
from services.enrolment.storage import workshops
from services.enrolment.web.attendance_sheets import sheet_response
from services.enrolment.web.meetings import team_workshop, visible_buyers_at
from services.enrolment.web.schemas.meetings_api import (
    AttendanceInput,
    AttendanceOutput,
    CheckInInput,
    CodeOutput,
    RegistrationOutput,
)

attendance_api = Blueprint(
    "attendance_api",
    __name__,
    url_prefix="/workshops/<uuid:workshop_id>",
    description="Who came to a workshop.",
)


@attendance_api.put("/attendance")
@requires("manager", "adviser")
@attendance_api.arguments(AttendanceInput)
@attendance_api.response(200, AttendanceOutput)
def mark_attendance(details: dict[str, Any], workshop_id: UUID) -> dict[str, int]:
    """Say who of the people one may see is there: those whose registrations are given, and no others."""
    with reading() as session:
        among = visible_buyers_at(signed_in_person(), session, team_workshop(session, workshop_id))
    with unit_of_work() as work:
        present = workshop_registrations.mark_attendance(
            workshop_id, set(details["present"]), work, among=among
        )
    return {"present": present}


@attendance_api.get("/attendance/code")
@requires("manager", "adviser")
@attendance_api.response(200, CodeOutput)
def get_code(workshop_id: UUID) -> dict[str, Any]:
    """What the room's screen shows in these minutes, by which people say that they are there."""
    host = runtime()
    with reading() as session:
        found = team_workshop(session, workshop_id)
        code = current_code(host.settings.secret_key, found.id, host.clock())
        path = url_for("attendance.check_in_form", workshop_id=found.id, code=code)
        return {
            "code": code,
            "address": f"{host.settings.public_url}{path}",
            "registered": workshops.count_registered(session, found.id),
            "present": workshops.count_present(session, found.id),
        }


@attendance_api.post("/attendance/check-in")
@requires()
@attendance_api.arguments(CheckInInput)
@attendance_api.response(200, RegistrationOutput)
@attendance_api.alt_response(410, "GONE")
def check_in(details: dict[str, Any], workshop_id: UUID) -> Registration:
    """Say that one is there, with the code of the room's screen. 410 for an old one, 409 without a place."""
    person, secret = signed_in_person(), runtime().settings.secret_key
    with unit_of_work() as work:
        return workshop_registrations.check_in(workshop_id, details["code"], secret, person.person_id, work)


@attendance_api.get("/attendance/sheet")
@requires("manager", "adviser", "funder")
@attendance_api.doc(**FILE_DOCUMENTATION)
@attendance_api.alt_response(409, "CONFLICT")
def get_sheet(workshop_id: UUID) -> Response:
    """The sheet (PDF): the kept one of a workshop that was held, else the one to be signed, for the team."""
    return sheet_response(workshop_id)
