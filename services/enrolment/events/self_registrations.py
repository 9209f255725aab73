"""Suppliers who come by themselves, as those who write mails learn of them."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from services.chassis.contracts import EventSchema
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.self_registration import JoinRequest, SelfRegistration
from services.enrolment.events.common import ContactSnapshot, publish


class SelfRegistrationSnapshot(EventSchema):
    """``url`` confirms the address: whoever has it acts as the person."""

    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    organisation_name = fields.String(required=True)
    contact = fields.Nested(ContactSnapshot, required=True)
    url = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)


class JoinRequestSnapshot(EventSchema):
    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    organisation_id = fields.UUID(required=True)
    organisation_name = fields.String(required=True)
    application_id = fields.UUID(allow_none=True)
    state = fields.String(required=True)
    contact = fields.Nested(ContactSnapshot, required=True)
    asked_at = fields.AwareDateTime(required=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    reason = fields.String(allow_none=True, metadata={"description": "Why the team declined, if it says so."})


publish(SelfRegistrationSnapshot, "self_registration.requested")
publish(JoinRequestSnapshot, "join_request.made", "join_request.granted", "join_request.declined")


def self_registration_snapshot(registration: SelfRegistration, url: str) -> dict[str, Any]:
    return {
        "id": registration.id,
        "programme": registration.programme,
        "organisation_name": registration.organisation_name,
        "contact": _contact(registration.contact_name, registration.contact_email, registration.locale),
        "url": url,
        "expires_at": registration.expires_at,
    }


def join_request_snapshot(
    request: JoinRequest, organisation: Organisation, *, reason: str = ""
) -> dict[str, Any]:
    """``reason`` is what the team says when it declines: it is told, and not kept with the request."""
    return {
        "id": request.id,
        "programme": request.programme,
        "organisation_id": organisation.id,
        "organisation_name": organisation.name,
        "application_id": request.application_id,
        "state": request.state,
        "contact": _contact(request.name, request.email, request.locale),
        "asked_at": request.asked_at,
        "decided_at": request.decided_at,
        "reason": reason or None,
    }


def _contact(name: str, email: str, locale: str) -> dict[str, Any]:
    return {"person_id": None, "name": name, "email": email, "locale": locale}
