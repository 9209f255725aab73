"""What comes in when two suppliers are merged or told apart."""

from __future__ import annotations

from marshmallow import Schema, fields


class MergeSchema(Schema):
    programme = fields.String(required=True)
    kept_id = fields.UUID(required=True)
    merged_id = fields.UUID(required=True)


class PairSchema(Schema):
    programme = fields.String(required=True)
    first = fields.UUID(required=True)
    second = fields.UUID(required=True)
