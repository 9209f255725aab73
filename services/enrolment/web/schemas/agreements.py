"""What comes in when an agreement is worded and signed."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.chassis.web.i18n import N_
from services.enrolment.web.schemas.fields import SHORT

_PLEASE = N_("Please tick the box to sign.")


class AgreementTemplateSchema(Schema):
    template = fields.String(required=True, validate=validate.Length(max=40_000))


class SignSchema(Schema):
    name = fields.String(required=True, validate=SHORT)
    sha256 = fields.String(required=True, validate=validate.Length(equal=64))
    agrees = fields.Boolean(
        required=True,
        validate=validate.Equal(True, error=_PLEASE),
        error_messages={"required": _PLEASE},
    )


class SignedCopySchema(Schema):
    signer = fields.String(required=True, validate=SHORT)
