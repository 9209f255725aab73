"""What comes in when people sign in or accept an invitation."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.chassis.web.i18n import N_
from services.enrolment.web.schemas.fields import ADDRESS, SHORT


class SignInSchema(Schema):
    email = fields.Email(required=True, validate=ADDRESS)


class AcceptInvitationSchema(Schema):
    name = fields.String(required=True, validate=SHORT)
    agrees = fields.Boolean(
        required=True,
        validate=validate.Equal(True, error=N_("Please tick the box to take part.")),
        error_messages={"required": N_("Please tick the box to take part.")},
    )
