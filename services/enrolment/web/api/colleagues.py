"""The people of an organisation, who let each other in and out, for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from services.chassis.model import DomainError, NotFound
from services.chassis.web.access import requires
from services.chassis.web.i18n import current_locale
from services.chassis.web.identity import Grant
from services.chassis.web.lists import lists, page_of, page_of_rows
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, runtime, unit_of_work
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import PersonGrant, Role
from services.enrolment.domain.role_invitation import ORGANISATION_ROLES, RoleInvitation
from services.enrolment.events.role_invitations import RoleInvitationSnapshot, role_invitation_snapshot
from services.enrolment.handlers import role_invitations
from services.enrolment.handlers import roles as role_handlers
from services.enrolment.storage import roles
from services.enrolment.web.schemas.fields import ADDRESS, SHORT
from services.enrolment.web.visible_people import visible_invitation

colleagues_api = Blueprint(
    "colleagues_api",
    __name__,
    url_prefix="/organisations/<uuid:organisation_id>/people",
    description="The people of an organisation.",
)


class ColleagueSchema(Schema):
    id = fields.UUID()
    name = fields.String()
    email = fields.String()


class InviteColleagueSchema(Schema):
    """``role`` and ``programme``: one of the caller's own in this organisation."""

    name = fields.String(required=True, validate=SHORT)
    email = fields.Email(required=True, validate=ADDRESS)
    programme = fields.String(required=True)
    role = fields.String(required=True, validate=validate.OneOf([role.value for role in ORGANISATION_ROLES]))


@colleagues_api.get("")
@requires("buyer", "supplier")
@lists()
@colleagues_api.response(200, page_of(ColleagueSchema))
def list_colleagues(organisation_id: UUID) -> dict[str, Any]:
    """Who acts for the organisation, in alphabetical order."""
    _own_grants(organisation_id)
    with reading() as session:
        return page_of_rows(roles.people_of(session, organisation_id))


@colleagues_api.delete("/<uuid:person_id>")
@requires("buyer", "supplier")
@colleagues_api.response(204)
def remove_colleague(organisation_id: UUID, person_id: UUID) -> None:
    """Let a colleague, or oneself, act for it no longer. 409 for the last person.

    It ends the sign-ins of whoever leaves, and their tokens for the organisation.
    """
    _own_grants(organisation_id)
    with unit_of_work() as work:
        role_handlers.leave_organisation(person_id, organisation_id, work)


@colleagues_api.get("/invitations")
@requires("buyer", "supplier")
@lists()
@colleagues_api.response(200, page_of(RoleInvitationSnapshot))
def list_invitations(organisation_id: UUID) -> dict[str, Any]:
    """The invitations of colleagues that wait for an answer."""
    _own_grants(organisation_id)
    with reading() as session:
        waiting = roles.open_invitations(session, None, organisation_id)
        return page_of_rows([_told(each, organisation_id, session) for each in waiting])


@colleagues_api.post("/invitations")
@requires("buyer", "supplier")
@colleagues_api.arguments(InviteColleagueSchema)
@colleagues_api.response(201, RoleInvitationSnapshot)
def invite_colleague(details: dict[str, Any], organisation_id: UUID) -> dict[str, Any]:
    """Invite a colleague into one's own role. The role counts when it is accepted."""
    wanted = Grant(details["role"], details["programme"], organisation_id)
    if wanted not in _own_grants(organisation_id):
        raise DomainError("This role cannot be chosen.", field="role")
    person = signed_in_person()
    command = role_invitations.InviteIntoRole(
        grant=PersonGrant(Role(wanted.role), wanted.programme, organisation_id),
        name=details["name"],
        email=details["email"],
        locale=current_locale(),
        inviter_id=person.person_id,
        inviter_name=person.name,
    )
    with unit_of_work() as work:
        invitation = role_invitations.invite_into_role(command, runtime().settings.public_url, work)
        return _told(invitation, organisation_id, work.session)


@colleagues_api.post("/invitations/<uuid:invitation_id>/<any(resend, withdraw):what>")
@requires("buyer", "supplier")
@colleagues_api.response(200, RoleInvitationSnapshot)
def change_invitation(organisation_id: UUID, invitation_id: UUID, what: str) -> dict[str, Any]:
    """Send it again with a new link, or withdraw it. 409 when it was answered."""
    _own_grants(organisation_id)
    with unit_of_work() as work:
        visible_invitation(work.session, invitation_id, None, organisation_id)
        if what == "withdraw":
            return _told(role_invitations.withdraw(invitation_id, work), organisation_id, work.session)
        again = role_invitations.send_again(invitation_id, runtime().settings.public_url, work)
        return _told(again, organisation_id, work.session)


def _own_grants(organisation_id: UUID) -> list[Grant]:
    """The caller's roles in this organisation, which they can share. Raises NotFound for outsiders."""
    grants = [
        grant
        for grant in signed_in_person().grants
        if grant.organisation_id == organisation_id and grant.role in ORGANISATION_ROLES
    ]
    if not grants:
        raise NotFound("You do not belong to this organisation.")
    return grants


def _told(invitation: RoleInvitation, organisation_id: UUID, session: Session) -> dict[str, Any]:
    """Without the link: whoever has it acts as the person."""
    return role_invitation_snapshot(invitation, session.get_one(Organisation, organisation_id).name)
