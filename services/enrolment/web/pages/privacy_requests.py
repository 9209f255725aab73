"""People's requests about their data, for the team: asked for them, decided, followed."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from services.chassis.model import DomainError, NotFound
from services.chassis.web.access import requires
from services.chassis.web.forms import Form, blank_form, load_form, unit_of_work_for
from services.chassis.web.i18n import gettext as _
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, runtime, unit_of_work
from services.enrolment.domain.person import Person
from services.enrolment.handlers.personal_data import erasures
from services.enrolment.storage import personal_data
from services.enrolment.storage.roles import left_without
from services.enrolment.web.privacy_requests import ask_on_behalf, programmes_shown, visible_request
from services.enrolment.web.schemas.personal_data import AskForSchema, DecisionSchema

pages = Blueprint("privacy_requests", __name__, url_prefix="/privacy/requests")
_SHOWN = 50


@pages.get("")
@requires("manager", "operator")
def request_index() -> str:
    return _page(blank_form(AskForSchema()))


@pages.post("")
@requires("manager", "operator")
def ask_for() -> Response | tuple[str, int]:
    """Ask for somebody who cannot do it: the copy or the confirmation goes to their own address."""
    form = load_form(AskForSchema())
    by = signed_in_person()
    if form.is_valid:
        with unit_of_work_for(form) as work:
            ask_on_behalf(form.data["email"], form.data["what"], by, work)
    if form.is_valid:
        flash(_("Done: the person gets an e-mail."), "success")
        return redirect(url_for("privacy_requests.request_index"), 303)
    return _page(form), 422


@pages.get("/<uuid:erasure_id>")
@requires("manager", "operator")
def request_page(erasure_id: UUID) -> str:
    return _request_page(erasure_id, blank_form(DecisionSchema()))


@pages.post("/<uuid:erasure_id>")
@requires("manager", "operator")
def decide(erasure_id: UUID) -> Response | tuple[str, int]:
    form = load_form(DecisionSchema())
    by = signed_in_person()
    if form.is_valid:
        try:
            with unit_of_work() as work:
                visible_request(work.session, erasure_id, by)
                if form.data["decision"] == "erase":
                    erasures.grant_erasure(erasure_id, by.person_id, work)
                else:
                    erasures.decline_erasure(erasure_id, form.data["reason"], by.person_id, work)
        except NotFound:
            raise
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("Decided."), "success")
            return redirect(url_for("privacy_requests.request_page", erasure_id=erasure_id), 303)
    return _request_page(erasure_id, form), 422


def _page(form: Form) -> str:
    with reading() as session:
        found = personal_data.requests_to_show(session, programmes_shown(signed_in_person()), _SHOWN)
        return render_template("privacy_requests.html", form=form, requests=found, now=runtime().clock())


def _request_page(erasure_id: UUID, form: Form) -> str:
    with reading() as session:
        erasure = visible_request(session, erasure_id, signed_in_person())
        person = session.get_one(Person, erasure.person_id)
        return render_template(
            "privacy_request.html",
            form=form,
            erasure=erasure,
            of=person,
            left_without=left_without(session, person),
            kept=personal_data.kept_of(session, person),
            answers=personal_data.erasure_answers(session, erasure.id),
            now=runtime().clock(),
            runs_it="operator" in signed_in_person().roles,
        )
