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


class TokenSchema(Schema):
    """``roles`` are keys of roles, see ``grant_keys``."""

    name = fields.String(required=True, validate=SHORT)
    roles = fields.List(
        fields.String(), required=True, error_messages={"required": N_("Choose at least one role.")}
    )
    days = fields.Integer(required=True, validate=validate.Range(1, 366))


class RoleInvitationSchema(Schema):
    name = fields.String(required=True, validate=SHORT)
    email = fields.Email(required=True, validate=ADDRESS)
    role = fields.String(required=True)


class AcceptRoleSchema(Schema):
    name = fields.String(required=True, validate=SHORT)
