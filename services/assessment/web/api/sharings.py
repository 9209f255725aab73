"""What a supplier lets each buyer see, for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from services.assessment.domain.assessment import Assessment
from services.assessment.domain.sharing import Scope, Sharing
from services.assessment.handlers import sharing
from services.assessment.storage import queries
from services.assessment.web.visibility import own_assessment
from services.chassis.web.access import requires
from services.chassis.web.lists import lists, page_of, page_of_rows
from services.chassis.web.work import reading, unit_of_work

sharings_api = Blueprint(
    "sharings_api",
    __name__,
    url_prefix="/assessments/<uuid:assessment_id>/sharings",
    description="What a supplier lets each buyer see.",
)


class ScopeSchema(Schema):
    scope = fields.List(
        fields.Enum(Scope, by_value=True),
        required=True,
        metadata={"description": "Exactly what this buyer sees from now on; proofs with answers only."},
    )


class SharingSchema(Schema):
    buyer_organisation_id = fields.UUID()
    buyer_name = fields.String()
    invited = fields.Boolean(metadata={"description": "Whether this buyer invited the supplier."})
    scope = fields.List(fields.String(), metadata={"description": "Empty where nothing is shared."})
    granted_at = fields.AwareDateTime(allow_none=True)


@sharings_api.get("")
@requires("supplier")
@lists()
@sharings_api.response(200, page_of(SharingSchema))
def list_sharings(assessment_id: UUID) -> dict[str, Any]:
    """The buyers of the programme, those who invited first, and what each sees."""
    with reading() as session:
        return page_of_rows(_sharings(session, own_assessment(session, assessment_id)))


@sharings_api.put("/<uuid:buyer_organisation_id>")
@requires("supplier")
@sharings_api.arguments(ScopeSchema)
@sharings_api.response(200, SharingSchema)
def share(details: dict[str, Any], assessment_id: UUID, buyer_organisation_id: UUID) -> dict[str, Any]:
    """Let one buyer see exactly this. 409 before the assessment is handed in."""
    with reading() as session:
        own_assessment(session, assessment_id)
    with unit_of_work() as work:
        sharing.share(assessment_id, buyer_organisation_id, frozenset(details["scope"]), work)
        work.session.flush()
        found = _sharings(work.session, work.get(Assessment, assessment_id))
        return next(each for each in found if each["buyer_organisation_id"] == buyer_organisation_id)


@sharings_api.delete("/<uuid:buyer_organisation_id>")
@requires("supplier")
@sharings_api.response(204)
def stop_sharing(assessment_id: UUID, buyer_organisation_id: UUID) -> None:
    """The buyer sees nothing any more. 404 or 409 where nothing is shared."""
    with reading() as session:
        own_assessment(session, assessment_id)
    with unit_of_work() as work:
        sharing.stop_sharing(assessment_id, buyer_organisation_id, work)


def _sharings(session: Session, assessment: Assessment) -> list[dict[str, Any]]:
    decisions = queries.sharings_of(session, assessment.id)
    return [
        {
            "buyer_organisation_id": buyer.organisation_id,
            "buyer_name": buyer.name,
            "invited": buyer.invited,
            **_decided(decisions.get(buyer.organisation_id)),
        }
        for buyer in queries.buyers_for(session, assessment)
    ]


def _decided(decision: Sharing | None) -> dict[str, Any]:
    if decision is None:
        return {"scope": [], "granted_at": None}
    return {
        "scope": [part for part in Scope if decision.allows(part)],
        "granted_at": decision.granted_at,
    }
