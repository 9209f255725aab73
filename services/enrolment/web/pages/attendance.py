"""Who comes to a workshop: registration, the list, the code on the room's screen, and the sheet."""

from __future__ import annotations

from uuid import UUID

import segno
from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from services.chassis.model import Conflict, DomainError, Forbidden, Gone
from services.chassis.web.access import requires
from services.chassis.web.forms import blank_form, load_form, unit_of_work_for
from services.chassis.web.i18n import current_locale
from services.chassis.web.i18n import gettext as _
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, runtime, unit_of_work
from services.enrolment.domain.check_in import current_code
from services.enrolment.domain.workshop import Workshop
from services.enrolment.domain.workshop_registration import Registration, RegistrationState
from services.enrolment.handlers import workshop_registrations
from services.enrolment.handlers import workshops as workshop_cases
from services.enrolment.storage import workshops
from services.enrolment.web.attendance_sheets import sheet_response
from services.enrolment.web.meetings import (
    is_team_at,
    organisations_in,
    team_workshop,
    visible_buyers_at,
    visible_workshop,
    wholly_visible_workshop,
)
from services.enrolment.web.pages.attendance_proofs import attendance_page
from services.enrolment.web.pages.workshops import workshop_page
from services.enrolment.web.schemas.meetings import ParticipantSchema, PresentSchema, ReasonSchema

pages = Blueprint("attendance", __name__, url_prefix="/workshops/<uuid:workshop_id>")


@pages.post("/join")
@requires("buyer")
def join(workshop_id: UUID) -> AnyResponse:
    """A buyer takes a place for themselves."""
    person = signed_in_person()
    with reading() as session:
        mine = organisations_in(person, session, visible_workshop(session, workshop_id))
    if not mine:
        raise Forbidden("Workshops are for the buyers of the cohort whose agreement is signed.")
    command = workshop_registrations.Register(
        workshop_id=workshop_id, organisation_id=mine[0], name=person.name, email=person.email
    )
    with unit_of_work() as work:
        registration = workshop_registrations.register(command, work)
    _tell(registration)
    return redirect(url_for("workshops.workshop", workshop_id=workshop_id), 303)


@pages.post("/register")
@requires("manager", "adviser", "buyer")
def register(workshop_id: UUID) -> AnyResponse | tuple[str, int]:
    """A buyer adds a colleague, the team adds anybody of the buyers that it accompanies."""
    person = signed_in_person()
    with reading() as session:
        found = visible_workshop(session, workshop_id)
        mine = visible_buyers_at(person, session, found)
        by_team = is_team_at(person, session, found)
    form = load_form(ParticipantSchema())
    if form.is_valid:
        if mine is not None and form.data["organisation_id"] not in mine:
            raise Forbidden("You can register the people of your own organisation only.")
        command = workshop_registrations.Register(
            workshop_id=workshop_id, locale=current_locale(), by_team=by_team, **form.data
        )
        with unit_of_work_for(form) as work:
            registration = workshop_registrations.register(command, work)
    if form.is_valid:
        _tell(registration, form.data["name"])
        return redirect(url_for("workshops.workshop", workshop_id=workshop_id), 303)
    return workshop_page(workshop_id, form, blank_form(ReasonSchema())), 422


@pages.post("/registrations/<uuid:registration_id>/withdraw")
@requires("manager", "adviser", "buyer")
def withdraw(workshop_id: UUID, registration_id: UUID) -> AnyResponse:
    """Give a place back: one's own, a colleague's, or, as the team, that of anybody one accompanies."""
    person = signed_in_person()
    with reading() as session:
        found = visible_workshop(session, workshop_id)
        registration = session.get(Registration, registration_id)
        mine = visible_buyers_at(person, session, found)
        by_team = is_team_at(person, session, found)
    if (
        registration is None
        or registration.workshop_id != workshop_id
        or not (mine is None or registration.organisation_id in mine)
    ):
        raise Forbidden("You can give back the places of your own organisation only.")
    with unit_of_work() as work:
        workshop_registrations.unregister(registration_id, work, by_team=by_team)
    flash(_("The place is given back."), "success")
    return redirect(url_for("workshops.workshop", workshop_id=workshop_id), 303)


@pages.get("/attendance")
@requires("manager", "adviser")
def attendance(workshop_id: UUID) -> str:
    return attendance_page(workshop_id)


@pages.post("/attendance")
@requires("manager", "adviser")
def mark(workshop_id: UUID) -> AnyResponse:
    """Note who is there; with the button that closes the workshop, what proves it."""
    form = load_form(PresentSchema())
    closing = request.form.get("then") == "close"
    with reading() as session:
        found = (wholly_visible_workshop if closing else team_workshop)(session, workshop_id)
        among = visible_buyers_at(signed_in_person(), session, found)
    with unit_of_work() as work:
        came = workshop_registrations.mark_attendance(
            workshop_id, set(form.data["present"]), work, among=among
        )
        if closing:
            workshop_cases.hold_workshop(workshop_id, signed_in_person().person_id, work)
    if closing:
        flash(_("The workshop is closed and its attendance sheet is kept."), "success")
    else:
        flash(_("Saved: %(count)s people are present.", count=came), "success")
    return redirect(url_for("attendance.attendance", workshop_id=workshop_id), 303)


@pages.get("/sheet.pdf")
@requires("manager", "adviser", "funder")
def sheet(workshop_id: UUID) -> Response:
    return sheet_response(workshop_id)


@pages.get("/screen")
@requires("manager", "adviser")
def screen(workshop_id: UUID) -> str:
    """What the room's screen shows: the code of these minutes. The page loads itself again."""
    host = runtime()
    with reading() as session:
        found = team_workshop(session, workshop_id)
        code = current_code(host.settings.secret_key, found.id, host.clock())
        path = url_for("attendance.check_in_form", workshop_id=found.id, code=code)
        address = f"{host.settings.public_url}{path}"
        return render_template(
            "check_in_screen.html",
            workshop=found,
            address=address,
            picture=Markup(segno.make(address, error="m").svg_inline(border=2, omitsize=True)),
            registered=workshops.count_registered(session, found.id),
            present=workshops.count_present(session, found.id),
        )


@pages.get("/check-in/<code>")
@requires()
def check_in_form(workshop_id: UUID, code: str) -> str:
    """Ask for one more click: who only opens the address has not said anything yet."""
    return _check_in_page(workshop_id)


@pages.post("/check-in/<code>")
@requires()
def check_in(workshop_id: UUID, code: str) -> str | tuple[str, int]:
    person, secret = signed_in_person(), runtime().settings.secret_key
    try:
        with unit_of_work() as work:
            workshop_registrations.check_in(workshop_id, code, secret, person.person_id, work)
    except (Gone, Conflict) as error:
        return _check_in_page(workshop_id, error), 410 if isinstance(error, Gone) else 409
    return _check_in_page(workshop_id)


def _check_in_page(workshop_id: UUID, refusal: DomainError | None = None) -> str:
    person = signed_in_person()
    with reading() as session:
        found = session.get(Workshop, workshop_id)
        own = workshops.registration_of(session, workshop_id, person.person_id)
        is_known = own is not None or (
            found is not None
            and (is_team_at(person, session, found) or bool(organisations_in(person, session, found)))
        )
        if found is None or not (is_known or refusal):
            raise Forbidden("You are not registered for this workshop. Ask the team to add you to the list.")
        return render_template("check_in.html", workshop=found, own=own, refusal=refusal)


def _tell(registration: Registration, name: str | None = None) -> None:
    if registration.state is RegistrationState.WAITING:
        flash(_("The workshop is full: the place on the waiting list is noted."), "info")
    elif name:
        flash(_("%(name)s has a place; the invitation is on its way.", name=name), "success")
    else:
        flash(_("You have a place; the invitation for your calendar is on its way."), "success")
