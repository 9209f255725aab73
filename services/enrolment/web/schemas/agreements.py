"""What comes in when an agreement is worded and signed."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.chassis.web.i18n import N_
from services.enrolment.web.schemas.fields import SHORT
from services.enrolment.web.schemas.suppliers import SeenSchema

_PLEASE = N_("Please tick the box to sign.")


class AgreementTemplateSchema(Schema):
    template = fields.String(required=True, validate=validate.Length(max=40_000))


class AgreementTemplateForm(AgreementTemplateSchema, SeenSchema):
    """``seen_version`` is the number of the wording that the person has seen."""


class WordingVersionOutput(Schema):
    """``saved_by`` is missing for the wording that was there before versions were kept."""

    number = fields.Integer()
    saved_by = fields.UUID(allow_none=True)
    saved_at = fields.AwareDateTime()


class WordingOutput(AgreementTemplateSchema):
    number = fields.Integer(
        allow_none=True, metadata={"description": "Of the version; none for the one that comes with Cesar."}
    )


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
