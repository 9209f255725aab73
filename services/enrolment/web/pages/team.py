"""The people of a programme, as its manager lets them in, changes their role and takes it away."""

from __future__ import annotations

from uuid import UUID

from flask import (
    Blueprint,
    Response,
    flash,
    get_template_attribute,
    redirect,
    render_template,
    request,
    url_for,
)
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from services.chassis.model import DomainError
from services.chassis.web.access import requires
from services.chassis.web.exports import table_response
from services.chassis.web.forms import Form, blank_form, load_form, unit_of_work_for
from services.chassis.web.i18n import current_locale, error_message
from services.chassis.web.i18n import gettext as _
from services.chassis.web.paging import Page, list_query
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, runtime, unit_of_work
from services.enrolment.domain.person import PersonGrant, Role
from services.enrolment.domain.role_invitation import TEAM_ROLES
from services.enrolment.handlers import role_invitations, user_sessions
from services.enrolment.handlers import roles as role_handlers
from services.enrolment.storage import queries, roles
from services.enrolment.storage import user_sessions as stored
from services.enrolment.storage.roles import SORTABLE
from services.enrolment.web.grant_keys import grant_with, key_of
from services.enrolment.web.identities import check_may
from services.enrolment.web.schemas.account import RoleInvitationSchema
from services.enrolment.web.visible_people import visible_invitation, visible_person

pages = Blueprint("team", __name__, url_prefix="/programmes/<slug>")


@pages.get("/people")
@requires("manager")
def people_index(slug: str) -> str:
    check_may(slug, "manager")
    return _index(slug, blank_form(RoleInvitationSchema(), {"role": Role.ADVISER}))


@pages.get("/people.<any(csv, xlsx):file_format>")
@requires("manager")
def export(slug: str, file_format: str) -> Response:
    """The whole list, as it is filtered."""
    check_may(slug, "manager")
    with reading() as session:
        rows = roles.roles_in(session, slug, list_query(SORTABLE, default="name"), request.args.get("role"))
    word = get_template_attribute("words.html", "role")
    return table_response(
        file_format,
        _("people"),
        [_("Name"), _("E-mail"), _("Role"), _("Organisation")],
        (
            (row.person.name, row.person.email, str(word(row.grant.role)).strip(), row.organisation_name)
            for row in rows
        ),
    )


@pages.post("/people/invite")
@requires("manager")
def invite(slug: str) -> AnyResponse | tuple[str, int]:
    check_may(slug, "manager")
    form = load_form(RoleInvitationSchema())
    if form.is_valid:
        person = signed_in_person()
        with unit_of_work_for(form) as work:
            command = role_invitations.InviteIntoRole(
                grant=PersonGrant(_role(form.data["role"]), slug),
                name=form.data["name"],
                email=form.data["email"],
                locale=current_locale(),
                inviter_id=person.person_id,
                inviter_name=person.name,
            )
            role_invitations.invite_into_role(command, runtime().settings.public_url, work)
    if form.is_valid:
        flash(_("An e-mail is on its way to %(name)s.", name=form.data["name"]), "success")
        return redirect(url_for("team.people_index", slug=slug), 303)
    return _index(slug, form), 422


@pages.post("/people/invitations/<uuid:invitation_id>/<any(again, withdraw):what>")
@requires("manager")
def answer_invitation(slug: str, invitation_id: UUID, what: str) -> AnyResponse:
    check_may(slug, "manager")
    with reading() as session:
        visible_invitation(session, invitation_id, slug)
    change_invitation(invitation_id, what)
    return redirect(url_for("team.people_index", slug=slug), 303)


@pages.get("/people/<uuid:person_id>")
@requires("manager")
def person_page(slug: str, person_id: UUID) -> str:
    check_may(slug, "manager")
    with reading() as session:
        found = visible_person(session, person_id, slug)
        rows = [row for row in _rows_of(session, slug) if row.person.id == person_id]
        return render_template(
            "person.html",
            programme=queries.programme_by_slug(session, slug),
            person_shown=found,
            rows=[(key_of(row.grant), row.grant, row.organisation_name) for row in rows],
            team_roles=TEAM_ROLES,
            sign_ins=stored.open_sessions(session, person_id, runtime().clock()),
        )


@pages.post("/people/<uuid:person_id>/role")
@requires("manager")
def change_role(slug: str, person_id: UUID) -> AnyResponse:
    """Take a role away, or give another one in its place."""
    check_may(slug, "manager")
    by = signed_in_person().person_id
    try:
        with unit_of_work() as work:
            found = visible_person(work.session, person_id, slug)
            grant = grant_with(
                request.form.get("grant", ""), (each for each in found.grants if each.programme == slug)
            )
            wanted = request.form.get("role", "")
            if wanted:
                role_handlers.change_role(person_id, grant, _role(wanted), by, work)
            else:
                role_handlers.take_role(person_id, grant, by, work)
            is_left = any(each.programme == slug for each in found.grants)
    except DomainError as error:
        flash(error_message(error), "danger")
        return redirect(url_for("team.person_page", slug=slug, person_id=person_id), 303)
    flash(_("Saved."), "success")
    if person_id == by or not is_left:
        return redirect(url_for("team.people_index", slug=slug), 303)
    return redirect(url_for("team.person_page", slug=slug, person_id=person_id), 303)


@pages.post("/people/<uuid:person_id>/end-sign-ins")
@requires("manager")
def end_sign_ins(slug: str, person_id: UUID) -> AnyResponse:
    """Sign a person out everywhere, and revoke their tokens."""
    check_may(slug, "manager")
    with unit_of_work() as work:
        visible_person(work.session, person_id, slug)
        user_sessions.end_in_programme(person_id, slug, work)
    flash(_("Signed out everywhere."), "success")
    return redirect(url_for("team.person_page", slug=slug, person_id=person_id), 303)


def change_invitation(invitation_id: UUID, what: str) -> None:
    """Send it again or withdraw it, and say what came of it."""
    try:
        with unit_of_work() as work:
            if what == "again":
                found = role_invitations.send_again(invitation_id, runtime().settings.public_url, work)
                told = _("An e-mail is on its way to %(name)s.", name=found.name)
            else:
                found = role_invitations.withdraw(invitation_id, work)
                told = _("The invitation of %(name)s is withdrawn.", name=found.name)
    except DomainError as error:
        flash(error_message(error), "danger")
    else:
        flash(told, "success")


def _index(slug: str, form: Form) -> str:
    query = list_query(SORTABLE, default="name")
    role = request.args.get("role") or None
    with reading() as session:
        rows = roles.roles_in(session, slug, query, role)
        shown = rows[query.offset : query.offset + query.per_page]
        return render_template(
            "people.html",
            programme=queries.programme_by_slug(session, slug),
            page=Page(shown, len(rows), query),
            search=query.search,
            chosen_role=role,
            all_roles=[each for each in Role if each is not Role.OPERATOR],
            team_roles=TEAM_ROLES,
            invitations=roles.open_invitations(session, slug, None),
            now=runtime().clock(),
            form=form,
        )


def _rows_of(session: Session, slug: str) -> list[roles.RoleRow]:
    return roles.roles_in(session, slug, list_query(SORTABLE, default="name"))


def _role(text: str) -> Role:
    """Raises DomainError for a word that is no role of the team."""
    if text not in TEAM_ROLES:
        raise DomainError("This role cannot be given here.", field="role")
    return Role(text)
