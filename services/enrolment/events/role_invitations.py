"""Invitations into a role, as those who write mails learn of them."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from services.chassis.contracts import EventSchema
from services.enrolment.domain.role_invitation import RoleInvitation
from services.enrolment.events.common import ContactSnapshot, publish


class RoleInvitationSnapshot(EventSchema):
    """``url`` lets in as the person, and is there only while it is sent."""

    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    role = fields.String(required=True)
    organisation_id = fields.UUID(required=True, allow_none=True)
    organisation_name = fields.String(required=True, allow_none=True)
    state = fields.String(required=True)
    inviter_name = fields.String(required=True)
    contact = fields.Nested(ContactSnapshot, required=True)
    expires_at = fields.AwareDateTime(required=True)
    url = fields.String(required=True, allow_none=True)


publish(
    RoleInvitationSnapshot,
    "role_invitation.sent",
    "role_invitation.granted",
    "role_invitation.accepted",
    "role_invitation.withdrawn",
)


def role_invitation_snapshot(
    invitation: RoleInvitation, organisation_name: str | None, url: str | None = None
) -> dict[str, Any]:
    return {
        "id": invitation.id,
        "programme": invitation.programme,
        "role": invitation.role,
        "organisation_id": invitation.organisation_id,
        "organisation_name": organisation_name,
        "state": invitation.state,
        "inviter_name": invitation.inviter_name,
        "contact": {
            "person_id": None,
            "name": invitation.name,
            "email": invitation.email,
            "locale": invitation.locale,
        },
        "expires_at": invitation.expires_at,
        "url": url,
    }
