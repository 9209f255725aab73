"""Programmes and cohorts, as others learn of them."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from services.chassis.contracts import EventSchema
from services.enrolment.domain.programme import Cohort, Programme
from services.enrolment.events.common import publish


class FunderSnapshot(EventSchema):
    name = fields.String(required=True)
    amount = fields.Decimal(required=True, as_string=True, places=2)
    starts_on = fields.Date(required=True, allow_none=True)
    ends_on = fields.Date(required=True, allow_none=True)


class ProgrammeSnapshot(EventSchema):
    id = fields.UUID(required=True)
    slug = fields.String(required=True)
    name = fields.String(required=True)
    description = fields.String(required=True)
    chamber = fields.String(required=True)
    contact_email = fields.String(required=True)
    buyer_target = fields.Integer(required=True, strict=True)
    supplier_target = fields.Integer(required=True, strict=True)
    budget_total = fields.Decimal(required=True, as_string=True, places=2)
    budget_funded = fields.Decimal(required=True, as_string=True, places=2)
    funders = fields.List(fields.Nested(FunderSnapshot))


class CohortSnapshot(EventSchema):
    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    label = fields.String(required=True)
    state = fields.String(required=True)
    capacity = fields.Integer(required=True, strict=True)
    call_opens_on = fields.Date(required=True, allow_none=True)
    call_closes_on = fields.Date(required=True, allow_none=True)
    jury_on = fields.Date(allow_none=True)
    starts_on = fields.Date(allow_none=True)
    ends_on = fields.Date(allow_none=True)


publish(
    ProgrammeSnapshot,
    "programme.created",
    "programme.updated",
)
publish(
    CohortSnapshot,
    "cohort.planned",
    "cohort.updated",
    "cohort.opened",
    "cohort.review_started",
    "cohort.started",
    "cohort.completed",
)


def programme_snapshot(programme: Programme) -> dict[str, Any]:
    return {
        "id": programme.id,
        "slug": programme.slug,
        "name": programme.name,
        "description": programme.description,
        "chamber": programme.chamber,
        "contact_email": programme.contact_email,
        "buyer_target": programme.buyer_target,
        "supplier_target": programme.supplier_target,
        "budget_total": programme.budget_total,
        "budget_funded": programme.budget_funded,
        "funders": programme.funders,
    }


def cohort_snapshot(cohort: Cohort) -> dict[str, Any]:
    return {
        "id": cohort.id,
        "programme": cohort.programme,
        "label": cohort.label,
        "state": cohort.state,
        "capacity": cohort.capacity,
        "call_opens_on": cohort.call_opens_on,
        "call_closes_on": cohort.call_closes_on,
        "jury_on": cohort.jury_on,
        "starts_on": cohort.starts_on,
        "ends_on": cohort.ends_on,
    }
