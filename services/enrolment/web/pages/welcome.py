"""Coming in by an invitation into a role."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from services.chassis.model import Gone, NotFound
from services.chassis.web.access import public
from services.chassis.web.addresses import sign_in_address
from services.chassis.web.forms import Form, blank_form, load_form
from services.chassis.web.i18n import error_message
from services.chassis.web.session import issue_session
from services.chassis.web.work import reading, runtime, unit_of_work
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.user_session import SignInWay
from services.enrolment.handlers import role_invitations
from services.enrolment.storage import queries, roles
from services.enrolment.web.schemas.account import AcceptRoleSchema
from services.enrolment.web.signing_in import is_another_account, start_session

pages = Blueprint("welcome", __name__, url_prefix="/welcome")


@pages.get("/<token>")
@public
def invitation(token: str) -> str | tuple[str, int]:
    """Ask for one more click: programs that look at mails open links, and must not use them up."""
    return _page(token)


@pages.post("/<token>")
@public
def accept(token: str) -> Response | str | tuple[str, int]:
    form = load_form(AcceptRoleSchema())
    if not form.is_valid:
        return _page(token, form)
    if _has_to_sign_in(token):
        return redirect(sign_in_address(url_for("welcome.invitation", token=token)), 303)
    try:
        with unit_of_work() as work:
            person = role_invitations.accept_role(token, form.data["name"], work)
            identity = start_session(person, SignInWay.INVITATION, work)
    except (NotFound, Gone):
        return _page(token)
    response = redirect("/", 303)
    issue_session(response, identity)
    return response


def _page(token: str, form: Form | None = None) -> str | tuple[str, int]:
    """The invitation, or why it is no longer good and what to do; ``form`` is the answer to mend."""
    with reading() as session:
        try:
            found = roles.invitation_by_token(session, token)
            found.check_valid(runtime().clock())
        except (NotFound, Gone) as error:
            status = 404 if isinstance(error, NotFound) else 410
            return render_template("welcome_refused.html", refused=error_message(error)), status
        page = render_template(
            "welcome.html",
            invitation=found,
            programme=queries.programme_by_slug(session, found.programme),
            organisation=_organisation(session, found.organisation_id),
            has_account=queries.person_by_email(session, found.email) is not None,
            form=form or blank_form(AcceptRoleSchema(), {"name": found.name}),
        )
    return page, 422 if form else 200


def _has_to_sign_in(token: str) -> bool:
    with reading() as session:
        try:
            found = roles.invitation_by_token(session, token)
            found.check_valid(runtime().clock())
        except (NotFound, Gone):
            return False
        return is_another_account(session, found.email)


def _organisation(session: Session, identifier: object) -> Organisation | None:
    return session.get(Organisation, identifier) if identifier is not None else None
