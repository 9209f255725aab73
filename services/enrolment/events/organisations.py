"""Organisations, as others learn of them."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from services.enrolment.domain.organisation import Organisation
from services.enrolment.events.common import PlaceAndTrade, place_and_trade, publish


class OrganisationSnapshot(PlaceAndTrade):
    id = fields.UUID(required=True)
    name = fields.String(required=True)
    siret = fields.String(required=True, allow_none=True)
    kind = fields.String(required=True)
    legal_form = fields.String(required=True)
    email = fields.String(required=True, allow_none=True)


publish(
    OrganisationSnapshot,
    "organisation.registered",
    "organisation.updated",
)


def organisation_snapshot(organisation: Organisation) -> dict[str, Any]:
    return {
        "id": organisation.id,
        "name": organisation.name,
        "siret": organisation.siret,
        "kind": organisation.kind,
        "legal_form": organisation.legal_form,
        "email": organisation.email,
        **place_and_trade(organisation),
    }
