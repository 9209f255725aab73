"""What comes in when a programme is set up or changed."""

from __future__ import annotations

from decimal import Decimal

from marshmallow import Schema, fields, validate

from services.enrolment.web.schemas.fields import ADDRESS, LONG, SHORT

_AMOUNT = validate.Range(Decimal(0), Decimal("9999999999"))
_TARGET = validate.Range(0, 100_000)


class ProgrammeSchema(Schema):
    name = fields.String(required=True, validate=SHORT)
    description = fields.String(required=True, validate=LONG)
    chamber = fields.String(required=True, validate=SHORT)
    contact_email = fields.Email(required=True, validate=ADDRESS)
    buyer_target = fields.Integer(required=True, validate=_TARGET)
    supplier_target = fields.Integer(required=True, validate=_TARGET)
    budget_total = fields.Decimal(required=True, places=2, validate=_AMOUNT)


class ProgrammeForm(ProgrammeSchema):
    """``seen_version`` is the one that the form was filled in with."""

    seen_version = fields.Integer(load_default=None)


class NewProgrammeSchema(ProgrammeSchema):
    slug = fields.String(required=True, validate=validate.Length(max=60))
    manager_name = fields.String(required=True, validate=SHORT)
    manager_email = fields.Email(required=True, validate=ADDRESS)


class FunderSchema(Schema):
    name = fields.String(required=True, validate=SHORT)
    amount = fields.Decimal(required=True, places=2, validate=_AMOUNT)
    starts_on = fields.Date(load_default=None)
    ends_on = fields.Date(load_default=None)
