"""The people of a programme, their roles and invitations, for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from services.chassis.web.access import requires
from services.chassis.web.i18n import current_locale
from services.chassis.web.lists import lists, page_of, page_of_rows
from services.chassis.web.paging import list_query
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, runtime, unit_of_work
from services.enrolment.domain.person import PersonGrant, Role
from services.enrolment.domain.role_invitation import TEAM_ROLES, RoleInvitation
from services.enrolment.events.role_invitations import RoleInvitationSnapshot, role_invitation_snapshot
from services.enrolment.handlers import role_invitations, user_sessions
from services.enrolment.handlers import roles as role_handlers
from services.enrolment.storage import roles
from services.enrolment.web.identities import check_may
from services.enrolment.web.schemas.fields import ADDRESS, SHORT
from services.enrolment.web.visible_people import visible_invitation, visible_person

people_api = Blueprint("people_api", __name__, description="People of a programme and their roles.")
_TEAM_ROLE = fields.String(required=True, validate=validate.OneOf([role.value for role in TEAM_ROLES]))


class RoleSchema(Schema):
    person_id = fields.UUID()
    name = fields.String()
    email = fields.String()
    role = fields.String()
    organisation_id = fields.UUID(allow_none=True)
    organisation_name = fields.String(allow_none=True)


class InviteIntoTeamSchema(Schema):
    name = fields.String(required=True, validate=SHORT)
    email = fields.Email(required=True, validate=ADDRESS)
    role = _TEAM_ROLE


class TakenRoleSchema(Schema):
    role = fields.String(required=True, validate=validate.OneOf([role.value for role in Role]))
    organisation_id = fields.UUID(load_default=None, allow_none=True)


class ChangedRoleSchema(Schema):
    role = _TEAM_ROLE
    instead_of = _TEAM_ROLE


@people_api.get("/programmes/<slug>/people")
@requires("manager")
@lists(roles.SORTABLE, "role")
@people_api.response(200, page_of(RoleSchema))
def list_people(slug: str) -> dict[str, Any]:
    """Who has which role in the programme."""
    check_may(slug, "manager")
    query = list_query(roles.SORTABLE, default="name")
    with reading() as session:
        rows = roles.roles_in(session, slug, query, request.args.get("role"))
    return page_of_rows([_role_row(row) for row in rows], query)


@people_api.post("/programmes/<slug>/people/invitations")
@requires("manager")
@people_api.arguments(InviteIntoTeamSchema)
@people_api.response(201, RoleInvitationSnapshot)
def invite_into_team(details: dict[str, Any], slug: str) -> dict[str, Any]:
    """Invite somebody into the team. The role counts when it is accepted."""
    check_may(slug, "manager")
    person = signed_in_person()
    command = role_invitations.InviteIntoRole(
        grant=PersonGrant(Role(details["role"]), slug),
        name=details["name"],
        email=details["email"],
        locale=current_locale(),
        inviter_id=person.person_id,
        inviter_name=person.name,
    )
    with unit_of_work() as work:
        return _told(role_invitations.invite_into_role(command, runtime().settings.public_url, work))


@people_api.get("/programmes/<slug>/people/invitations")
@requires("manager")
@lists()
@people_api.response(200, page_of(RoleInvitationSnapshot))
def list_invitations(slug: str) -> dict[str, Any]:
    """The invitations into the team that wait for an answer."""
    check_may(slug, "manager")
    with reading() as session:
        return page_of_rows([_told(each) for each in roles.open_invitations(session, slug, None)])


@people_api.post("/programmes/<slug>/people/invitations/<uuid:invitation_id>/<any(resend, withdraw):what>")
@requires("manager")
@people_api.response(200, RoleInvitationSnapshot)
def change_invitation(slug: str, invitation_id: UUID, what: str) -> dict[str, Any]:
    """Send it again with a new link, or withdraw it. 409 when it was answered."""
    check_may(slug, "manager")
    with unit_of_work() as work:
        visible_invitation(work.session, invitation_id, slug)
        if what == "withdraw":
            return _told(role_invitations.withdraw(invitation_id, work))
        return _told(role_invitations.send_again(invitation_id, runtime().settings.public_url, work))


@people_api.put("/programmes/<slug>/people/<uuid:person_id>/roles")
@requires("manager")
@people_api.arguments(ChangedRoleSchema)
@people_api.response(204)
def change_role(change: dict[str, Any], slug: str, person_id: UUID) -> None:
    """Give another role of the team in place of one. 409 for the last manager and a member of a jury."""
    check_may(slug, "manager")
    grant, role = PersonGrant(Role(change["instead_of"]), slug), Role(change["role"])
    with unit_of_work() as work:
        visible_person(work.session, person_id, slug)
        role_handlers.change_role(person_id, grant, role, signed_in_person().person_id, work)


@people_api.delete("/programmes/<slug>/people/<uuid:person_id>/roles")
@requires("manager")
@people_api.arguments(TakenRoleSchema, location="query")
@people_api.response(204)
def take_role(taken: dict[str, Any], slug: str, person_id: UUID) -> None:
    """Take a role away. 409 for the last manager and the last person of an organisation."""
    check_may(slug, "manager")
    grant = PersonGrant(Role(taken["role"]), slug, taken["organisation_id"])
    with unit_of_work() as work:
        visible_person(work.session, person_id, slug)
        role_handlers.take_role(person_id, grant, signed_in_person().person_id, work)


@people_api.delete("/programmes/<slug>/people/<uuid:person_id>/sign-ins")
@requires("manager")
@people_api.response(204)
def end_sign_ins(slug: str, person_id: UUID) -> None:
    """Sign a person of the programme out everywhere, and revoke their tokens."""
    check_may(slug, "manager")
    with unit_of_work() as work:
        visible_person(work.session, person_id, slug)
        user_sessions.end_in_programme(person_id, slug, work)


def _role_row(row: roles.RoleRow) -> dict[str, Any]:
    return {
        "person_id": row.person.id,
        "name": row.person.name,
        "email": row.person.email,
        "role": row.grant.role,
        "organisation_id": row.grant.organisation_id,
        "organisation_name": row.organisation_name,
    }


def _told(invitation: RoleInvitation) -> dict[str, Any]:
    """Without the link: whoever has it acts as the person."""
    return role_invitation_snapshot(invitation, None)
