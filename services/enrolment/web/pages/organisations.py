"""The organisation that somebody acts for: chosen, shared with colleagues, left."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from services.chassis.model import Conflict, DomainError, NotFound
from services.chassis.unit_of_work import UnitOfWork
from services.chassis.web.access import requires
from services.chassis.web.addresses import local_path
from services.chassis.web.forms import Form, blank_form, load_form, unit_of_work_for
from services.chassis.web.i18n import current_locale, error_message
from services.chassis.web.i18n import gettext as _
from services.chassis.web.identity import ActingFor, Identity
from services.chassis.web.session import issue_session, refuse_programs, signed_in_person
from services.chassis.web.work import reading, runtime, unit_of_work
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person, PersonGrant
from services.enrolment.domain.programme import Programme
from services.enrolment.domain.supplier import SupplierEnrolment
from services.enrolment.domain.user_session import SignInWay, UserSession
from services.enrolment.handlers import role_invitations, supplier_changes, user_sessions
from services.enrolment.handlers import roles as role_handlers
from services.enrolment.storage import merges, queries, roles
from services.enrolment.web.grant_keys import grant_with, key_of, place_of
from services.enrolment.web.identities import identity_in
from services.enrolment.web.pages.sign_ins import own_grants
from services.enrolment.web.pages.team import change_invitation
from services.enrolment.web.schemas.account import RoleInvitationSchema
from services.enrolment.web.signing_in import start_session
from services.enrolment.web.visible_people import visible_invitation

pages = Blueprint("organisations", __name__, url_prefix="/account")


@pages.get("/organisations")
@requires()
def organisation_index() -> str:
    """The organisations that the person belongs to; one of them is acted for."""
    with reading() as session:
        person = session.get(Person, signed_in_person().person_id)
        identifiers = person.organisations if person else []
        mine = [session.get_one(Organisation, identifier) for identifier in identifiers]
        return render_template(
            "organisations.html",
            organisations=mine,
            acting_for=signed_in_person().acting_for,
            next_page=local_path(request.args.get("next")),
        )


@pages.post("/organisations/<uuid:organisation_id>/choose")
@requires()
def choose(organisation_id: UUID) -> Response:
    """From now on everything is done for this one, beginning with the page for which it was chosen."""
    refuse_programs()
    here = signed_in_person()
    if here.session is None:
        raise NotFound("You do not belong to this organisation.")
    with unit_of_work() as work:
        chosen = user_sessions.choose_organisation(here.session.id, here.person_id, organisation_id, work)
        identity = identity_in(chosen, work.get(Person, here.person_id), work.session)
    response = redirect(local_path(request.form.get("next")), 303)
    issue_session(response, identity)
    return response


@pages.get("/organisation")
@requires("buyer", "supplier")
def colleagues() -> str:
    """Who else acts for the organisation, and who is invited."""
    first = next(iter(_roles()), None)
    return _page(blank_form(RoleInvitationSchema(), {"role": key_of(first) if first else ""}))


@pages.post("/organisation/invite")
@requires("buyer", "supplier")
def invite() -> Response | tuple[str, int]:
    form = load_form(RoleInvitationSchema())
    if form.is_valid:
        person = signed_in_person()
        with unit_of_work_for(form) as work:
            command = role_invitations.InviteIntoRole(
                grant=grant_with(form.data["role"], _roles()),
                name=form.data["name"],
                email=form.data["email"],
                locale=current_locale(),
                inviter_id=person.person_id,
                inviter_name=person.name,
            )
            role_invitations.invite_into_role(command, runtime().settings.public_url, work)
    if form.is_valid:
        flash(_("An e-mail is on its way to %(name)s.", name=form.data["name"]), "success")
        return redirect(url_for("organisations.colleagues"), 303)
    return _page(form), 422


@pages.post("/organisation/invitations/<uuid:invitation_id>/<any(again, withdraw):what>")
@requires("buyer", "supplier")
def answer_invitation(invitation_id: UUID, what: str) -> Response:
    with reading() as session:
        visible_invitation(session, invitation_id, None, _acting_for().organisation_id)
    change_invitation(invitation_id, what)
    return redirect(url_for("organisations.colleagues"), 303)


@pages.post("/organisation/people/<uuid:person_id>/remove")
@requires("buyer", "supplier")
def remove(person_id: UUID) -> Response:
    """A colleague acts for the organisation no longer."""
    try:
        with unit_of_work() as work:
            role_handlers.leave_organisation(person_id, _acting_for().organisation_id, work)
    except DomainError as error:
        flash(error_message(error), "danger")
    else:
        flash(_("Saved."), "success")
    return redirect(url_for("organisations.colleagues"), 303)


@pages.post("/organisation/leave")
@requires("buyer", "supplier")
def leave() -> Response:
    """The person acts for it no longer; every other sign-in of theirs ends, this one goes on without it."""
    here = signed_in_person()
    try:
        with unit_of_work() as work:
            person = role_handlers.leave_organisation(here.person_id, _acting_for().organisation_id, work)
            identity = start_session(person, _way(here, work), work)
    except DomainError as error:
        flash(error_message(error), "danger")
        return redirect(url_for("organisations.colleagues"), 303)
    flash(_("You no longer act for this organisation."), "success")
    response = redirect("/", 303)
    issue_session(response, identity)
    return response


@pages.post("/organisation/programmes/<slug>/leave")
@requires("supplier")
def leave_programme(slug: str) -> Response:
    """The supplier takes part no longer; its people can still read what they have answered."""
    person = signed_in_person()
    try:
        with unit_of_work() as work:
            organisation_id = _acting_for().organisation_id
            supplier_changes.leave_by_itself(slug, organisation_id, person.person_id, work)
    except Conflict as error:
        flash(error_message(error), "danger")
    else:
        flash(_("You have left the programme. Nobody writes to you about it any more."), "success")
    return redirect(url_for("organisations.colleagues"), 303)


def _way(here: Identity, work: UnitOfWork) -> SignInWay:
    """How the person had signed in."""
    before = work.session.get(UserSession, here.session.id) if here.session else None
    return before.way if before else SignInWay.LINK


def _acting_for() -> ActingFor:
    """Raises NotFound for who acts for nobody."""
    acting_for = signed_in_person().acting_for
    if acting_for is None:
        raise NotFound("You do not belong to this organisation.")
    return acting_for


def _roles() -> list[PersonGrant]:
    """The roles of this organisation's that the person has, and can share."""
    identifier = _acting_for().organisation_id
    return [grant for grant in own_grants() if grant.organisation_id == identifier]


def _page(form: Form) -> str:
    acting_for = _acting_for()
    with reading() as session:
        return render_template(
            "colleagues.html",
            acting_for=acting_for,
            colleagues=roles.people_of(session, acting_for.organisation_id),
            role_options=[(key_of(grant), grant.role, place_of(grant, session)) for grant in _roles()],
            invitations=roles.open_invitations(session, None, acting_for.organisation_id),
            now=runtime().clock(),
            form=form,
            programmes=_programmes(session, acting_for.organisation_id),
        )


def _programmes(session: Session, organisation_id: UUID) -> list[tuple[Programme, SupplierEnrolment]]:
    """In which programmes the organisation is a supplier."""
    enrolments = merges.enrolments_of(session, organisation_id)
    return [(queries.programme_by_slug(session, each.programme), each) for each in enrolments]
