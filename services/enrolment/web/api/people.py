"""People and their roles, invitations, sign-ins and tokens, for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from services.chassis.web.access import requires
from services.chassis.web.i18n import current_locale
from services.chassis.web.paging import list_query
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, runtime, unit_of_work
from services.enrolment.domain.person import PersonGrant, Role
from services.enrolment.domain.role_invitation import TEAM_ROLES, RoleInvitation
from services.enrolment.events.role_invitations import RoleInvitationSnapshot, role_invitation_snapshot
from services.enrolment.handlers import role_invitations, user_sessions
from services.enrolment.handlers import roles as role_handlers
from services.enrolment.storage import roles
from services.enrolment.storage import user_sessions as stored
from services.enrolment.web.identities import check_may
from services.enrolment.web.schemas.fields import ADDRESS, SHORT
from services.enrolment.web.visible_people import visible_invitation, visible_person

people_api = Blueprint("people_api", __name__, description="People, their roles, sign-ins and tokens.")
_TEAM_ROLE = fields.String(required=True, validate=validate.OneOf([role.value for role in TEAM_ROLES]))


class RoleSchema(Schema):
    person_id = fields.UUID()
    name = fields.String()
    email = fields.String()
    role = fields.String()
    organisation_id = fields.UUID(allow_none=True)
    organisation_name = fields.String(allow_none=True)


class RolePageSchema(Schema):
    total = fields.Integer(metadata={"description": "How many roles all pages have together."})
    items = fields.List(fields.Nested(RoleSchema))


class InviteIntoTeamSchema(Schema):
    name = fields.String(required=True, validate=SHORT)
    email = fields.Email(required=True, validate=ADDRESS)
    role = _TEAM_ROLE


class TakenRoleSchema(Schema):
    role = fields.String(required=True, validate=validate.OneOf([role.value for role in Role]))
    organisation_id = fields.UUID(load_default=None, allow_none=True)


class SignInSnapshot(Schema):
    id = fields.UUID()
    kind = fields.String(metadata={"description": "browser, or program for an API token"})
    label = fields.String()
    started_at = fields.AwareDateTime()
    used_at = fields.AwareDateTime(allow_none=True)
    expires_at = fields.AwareDateTime()


@people_api.get("/programmes/<slug>/people")
@requires("manager")
@people_api.response(200, RolePageSchema)
def list_people(slug: str) -> dict[str, Any]:
    """Who has which role in the programme: ``page``, ``per_page``, ``sort``, ``q``, ``role``."""
    check_may(slug, "manager")
    query = list_query(roles.SORTABLE, default="name")
    with reading() as session:
        rows = roles.roles_in(session, slug, query, request.args.get("role"))
    shown = rows[query.offset : query.offset + query.per_page]
    return {"total": len(rows), "items": [_role_row(row) for row in shown]}


@people_api.post("/programmes/<slug>/people/invitations")
@requires("manager")
@people_api.arguments(InviteIntoTeamSchema)
@people_api.response(201, RoleInvitationSnapshot)
def invite_into_team(details: dict[str, Any], slug: str) -> dict[str, Any]:
    """Invite somebody into the team. Who has an account has the role at once."""
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
@people_api.response(200, RoleInvitationSnapshot(many=True))
def list_invitations(slug: str) -> list[dict[str, Any]]:
    """The invitations into the team that wait for an answer."""
    check_may(slug, "manager")
    with reading() as session:
        return [_told(each) for each in roles.open_invitations(session, slug, None)]


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


@people_api.get("/account/sign-ins")
@requires()
@people_api.response(200, SignInSnapshot(many=True))
def list_sign_ins() -> list[Any]:
    """One's own sign-ins and tokens that are good now."""
    with reading() as session:
        return list(stored.open_sessions(session, signed_in_person().person_id, runtime().clock()))


@people_api.delete("/account/sign-ins/<uuid:session_id>")
@requires()
@people_api.response(204)
def end_sign_in(session_id: UUID) -> None:
    """End one of one's own sign-ins or tokens. Tokens are made on the page only."""
    with unit_of_work() as work:
        user_sessions.end_session(session_id, signed_in_person().person_id, work)


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
