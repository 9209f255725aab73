"""What comes in when a supplier registers itself, and with the team's answer to a request to join."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.chassis.web.i18n import N_
from services.enrolment.web.schemas.fields import ADDRESS, SHORT, CommuneCode, Siret


class RegistrationSchema(Schema):
    siret = Siret(load_default=None)
    organisation_name = fields.String(required=True, validate=SHORT)
    commune = CommuneCode(load_default=None)
    contact_name = fields.String(required=True, validate=SHORT)
    contact_email = fields.Email(required=True, validate=ADDRESS)
    agrees = fields.Boolean(
        required=True,
        validate=validate.Equal(True, error=N_("Please tick the box to take part.")),
        error_messages={"required": N_("Please tick the box to take part.")},
    )


class JoinDecisionSchema(Schema):
    granted = fields.Boolean(required=True)
    reason = fields.String(
        load_default="",
        validate=validate.Length(max=500),
        metadata={"description": "Why it is declined: the person who asked reads it."},
    )
