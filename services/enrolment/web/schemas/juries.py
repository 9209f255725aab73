"""What the JSON API tells of juries beside scores and ranks."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.enrolment.web.schemas.applications import LiftConflictSchema


class JurorDetail(Schema):
    person_id = fields.UUID()
    name = fields.String()


class MemberDetail(JurorDetail):
    email = fields.String()
    complete = fields.Integer(metadata={"description": "Applications that have all scores of this member."})
    conflicts = fields.Integer(metadata={"description": "Applications that the member stays out of."})


class ToScoreDetail(Schema):
    application_id = fields.UUID()
    organisation_name = fields.String()
    programme = fields.String()
    cohort_label = fields.String()
    is_complete = fields.Boolean(metadata={"description": "Whether the caller has given all scores."})
    has_conflict = fields.Boolean(metadata={"description": "Whether the caller stays out of it."})


class LiftConflictBody(LiftConflictSchema):
    person_id = fields.UUID(
        load_default=None, allow_none=True, metadata={"description": "The member, where a manager says it."}
    )


class CompletenessDetail(Schema):
    is_complete = fields.Boolean(metadata={"description": "Whether all scores are given."})
