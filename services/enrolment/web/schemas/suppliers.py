"""What comes in with a supplier's invitation."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.enrolment.web.schemas.fields import ADDRESS, SHORT, CommuneCode, Siret


class InviteSchema(Schema):
    siret = Siret(load_default=None)
    organisation_name = fields.String(required=True, validate=SHORT)
    commune = CommuneCode(load_default=None)
    contact_name = fields.String(required=True, validate=SHORT)
    contact_email = fields.Email(required=True, validate=ADDRESS)
