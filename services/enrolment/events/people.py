"""People and their sign-in links, as others learn of them."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from services.chassis.contracts import EventSchema
from services.enrolment.domain.person import Person
from services.enrolment.events.common import publish


class GrantSnapshot(EventSchema):
    role = fields.String(required=True)
    programme = fields.String(required=True, allow_none=True)
    organisation_id = fields.UUID(required=True, allow_none=True)


class PersonSnapshot(EventSchema):
    id = fields.UUID(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)
    locale = fields.String(required=True)
    grants = fields.List(fields.Nested(GrantSnapshot), required=True)


class SignInRequested(EventSchema):
    id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)
    locale = fields.String(required=True)
    url = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)


publish(
    PersonSnapshot,
    "person.registered",
    "person.updated",
)
publish(
    SignInRequested,
    "sign_in.requested",
)


def person_snapshot(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "locale": person.locale,
        "grants": person.grants,
    }
