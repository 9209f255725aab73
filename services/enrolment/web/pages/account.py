"""Signing in by a link that comes by e-mail, signing out, and accepting an invitation."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from services.chassis.model import Conflict, DomainError, Gone, NotFound
from services.chassis.web.access import public, requires
from services.chassis.web.addresses import local_path, sign_in_address
from services.chassis.web.forms import Form, blank_form, load_form
from services.chassis.web.i18n import error_message
from services.chassis.web.session import clear_session, current_person, issue_session, signed_in_person
from services.chassis.web.work import reading, runtime, unit_of_work
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.supplier import Invitation, SupplierEnrolment, SupplierState
from services.enrolment.domain.user_session import SignInWay
from services.enrolment.handlers import people, supplier_changes, suppliers, user_sessions
from services.enrolment.storage import queries
from services.enrolment.web.openid import current_provider
from services.enrolment.web.schemas.account import AcceptInvitationSchema, SignInSchema
from services.enrolment.web.sign_in_page import AFTER_SIGN_IN, sent_link, sign_in_page
from services.enrolment.web.signing_in import is_another_account, start_session

pages = Blueprint("account", __name__)


@pages.get("/sign-in")
@public
def sign_in_form() -> str:
    return sign_in_page(next_page=local_path(request.args.get("next")))


@pages.post("/sign-in")
@public
def request_link() -> str | Response | tuple[str, int]:
    """Send a link. The answer is the same whether the address is known or not."""
    form = load_form(SignInSchema())
    next_page = local_path(request.form.get("next"))
    if not form.is_valid:
        return sign_in_page(form, next_page), 422
    with unit_of_work() as work:
        people.request_sign_in(form.data["email"], runtime().settings.public_url, work)
    return sent_link(next_page)


@pages.get("/sign-in/sent")
@public
def link_sent() -> str:
    return render_template("sign_in_sent.html")


@pages.get("/sign-in/<token>")
@public
def confirm_sign_in(token: str) -> str | tuple[str, int]:
    """Ask for one more click: programs that look at mails open links, and must not use them up."""
    try:
        with reading() as session:
            queries.sign_in_link_by_token(session, token).check_valid(runtime().clock())
    except (NotFound, Gone) as error:
        return _another_link_page(error)
    return render_template("sign_in_confirm.html")


@pages.post("/sign-in/<token>")
@public
def sign_in(token: str) -> Response | tuple[str, int]:
    try:
        with unit_of_work() as work:
            identity = start_session(people.sign_in(token, work), SignInWay.LINK, work)
    except (NotFound, Gone) as error:
        return _another_link_page(error)
    response = redirect(local_path(request.cookies.get(AFTER_SIGN_IN)), 303)
    response.delete_cookie(AFTER_SIGN_IN)
    issue_session(response, identity)
    return response


@pages.post("/sign-out")
@requires()
def sign_out() -> Response:
    here = signed_in_person()
    way = None
    if here.session is not None:
        with unit_of_work() as work:
            way = user_sessions.end_session(here.session.id, here.person_id, work).way
    is_elsewhere = way is SignInWay.OPENID and current_provider() is not None
    response = redirect("/sign-in/signed-out" if is_elsewhere else "/", 303)
    clear_session(response)
    return response


@pages.get("/invitations/<token>")
@public
def invitation(token: str) -> Response | tuple[str, int]:
    with reading() as session:
        return _invitation_page(session, queries.invitation_by_token(session, token))


@pages.post("/invitations/<token>")
@public
def accept_invitation(token: str) -> Response | tuple[str, int]:
    form = load_form(AcceptInvitationSchema())
    with reading() as session:
        found = queries.invitation_by_token(session, token)
        if not form.is_valid:
            return _invitation_page(session, found, form)
        if found.used_at is None and is_another_account(session, found.email):
            return redirect(sign_in_address(url_for("account.invitation", token=token)), 303)
    try:
        with unit_of_work() as work:
            person = suppliers.accept_invitation(token, form.data["name"], work)
            accepted = work.get(SupplierEnrolment, found.supplier_id).organisation_id
            identity = start_session(person, SignInWay.INVITATION, work, acting_for=accepted)
    except Gone:
        with reading() as session:
            return _invitation_page(session, queries.invitation_by_token(session, token))
    response = redirect("/assessment/", 303)
    issue_session(response, identity)
    return response


@pages.post("/invitations/<token>/again")
@public
def another_invitation(token: str) -> str | tuple[str, int]:
    """A new link in place of one that has expired, by mail to the address that it was sent to."""
    refused = ""
    try:
        with unit_of_work() as work:
            supplier_changes.answer_expired_link(token, runtime().settings.public_url, work)
    except Conflict as error:
        refused = error_message(error)
    with reading() as session:
        found = queries.invitation_by_token(session, token)
        programme = session.get_one(SupplierEnrolment, found.supplier_id).programme
        page = render_template(
            "invitation_again.html", programme=queries.programme_by_slug(session, programme), refused=refused
        )
    return (page, 409) if refused else page


def _another_link_page(error: DomainError, email: str = "", next_page: str = "/") -> tuple[str, int]:
    """Why a link does not sign anybody in, with the form that asks for another one."""
    form = blank_form(SignInSchema(), {"email": email})
    page = sign_in_page(form, next_page, refused=error_message(error))
    return page, 404 if isinstance(error, NotFound) else 410


def _invitation_page(
    session: Session, found: Invitation, form: Form | None = None
) -> Response | tuple[str, int]:
    """The invitation, or what to do when it is no longer good; ``form`` is the answer to mend."""
    supplier = session.get_one(SupplierEnrolment, found.supplier_id)
    known = {
        "supplier": supplier,
        "organisation": session.get_one(Organisation, supplier.organisation_id),
        "programme": queries.programme_by_slug(session, supplier.programme),
    }
    if found.used_at is not None or supplier.takes_part:
        return _answered_page(session, found, known)
    try:
        found.check_valid(runtime().clock())
    except Gone:
        may_ask = supplier.state is SupplierState.INVITED and supplier.contact_email == found.email
        return render_template("invitation_expired.html", may_ask=may_ask, **known), 410
    # Of a supplier that others were invited for as well, nobody is shown another one's name.
    name = supplier.contact_name if supplier.contact_email == found.email else ""
    first = form or blank_form(AcceptInvitationSchema(), {"name": name})
    return render_template("invitation.html", form=first, invitation=found, **known), 422 if form else 200


def _answered_page(session: Session, found: Invitation, known: dict[str, Any]) -> Response | tuple[str, int]:
    """The way in for who is of the supplier; others are not told who can let them in, but how."""
    supplier, here = known["supplier"], current_person()
    if here is not None and here.may("supplier", supplier.programme, supplier.organisation_id):
        return redirect("/assessment/", 303)
    account = queries.person_by_email(session, found.email)
    if account is None or supplier.organisation_id not in account.organisations:
        return render_template("invitation_taken.html", **known), 410
    accepted = Gone("This invitation has been accepted already. Sign in with your e-mail address.")
    return _another_link_page(accepted, found.email, "/assessment/")
