"""Organisations, as others learn of them."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from services.chassis.contracts import EventSchema
from services.enrolment.domain.organisation import Organisation
from services.enrolment.events.common import PlaceAndTrade, place_and_trade, publish


class OrganisationSnapshot(PlaceAndTrade):
    id = fields.UUID(required=True)
    name = fields.String(required=True)
    siret = fields.String(required=True, allow_none=True)
    kind = fields.String(required=True)
    legal_form = fields.String(required=True)
    email = fields.String(required=True, allow_none=True)
    proven = fields.List(fields.String(), metadata={"description": "What a public register proves."})
    merged_into = fields.UUID(
        allow_none=True, metadata={"description": "The organisation that this one turned out to be."}
    )


class MergedEnrolment(EventSchema):
    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    merged_into = fields.UUID(required=True, allow_none=True)


class MergeSnapshot(OrganisationSnapshot):
    """An organisation that is another one, or no longer. Its enrolments are part of others, or moved."""

    kept_id = fields.UUID(required=True)
    enrolments = fields.List(fields.Nested(MergedEnrolment), required=True)


publish(
    OrganisationSnapshot,
    "organisation.registered",
    "organisation.updated",
)
publish(
    MergeSnapshot,
    "organisation.merged",
    "organisation.unmerged",
)


def organisation_snapshot(organisation: Organisation) -> dict[str, Any]:
    return {
        "id": organisation.id,
        "name": organisation.name,
        "siret": organisation.siret,
        "kind": organisation.kind,
        "legal_form": organisation.legal_form,
        "email": organisation.email,
        "proven": organisation.proven or [],
        "merged_into": organisation.merged_into,
        **place_and_trade(organisation),
    }
