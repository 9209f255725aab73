"""A supplier comes by itself from the programme's public page; the team answers requests to join."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from services.chassis.model import Conflict, DomainError, Gone, NotFound
from services.chassis.web.access import public, requires
from services.chassis.web.forms import Form, blank_form, load_form
from services.chassis.web.i18n import current_locale, error_message
from services.chassis.web.i18n import gettext as _
from services.chassis.web.session import issue_session, signed_in_person
from services.chassis.web.work import reading, runtime, unit_of_work
from services.enrolment.domain.self_registration import JoinRequest
from services.enrolment.domain.user_session import SignInWay
from services.enrolment.handlers import self_registration
from services.enrolment.handlers.self_registration import TakingPart
from services.enrolment.storage import queries, self_registrations
from services.enrolment.web.company_look_up import asks_to_look_up, fill_in, has_register
from services.enrolment.web.join_requests import open_requests, visible_request
from services.enrolment.web.schemas.self_registration import JoinDecisionSchema, RegistrationSchema
from services.enrolment.web.signing_in import start_session

pages = Blueprint("self_registration", __name__)


@pages.get("/programmes/<slug>/register")
@public
def register_form(slug: str) -> str:
    return _form_page(slug, blank_form(RegistrationSchema()))


@pages.post("/programmes/<slug>/register")
@public
def register(slug: str) -> Response | str | tuple[str, int]:
    """Send a link that confirms the address. The answer is the same whatever is known of it."""
    form = load_form(RegistrationSchema())
    if asks_to_look_up():
        return _form_page(slug, form, fill_in(form))
    if not form.is_valid:
        return _form_page(slug, form), 422
    details = {name: value for name, value in form.data.items() if name != "agrees"}
    command = self_registration.RegisterSupplier(programme=slug, locale=current_locale(), **details)
    with unit_of_work() as work:
        self_registration.request_registration(command, runtime().settings.public_url, work)
    return redirect(url_for("self_registration.sent", slug=slug), 303)


@pages.get("/programmes/<slug>/register/sent")
@public
def sent(slug: str) -> str:
    with reading() as session:
        return render_template("register_sent.html", programme=queries.programme_by_slug(session, slug))


@pages.get("/register/<token>")
@public
def confirm_form(token: str) -> str | tuple[str, int]:
    """Ask for one more click: programs that look at mails open links, and must not use them up."""
    try:
        with reading() as session:
            registration = self_registrations.registration_by_token(session, token)
            registration.check_valid(runtime().clock())
            programme = queries.programme_by_slug(session, registration.programme)
    except (NotFound, Gone) as error:
        return _refused_page(error)
    return render_template("register_confirm.html", registration=registration, programme=programme)


@pages.post("/register/<token>")
@public
def confirm(token: str) -> Response | str | tuple[str, int]:
    try:
        with unit_of_work() as work:
            result = self_registration.confirm_registration(token, work)
            if isinstance(result, TakingPart):
                identity = start_session(
                    result.person, SignInWay.INVITATION, work, acting_for=result.organisation_id
                )
    except (NotFound, Gone, Conflict) as error:
        return _refused_page(error)
    if isinstance(result, JoinRequest):
        with reading() as session:
            programme = queries.programme_by_slug(session, result.programme)
            return render_template("join_asked.html", programme=programme)
    response = redirect("/assessment/", 303)
    issue_session(response, identity)
    return response


@pages.get("/suppliers/join-requests")
@requires("manager")
def join_requests() -> str:
    with reading() as session:
        requests = open_requests(session, signed_in_person().programmes("manager"))
        return render_template("join_requests.html", requests=requests)


@pages.post("/suppliers/join-requests/<uuid:request_id>")
@requires("manager")
def answer(request_id: UUID) -> Response | tuple[str, int]:
    form = load_form(JoinDecisionSchema())
    try:
        with unit_of_work() as work:
            found = visible_request(work.session, signed_in_person(), request_id)
            if form.is_valid:
                by = signed_in_person().person_id
                self_registration.decide_join(
                    request_id, form.data["granted"], by, work, reason=form.data["reason"]
                )
                flash(_("Done: %(name)s is told by e-mail.", name=found.name), "success")
    except Conflict as error:
        flash(error_message(error), "danger")
    return redirect(url_for("self_registration.join_requests"), 303)


def _form_page(slug: str, form: Form, note: str = "") -> str:
    with reading() as session:
        programme = queries.programme_by_slug(session, slug)
    return render_template(
        "register.html", programme=programme, form=form, note=note, register=has_register()
    )


def _refused_page(error: DomainError) -> tuple[str, int]:
    status = 404 if isinstance(error, NotFound) else 410 if isinstance(error, Gone) else 409
    return render_template("register_refused.html", refused=error_message(error)), status
