"""“My data”: a copy of them, and their erasure."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from services.chassis.model import DomainError, Gone
from services.chassis.web.access import public, requires
from services.chassis.web.forms import blank_form, load_form
from services.chassis.web.i18n import error_message
from services.chassis.web.i18n import gettext as _
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, runtime, unit_of_work
from services.enrolment.domain.person import Person
from services.enrolment.domain.personal_data import PersonErasure
from services.enrolment.handlers.personal_data import erasures, exports
from services.enrolment.handlers.personal_data.without_account import request_own_link
from services.enrolment.storage import personal_data
from services.enrolment.storage.roles import left_without
from services.enrolment.web.personal_copies import own_copy
from services.enrolment.web.privacy_requests import withdraw_latest
from services.enrolment.web.schemas.account import SignInSchema
from services.enrolment.web.sign_in_page import sent_link

pages = Blueprint("personal_data", __name__, url_prefix="/account/data")
own_link_pages = Blueprint("own_link", __name__, url_prefix="/your-data")


@pages.get("")
@requires()
def own_data() -> str:
    """What the person can ask, how far it is, and what would be kept."""
    person_id = signed_in_person().person_id
    with reading() as session:
        person = session.get(Person, person_id)
        export = personal_data.latest_export(session, person_id)
        erasure = personal_data.latest_erasure(session, person_id)
        return render_template(
            "own_data.html",
            export=export if export and export.is_open(runtime().clock()) else None,
            answers=personal_data.export_answers(session, export.id) if export else [],
            erasure=erasure,
            of=person,
            left_without=left_without(session, person) if person else [],
            is_asking=erasure is not None and erasure.is_open(runtime().clock()),
            kept=personal_data.kept_of(session, person) if person else [],
        )


@own_link_pages.get("")
@public
def ask_form() -> str:
    """For whoever was written to and has never signed in; who has an account comes the same way."""
    return render_template("your_data.html", form=blank_form(SignInSchema()))


@own_link_pages.post("")
@public
def ask_for_link() -> Response | tuple[str, int]:
    """Send a link to “My data”. The answer is the same whether anything is held under the address or not."""
    form = load_form(SignInSchema())
    if not form.is_valid:
        return render_template("your_data.html", form=form), 422
    with unit_of_work() as work:
        request_own_link(form.data["email"], runtime().settings.public_url, work)
    return sent_link(url_for("personal_data.own_data"))


@pages.post("/copy")
@requires()
def ask_for_copy() -> Response:
    person_id = signed_in_person().person_id
    with unit_of_work() as work:
        exports.request_export(person_id, person_id, work)
    flash(_("Your copy is being made. You get an e-mail as soon as it is complete."), "success")
    return redirect(url_for("personal_data.own_data"), 303)


@pages.get("/copy/<uuid:export_id>")
@requires()
def fetch_copy(export_id: UUID) -> Response:
    return own_copy(export_id)


@pages.post("/erasure")
@requires()
def ask_for_erasure() -> Response:
    person_id = signed_in_person().person_id
    try:
        with unit_of_work() as work:
            erasures.request_erasure(person_id, person_id, runtime().settings.public_url, work)
    except DomainError as error:
        flash(error_message(error), "danger")
    else:
        flash(_("Open the link that we have sent you: nothing is erased before."), "success")
    return redirect(url_for("personal_data.own_data"), 303)


@pages.post("/erasure/withdraw")
@requires()
def withdraw_erasure() -> Response:
    try:
        with unit_of_work() as work:
            withdraw_latest(signed_in_person(), work)
    except DomainError as error:
        flash(error_message(error), "danger")
    else:
        flash(_("Withdrawn: nothing is erased."), "success")
    return redirect(url_for("personal_data.own_data"), 303)


@pages.get("/erasure/<token>")
@public
def erasure_to_confirm(token: str) -> str | tuple[str, int]:
    """Ask for one more click, and say what will be kept. The link came by mail: no signing in is needed."""
    return _confirmation_page(token)


@pages.post("/erasure/<token>")
@public
def confirm_erasure(token: str) -> str | tuple[str, int]:
    try:
        with unit_of_work() as work:
            erasure = erasures.confirm_erasure(token, work)
    except Gone:
        return _confirmation_page(token)
    return render_template("erasure_confirmed.html", erasure=erasure)


def _confirmation_page(token: str) -> str | tuple[str, int]:
    with reading() as session:
        erasure: PersonErasure = personal_data.erasure_by_token(session, token)
        person = session.get_one(Person, erasure.person_id)
        try:
            erasure.check_valid(runtime().clock())
        except Gone as error:
            return render_template("erasure_to_confirm.html", refused=error_message(error)), 410
        return render_template(
            "erasure_to_confirm.html",
            refused=None,
            of=person,
            left_without=left_without(session, person),
            kept=personal_data.kept_of(session, person),
            token=token,
        )
