"""“My profile”: one's name, language, telephone number and e-mail address."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from services.chassis.model import DomainError, Forbidden, Gone, NotFound
from services.chassis.web.access import public, requires
from services.chassis.web.forms import Form, blank_form, load_form, unit_of_work_for
from services.chassis.web.i18n import error_message
from services.chassis.web.i18n import gettext as _
from services.chassis.web.session import clear_session, issue_session, refuse_programs, signed_in_person
from services.chassis.web.work import reading, runtime, unit_of_work
from services.enrolment.domain.address_change import AddressChange
from services.enrolment.domain.person import Person
from services.enrolment.domain.user_session import UserSession
from services.enrolment.handlers.profile import addresses, profiles
from services.enrolment.personal_links import objection_address, objection_id_of
from services.enrolment.storage import address_changes as stored
from services.enrolment.storage import user_sessions
from services.enrolment.storage.contacts import phone_of
from services.enrolment.web.identities import identity_in
from services.enrolment.web.openid import provider_name
from services.enrolment.web.schemas.profile import NewAddressSchema, ProfileSchema
from services.enrolment.web.visible_people import own_account

pages = Blueprint("profile", __name__, url_prefix="/account")


@pages.get("")
@requires()
def own_profile() -> str:
    return _profile_page()


@pages.post("")
@requires()
def change_profile() -> str | Response | tuple[str, int]:
    refuse_programs()
    form = load_form(ProfileSchema())
    if not form.is_valid:
        return _profile_page(profile=form), 422
    with unit_of_work() as work:
        profiles.change_profile(
            profiles.ChangeProfile(person_id=signed_in_person().person_id, **form.data), work
        )
    flash(_("Saved."), "success")
    return _shown_as_now(redirect(url_for("profile.own_profile"), 303))


@pages.post("/address")
@requires()
def ask_for_address() -> str | Response | tuple[str, int]:
    """The answer is the same whether the new address has an account or not."""
    refuse_programs()
    form = load_form(NewAddressSchema())
    settings = runtime().settings
    if form.is_valid:
        command = addresses.AskForAddress(person_id=signed_in_person().person_id, email=form.data["email"])
        with unit_of_work_for(form) as work:
            addresses.ask_for_address(
                command, settings.public_url, partial(objection_address, settings), work
            )
    if not form.is_valid:
        return _profile_page(address=form), 422
    flash(_("Open the link that we have sent to the new address."), "success")
    return redirect(url_for("profile.own_profile"), 303)


@pages.post("/address/cancel")
@requires()
def cancel_address() -> Response:
    refuse_programs()
    try:
        with unit_of_work() as work:
            addresses.cancel_change(signed_in_person().person_id, work)
    except DomainError as error:
        flash(error_message(error), "danger")
    else:
        flash(_("Your address stays as it is."), "success")
    return redirect(url_for("profile.own_profile"), 303)


@pages.get("/address/<token>")
@requires()
def address_to_confirm(token: str) -> str | tuple[str, int]:
    """Ask for one more click: programs that look at mails open links, and must not use them up."""
    with reading() as session:
        change = stored.change_by_token(session, token)
    try:
        if change.person_id != signed_in_person().person_id:
            raise Forbidden("This link is for somebody else: sign in with the address that is to change.")
        change.check_waiting(runtime().clock())
    except (Forbidden, Gone) as error:
        return _refused(error)
    return render_template("address_to_confirm.html", refused=None, change=change)


@pages.post("/address/<token>")
@requires()
def confirm_address(token: str) -> Response | tuple[str, int]:
    refuse_programs()
    here = signed_in_person()
    keep = here.session.id if here.session else None
    try:
        with unit_of_work() as work:
            addresses.confirm_change(
                token, here.person_id, keep, partial(objection_address, runtime().settings), work
            )
    except NotFound:
        raise
    except DomainError as error:
        return _refused(error)
    flash(_("From now on this is your address. You are signed in here only."), "success")
    return _shown_as_now(redirect(url_for("profile.own_profile"), 303))


@pages.get("/address/objection/<token>")
@public
def address_objection(token: str) -> str | tuple[str, int]:
    """For whoever reads the former address; the link came by mail, and no signing in is needed."""
    with reading() as session:
        change = session.get(AddressChange, objection_id_of(runtime().settings, token))
        return _objection_page(change)


@pages.post("/address/objection/<token>")
@public
def object_to_address(token: str) -> str | Response | tuple[str, int]:
    change_id: UUID = objection_id_of(runtime().settings, token)
    try:
        with unit_of_work() as work:
            person = addresses.object_to_change(change_id, work)
            is_back = person.email == work.get(AddressChange, change_id).former_email
    except Gone as error:
        return _objection_refused(error), 410
    response = Response(render_template("address_objected.html", is_back=is_back), mimetype="text/html")
    clear_session(response)
    return response


def _profile_page(*, profile: Form | None = None, address: Form | None = None) -> str:
    person_id = signed_in_person().person_id
    with reading() as session:
        person = own_account(session)
        issuer = runtime().settings.openid_issuer
        known = {"name": person.name, "locale": person.locale, "phone": phone_of(session, person_id)}
        return render_template(
            "profile.html",
            known=person,
            profile_form=profile or blank_form(ProfileSchema(), known),
            address_form=address or blank_form(NewAddressSchema()),
            waiting=stored.waiting_change(session, person_id, runtime().clock()),
            provider=provider_name(),
            is_linked=bool(issuer and user_sessions.openid_account_of(session, person_id, issuer)),
        )


def _refused(error: DomainError) -> tuple[str, int]:
    page = render_template("address_to_confirm.html", refused=error_message(error))
    return page, {Forbidden: 403, Gone: 410}.get(type(error), 409)


def _objection_page(change: AddressChange | None) -> str | tuple[str, int]:
    if change is None:
        return _objection_refused(Gone("This link has expired. Write to the team of your programme.")), 410
    try:
        change.check_can_be_objected_to(runtime().clock())
    except Gone as error:
        return _objection_refused(error), 410
    return render_template("address_objection.html", refused=None, change=change)


def _objection_refused(error: DomainError) -> str:
    return render_template("address_objection.html", refused=error_message(error))


def _shown_as_now(response: Response) -> Response:
    """With a session that says what the person is called and reached by now."""
    here = signed_in_person()
    if here.session is not None:
        with reading() as session:
            found = session.get(UserSession, here.session.id)
            if found is not None:
                issue_session(response, identity_in(found, session.get_one(Person, here.person_id), session))
    return response
