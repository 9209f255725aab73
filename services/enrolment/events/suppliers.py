"""Suppliers in a programme, as others learn of them."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from services.chassis.contracts import EventSchema
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.supplier import SupplierEnrolment
from services.enrolment.events.common import ContactSnapshot, PlaceAndTrade, place_and_trade, publish


class InviterSnapshot(EventSchema):
    organisation_id = fields.UUID(required=True, allow_none=True)
    organisation_name = fields.String(required=True)
    invited_at = fields.AwareDateTime(required=True)


class SupplierSnapshot(PlaceAndTrade):
    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    organisation_id = fields.UUID(required=True)
    organisation_name = fields.String(required=True)
    siret = fields.String(required=True, allow_none=True)
    state = fields.String(required=True)
    contact = fields.Nested(ContactSnapshot, required=True)
    invited_by = fields.List(fields.Nested(InviterSnapshot), required=True)
    invited_at = fields.AwareDateTime(required=True, allow_none=True)
    enrolled_at = fields.AwareDateTime(required=True, allow_none=True)
    invitation_url = fields.String(allow_none=True)
    proven = fields.List(fields.String(), metadata={"description": "What a public register proves."})
    merged_into = fields.UUID(
        allow_none=True, metadata={"description": "The enrolment of the same supplier that counts instead."}
    )


publish(
    SupplierSnapshot,
    "supplier.registered",
    "supplier.invited",
    "supplier.enrolled",
    "supplier.activated",
    "supplier.fell_dormant",
    "supplier.left",
    "supplier.returned",
    "supplier.updated",
    "supplier.merged",
    "supplier.unmerged",
)


def supplier_snapshot(
    supplier: SupplierEnrolment, organisation: Organisation, *, invitation_url: str | None = None
) -> dict[str, Any]:
    return {
        "id": supplier.id,
        "programme": supplier.programme,
        "organisation_id": organisation.id,
        "organisation_name": organisation.name,
        "siret": organisation.siret,
        "state": supplier.state,
        "contact": {
            "person_id": supplier.contact_id,
            "name": supplier.contact_name,
            "email": supplier.contact_email,
            "locale": supplier.contact_locale,
        },
        "invited_by": supplier.invited_by,
        "invited_at": supplier.invited_at,
        "enrolled_at": supplier.enrolled_at,
        "invitation_url": invitation_url,
        "proven": organisation.proven or [],
        "merged_into": supplier.merged_into,
        **place_and_trade(organisation),
    }
