"""Addresses that change, as those learn of it who write the mails."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from services.chassis.contracts import EventSchema
from services.enrolment.domain.address_change import AddressChange, masked
from services.enrolment.domain.person import Person
from services.enrolment.events.common import ContactSnapshot, publish


class AddressChangeSnapshot(EventSchema):
    """``contact`` reads the new address, ``former_contact`` the one before.

    Neither has an id: these mails go to these addresses, whatever the person's address is by then. The new
    one is nobody's yet, and has no name, since a stranger may read it. ``url`` confirms the change for the
    person who is signed in; ``objection_url`` stops or undoes it, for whoever has it.
    """

    id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    state = fields.String(required=True)
    is_taken = fields.Boolean(required=True)
    contact = fields.Nested(ContactSnapshot, required=True)
    former_contact = fields.Nested(ContactSnapshot, required=True)
    masked_email = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)
    objection_until = fields.AwareDateTime(required=True)
    url = fields.String(allow_none=True)
    objection_url = fields.String(allow_none=True)


publish(
    AddressChangeSnapshot,
    "address_change.requested",
    "address_change.confirmed",
    "address_change.cancelled",
    "address_change.objected",
)


def address_change_snapshot(
    change: AddressChange, person: Person, *, url: str | None = None, objection_url: str | None = None
) -> dict[str, Any]:
    return {
        "id": change.id,
        "person_id": person.id,
        "state": change.state,
        "is_taken": change.is_taken,
        "contact": {"person_id": None, "name": "", "email": change.new_email, "locale": person.locale},
        "former_contact": {
            "person_id": None,
            "name": person.name,
            "email": change.former_email,
            "locale": person.locale,
        },
        "masked_email": masked(change.new_email),
        "expires_at": change.expires_at,
        "objection_until": change.objection_until,
        "url": url,
        "objection_url": objection_url,
    }
