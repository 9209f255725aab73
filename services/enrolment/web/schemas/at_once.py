"""What a program says and is told when it does something for many buyers at once."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.enrolment.web.schemas.meetings import AssignmentSchema

_MOST = 1000


class ProposedAgreement(Schema):
    id = fields.UUID()
    application_id = fields.UUID()
    state = fields.String()
    sha256 = fields.String()
    proposed_at = fields.AwareDateTime()


class AssignmentsInput(Schema):
    assignments = fields.List(
        fields.Nested(AssignmentSchema), required=True, validate=validate.Length(max=_MOST)
    )


class BuyersInput(Schema):
    organisation_ids = fields.List(
        fields.UUID(),
        required=True,
        validate=validate.Length(max=_MOST),
        metadata={"description": "The buyers whose contacts are registered."},
    )
