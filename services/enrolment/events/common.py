"""What several of enrolment's events are made of."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from services.chassis.contracts import Contracts, EventSchema
from services.chassis.sessions import publish_use
from services.enrolment.domain.organisation import Organisation

contracts = Contracts("enrolment")
publish_use(contracts)


class ContactSnapshot(EventSchema):
    person_id = fields.UUID(required=True, allow_none=True)
    name = fields.String(required=True)
    email = fields.String(required=True)
    locale = fields.String(required=True)


class PlaceAndTrade(EventSchema):
    """Where an organisation is and what it does."""

    commune_code = fields.String(required=True, allow_none=True)
    commune_name = fields.String(required=True, allow_none=True)
    department = fields.String(required=True, allow_none=True)
    latitude = fields.Float(required=True, allow_none=True)
    longitude = fields.Float(required=True, allow_none=True)
    naf_code = fields.String(required=True, allow_none=True)
    size = fields.String(required=True, allow_none=True)


def publish(schema: type[EventSchema], *names: str) -> None:
    """Declare that enrolment publishes these events, each with this content."""
    for name in names:
        contracts.define(f"enrolment.{name}", schema)


def place_and_trade(organisation: Organisation) -> dict[str, Any]:
    return {
        "commune_code": organisation.commune_code,
        "commune_name": organisation.commune_name,
        "department": organisation.department,
        "latitude": organisation.latitude,
        "longitude": organisation.longitude,
        "naf_code": organisation.naf_code,
        "size": organisation.size,
    }
