"""The attendance of a workshop, its walk-ins and corrections, and the sheet signed on paper."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from services.chassis.model import Conflict
from services.chassis.web.access import requires
from services.chassis.web.forms import Form, blank_form, load_form, unit_of_work_for
from services.chassis.web.i18n import gettext as _
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, runtime
from services.enrolment.attendance_rules import correctable_until
from services.enrolment.domain.programme import Cohort
from services.enrolment.domain.workshop import Workshop, WorkshopState
from services.enrolment.domain.workshop_registration import RegistrationState
from services.enrolment.handlers import attendance
from services.enrolment.storage import attendance_proofs, workshops
from services.enrolment.web.accompanying import accompanies_all_at
from services.enrolment.web.attendance_sheets import signed_sheet_response
from services.enrolment.web.meetings import (
    check_may_add,
    team_workshop,
    visible_buyers_at,
    wholly_visible_workshop,
)
from services.enrolment.web.schemas.meetings import CorrectionSchema, WalkInSchema

pages = Blueprint("attendance_proofs", __name__, url_prefix="/workshops/<uuid:workshop_id>/attendance")


@pages.post("/walk-ins")
@requires("manager", "adviser")
def add_walk_in(workshop_id: UUID) -> AnyResponse | tuple[str, int]:
    """Put somebody who came unannounced on the list, as present."""
    form = load_form(WalkInSchema())
    if form.is_valid:
        with reading() as session:
            check_may_add(session, workshop_id, form.data["organisation_id"])
        with unit_of_work_for(form) as work:
            attendance.add_walk_in(workshop_id, attendance.WalkIn(**form.data), work)
    if form.is_valid:
        flash(_("%(name)s is on the list, as present.", name=form.data["name"]), "success")
        return _to_attendance(workshop_id)
    return attendance_page(workshop_id, form), 422


@pages.get("/correction")
@requires("manager", "adviser")
def correction(workshop_id: UUID) -> str:
    return _correction_page(workshop_id, blank_form(CorrectionSchema()))


@pages.post("/correction")
@requires("manager", "adviser")
def correct(workshop_id: UUID) -> AnyResponse | tuple[str, int]:
    """Say who came in truth, and why it was noted otherwise."""
    with reading() as session:
        wholly_visible_workshop(session, workshop_id)
    form = load_form(CorrectionSchema())
    if form.is_valid:
        name, organisation_id = form.data["name"], form.data["organisation_id"]
        if name and organisation_id is None:
            form.errors["organisation_id"] = [_("Say for which organisation this person came.")]
    if form.is_valid:
        command = attendance.CorrectAttendance(
            workshop_id=workshop_id,
            present=set(form.data["present"]),
            reason=form.data["reason"],
            by=signed_in_person().person_id,
            added=attendance.WalkIn(organisation_id, name, form.data["email"]) if name else None,
        )
        with unit_of_work_for(form) as work:
            attendance.correct_attendance(command, work)
    if form.is_valid:
        flash(_("The attendance is corrected; the new sheet is the proof from now on."), "success")
        return _to_attendance(workshop_id)
    return _correction_page(workshop_id, form), 422


@pages.post("/signed-sheets")
@requires("manager", "adviser")
def add_signed_sheet(workshop_id: UUID) -> AnyResponse | tuple[str, int]:
    """Keep a page of the sheet that people signed on paper."""
    with reading() as session:
        wholly_visible_workshop(session, workshop_id)
    form, by = Form({"file": ""}), signed_in_person().person_id
    # A form without a file has one of no name and no content, which is refused as empty.
    with unit_of_work_for(form) as work:
        for upload in request.files.getlist("file"):
            attendance.add_signed_sheet(workshop_id, upload.filename or "", upload.read(), by, work)
    if form.is_valid:
        flash(_("The signed sheet is kept with the workshop."), "success")
        return _to_attendance(workshop_id)
    return attendance_page(workshop_id, sheet_errors=form.errors), 422


@pages.get("/signed-sheets/<uuid:sheet_id>")
@requires("manager", "adviser", "funder")
def download_signed_sheet(workshop_id: UUID, sheet_id: UUID) -> Response:
    return signed_sheet_response(workshop_id, sheet_id)


def attendance_page(
    workshop_id: UUID, walk_in: Form | None = None, sheet_errors: Mapping[str, list[str]] | None = None
) -> str:
    """Who is there, as the team sees and says it."""
    person, now = signed_in_person(), runtime().clock()
    with reading() as session:
        found = team_workshop(session, workshop_id)
        is_closed = found.state is WorkshopState.HELD
        return render_template(
            "attendance.html",
            workshop=found,
            cohort=session.get_one(Cohort, found.cohort_id),
            people=workshops.participants(
                session,
                found.id,
                RegistrationState.REGISTERED,
                organisation_ids=visible_buyers_at(person, session, found),
            ),
            sees_everybody=accompanies_all_at(person, session, found),
            has_begun=now >= found.starts_at,
            has_ended=found.has_ended(now),
            sheet=attendance_proofs.attendance_sheet(session, found.id) if is_closed else None,
            correctable_until=_until(session, found) if is_closed else None,
            now=now,
            corrections=attendance_proofs.corrections_of(session, found.id),
            signed_sheets=attendance_proofs.signed_sheets_of(session, found.id),
            organisation_options=_organisation_options(session, found),
            walk_in=walk_in or blank_form(WalkInSchema()),
            sheet_errors=sheet_errors or {},
        )


def _correction_page(workshop_id: UUID, form: Form) -> str:
    with reading() as session:
        found = wholly_visible_workshop(session, workshop_id)
        if found.state is not WorkshopState.HELD:
            raise Conflict("Only the attendance of a workshop that is closed needs a correction.")
        people = workshops.participants(session, found.id, RegistrationState.REGISTERED)
        was_sent = request.method == "POST"
        noted = [each.registration.id for each in people if each.registration.present_at]
        return render_template(
            "attendance_correction.html",
            workshop=found,
            people=people,
            present=form.values["present"] if was_sent else noted,
            until=_until(session, found),
            organisation_options=_organisation_options(session, found),
            form=form,
        )


def _until(session: Session, workshop: Workshop) -> datetime:
    return correctable_until(attendance_proofs.closed_at(session, workshop.id))


def _organisation_options(session: Session, workshop: Workshop) -> list[tuple[UUID, str]]:
    mine = visible_buyers_at(signed_in_person(), session, workshop)
    return [
        (organisation.id, organisation.name)
        for organisation in workshops.buyers_taking_part(session, workshop.cohort_id)
        if mine is None or organisation.id in mine
    ]


def _to_attendance(workshop_id: UUID) -> AnyResponse:
    return redirect(url_for("attendance.attendance", workshop_id=workshop_id), 303)
