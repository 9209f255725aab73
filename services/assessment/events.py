"""What assessment publishes: the contracts, and the snapshots that fill them.

Each event carries the whole public state of its aggregate. Answers and proofs are never in it: they leave
the service only on the pages of those with whom the supplier shares them.
"""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from services.assessment.domain.assessment import Assessment
from services.assessment.domain.referential import Referential
from services.assessment.domain.sharing import Scope, Sharing
from services.chassis.contracts import Contracts, EventSchema
from services.chassis.privacy.taking_part import publish_answers
from services.chassis.sessions import publish_use

contracts = Contracts("assessment")
publish_answers(contracts)
publish_use(contracts)

_SCORE = validate.Range(0, 100)
_SHARE = validate.Range(0, 1)


class ContactSnapshot(EventSchema):
    person_id = fields.UUID(required=True, allow_none=True)
    name = fields.String(required=True)
    email = fields.String(required=True)
    locale = fields.String(required=True)


class ThemeSnapshot(EventSchema):
    """``label`` is French; ``score`` is from 0 to 100, or null without data."""

    key = fields.String(required=True)
    label = fields.String(required=True)
    score = fields.Float(required=True, allow_none=True, validate=_SCORE)


class TrustSnapshot(EventSchema):
    """Shares from 0 to 1 of the answered part of the score."""

    declared = fields.Float(required=True, validate=_SHARE)
    evidenced = fields.Float(required=True, validate=_SHARE)
    verified = fields.Float(required=True, validate=_SHARE)


class AssessmentSnapshot(EventSchema):
    """``answered`` and ``applicable`` count questions that the organisation is expected to answer."""

    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    organisation_id = fields.UUID(required=True)
    organisation_name = fields.String(required=True)
    referential = fields.String(required=True)
    referential_version = fields.String(required=True)
    state = fields.String(required=True)
    answered = fields.Integer(required=True, strict=True)
    applicable = fields.Integer(required=True, strict=True)
    score = fields.Float(required=True, allow_none=True, validate=_SCORE)
    level = fields.Integer(required=True, allow_none=True, strict=True, validate=validate.Range(1, 5))
    themes = fields.List(fields.Nested(ThemeSnapshot), required=True)
    trust = fields.Nested(TrustSnapshot, required=True)
    contact = fields.Nested(ContactSnapshot, required=True)
    assigned_at = fields.AwareDateTime(required=True)
    started_at = fields.AwareDateTime(required=True, allow_none=True)
    submitted_at = fields.AwareDateTime(required=True, allow_none=True)
    validated_at = fields.AwareDateTime(required=True, allow_none=True)
    comment = fields.String(required=True, allow_none=True)


class SharingSnapshot(EventSchema):
    """``level`` and ``score`` are null unless "level" is in the scope, which is empty once revoked."""

    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    assessment_id = fields.UUID(required=True)
    supplier_organisation_id = fields.UUID(required=True)
    supplier_name = fields.String(required=True)
    buyer_organisation_id = fields.UUID(required=True)
    buyer_name = fields.String(required=True)
    scope = fields.List(fields.String(validate=validate.OneOf(list(Scope))), required=True)
    level = fields.Integer(required=True, allow_none=True, strict=True)
    score = fields.Float(required=True, allow_none=True)


for _name in (
    "assigned",
    "started",
    "submitted",
    "reopened",
    "review_started",
    "validated",
    "changes_requested",
):
    contracts.define(f"assessment.assessment.{_name}", AssessmentSnapshot)
for _name in ("granted", "revoked"):
    contracts.define(f"assessment.sharing.{_name}", SharingSnapshot)


def assessment_snapshot(assessment: Assessment, referential: Referential) -> dict[str, Any]:
    result = assessment.result(referential)
    return {
        "id": assessment.id,
        "programme": assessment.programme,
        "organisation_id": assessment.organisation_id,
        "organisation_name": assessment.organisation_name,
        "referential": assessment.referential,
        "referential_version": assessment.referential_version,
        "state": assessment.state,
        "answered": result.answered,
        "applicable": result.applicable,
        "score": result.score,
        "level": result.level,
        "themes": [
            {"key": each.theme.key, "label": each.theme.label.fr, "score": each.score}
            for each in result.themes
        ],
        "trust": result.trust,
        "contact": assessment.contact,
        "assigned_at": assessment.assigned_at,
        "started_at": assessment.started_at,
        "submitted_at": assessment.submitted_at,
        "validated_at": assessment.validated_at,
        "comment": assessment.comment,
    }


def sharing_snapshot(sharing: Sharing, assessment: Assessment) -> dict[str, Any]:
    shows_level = sharing.allows(Scope.LEVEL)
    return {
        "id": sharing.id,
        "programme": sharing.programme,
        "assessment_id": sharing.assessment_id,
        "supplier_organisation_id": sharing.supplier_organisation_id,
        "supplier_name": sharing.supplier_name,
        "buyer_organisation_id": sharing.buyer_organisation_id,
        "buyer_name": sharing.buyer_name,
        "scope": [part.value for part in Scope if sharing.allows(part)],
        "level": assessment.level if shows_level else None,
        "score": assessment.score if shows_level else None,
    }
