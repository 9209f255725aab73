"""Suppliers, for programs: as a list has them, and one with what happened to it."""

from __future__ import annotations

from marshmallow import Schema, fields


class InviterSchema(Schema):
    organisation_id = fields.UUID(allow_none=True)
    organisation_name = fields.String()
    invited_at = fields.AwareDateTime()


class HappeningDetail(Schema):
    what = fields.String()
    at = fields.AwareDateTime()
    by = fields.String(allow_none=True)
    reason = fields.String(metadata={"description": "Why it left; empty for who is not of the team."})


class SupplierRowSchema(Schema):
    id = fields.UUID()
    name = fields.String()
    siret = fields.String(allow_none=True)
    commune_name = fields.String(allow_none=True)
    department = fields.String(allow_none=True)
    state = fields.String()
    contact_name = fields.String()
    contact_email = fields.String()
    contact_phone = fields.String(
        allow_none=True, metadata={"description": "To the team, the number that people gave themselves."}
    )
    invited_by = fields.List(fields.Nested(InviterSchema))
    invited_at = fields.AwareDateTime(allow_none=True)
    enrolled_at = fields.AwareDateTime(allow_none=True)
    proven = fields.List(fields.String(), metadata={"description": "What a public register proves."})


class SupplierDetail(SupplierRowSchema):
    version = fields.Integer()
    programme = fields.String()
    organisation_id = fields.UUID()
    organisation_version = fields.Integer()
    commune_code = fields.String(allow_none=True)
    size = fields.String(allow_none=True)
    sent_at = fields.AwareDateTime(
        allow_none=True, metadata={"description": "When the link was last sent that waits for an answer."}
    )
    link_ends_at = fields.AwareDateTime(allow_none=True)
    not_reached = fields.String(
        allow_none=True,
        metadata={"description": "not_delivered or unsubscribed, when the last link reached nobody."},
    )
    history = fields.List(
        fields.Nested(HappeningDetail), metadata={"description": "What happened, the latest first."}
    )
