"""What is typed about people's requests."""

from __future__ import annotations

from marshmallow import Schema, fields, validate


class AskForSchema(Schema):
    """The team asks for somebody."""

    email = fields.Email(required=True)
    what = fields.String(required=True, validate=validate.OneOf(["copy", "erasure"]))


class DecisionSchema(Schema):
    decision = fields.String(required=True, validate=validate.OneOf(["erase", "decline"]))
    reason = fields.String(load_default="", validate=validate.Length(max=2000))
