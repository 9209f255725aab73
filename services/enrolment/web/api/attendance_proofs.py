"""What is said of a workshop's attendance afterwards, and what proves it, for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from services.chassis.web.access import requires
from services.chassis.web.api_files import FILE_DOCUMENTATION, UploadsBlueprint
from services.chassis.web.lists import lists, page_of, page_of_rows
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, unit_of_work
from services.enrolment.domain.workshop import Workshop
from services.enrolment.domain.workshop_registration import Registration
from services.enrolment.handlers import attendance
from services.enrolment.storage import attendance_proofs
from services.enrolment.web.attendance_sheets import signed_sheet_response, workshop_to_prove
from services.enrolment.web.meetings import check_may_add, wholly_visible_workshop
from services.enrolment.web.schemas.meetings_api import (
    CorrectionInput,
    CorrectionOutput,
    RegistrationOutput,
    SignedSheetInput,
    SignedSheetOutput,
    WalkInInput,
    WorkshopOutput,
)

attendance_proofs_api = UploadsBlueprint(
    "attendance_proofs_api",
    __name__,
    url_prefix="/workshops/<uuid:workshop_id>/attendance",
    description="What is said of a workshop's attendance afterwards, and what proves it.",
)


@attendance_proofs_api.post("/walk-ins")
@requires("manager", "adviser")
@attendance_proofs_api.arguments(WalkInInput)
@attendance_proofs_api.response(201, RegistrationOutput)
def add_walk_in(details: dict[str, Any], workshop_id: UUID) -> Registration:
    """Put somebody who came unannounced on the list, as present."""
    with reading() as session:
        check_may_add(session, workshop_id, details["organisation_id"])
    with unit_of_work() as work:
        return attendance.add_walk_in(workshop_id, attendance.WalkIn(**details), work)


@attendance_proofs_api.get("/corrections")
@requires("manager", "adviser", "funder")
@lists()
@attendance_proofs_api.response(200, page_of(CorrectionOutput))
def list_corrections(workshop_id: UUID) -> dict[str, Any]:
    """What was corrected once the workshop was closed, by whom and why."""
    with reading() as session:
        found, _for_funder = workshop_to_prove(session, workshop_id)
        return page_of_rows(attendance_proofs.corrections_of(session, found.id))


@attendance_proofs_api.post("/corrections")
@requires("manager", "adviser")
@attendance_proofs_api.arguments(CorrectionInput)
@attendance_proofs_api.response(201, WorkshopOutput)
def correct_attendance(details: dict[str, Any], workshop_id: UUID) -> Workshop:
    """Say of a closed workshop who came in truth; a new sheet is the proof from then on."""
    with reading() as session:
        wholly_visible_workshop(session, workshop_id)
    added = details["added"] and attendance.WalkIn(**details["added"])
    command = attendance.CorrectAttendance(
        workshop_id=workshop_id,
        present=set(details["present"]),
        reason=details["reason"],
        by=signed_in_person().person_id,
        added=added,
    )
    with unit_of_work() as work:
        return attendance.correct_attendance(command, work)


@attendance_proofs_api.get("/signed-sheets")
@requires("manager", "adviser", "funder")
@lists()
@attendance_proofs_api.response(200, page_of(SignedSheetOutput))
def list_signed_sheets(workshop_id: UUID) -> dict[str, Any]:
    """The pages of the sheet signed on paper."""
    with reading() as session:
        found, _for_funder = workshop_to_prove(session, workshop_id)
        return page_of_rows(attendance_proofs.signed_sheets_of(session, found.id))


@attendance_proofs_api.post("/signed-sheets")
@requires("manager", "adviser")
@attendance_proofs_api.uploads(SignedSheetInput)
@attendance_proofs_api.response(201, SignedSheetOutput)
def add_signed_sheet(given: dict[str, Any], workshop_id: UUID) -> attendance_proofs.SignedSheet:
    """Keep a page of the sheet that people signed on paper. It cannot be taken away again."""
    with reading() as session:
        wholly_visible_workshop(session, workshop_id)
    name, content, by = given["file"].filename or "", given["file"].read(), signed_in_person().person_id
    with unit_of_work() as work:
        sheet_id = attendance.add_signed_sheet(workshop_id, name, content, by, work)
        return attendance_proofs.signed_sheet_content(work.session, workshop_id, sheet_id)[0]


@attendance_proofs_api.get("/signed-sheets/<uuid:sheet_id>")
@requires("manager", "adviser", "funder")
@attendance_proofs_api.doc(**FILE_DOCUMENTATION)
def get_signed_sheet(workshop_id: UUID, sheet_id: UUID) -> Response:
    """A page of it, byte for byte."""
    return signed_sheet_response(workshop_id, sheet_id)
