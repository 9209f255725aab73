"""What comes in with a supplier's invitation, and what is put right about suppliers and organisations."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.enrolment.domain.organisation import SIZES
from services.enrolment.web.schemas.cockpit import PHONE
from services.enrolment.web.schemas.fields import ADDRESS, SHORT, CommuneCode, Siret


class InviteSchema(Schema):
    siret = Siret(load_default=None)
    organisation_name = fields.String(required=True, validate=SHORT)
    commune = CommuneCode(load_default=None)
    contact_name = fields.String(required=True, validate=SHORT)
    contact_email = fields.Email(required=True, validate=ADDRESS)
    contact_phone = fields.String(load_default=None, validate=PHONE)


class ContactSchema(Schema):
    contact_name = fields.String(required=True, validate=SHORT)
    contact_email = fields.Email(required=True, validate=ADDRESS)
    contact_phone = fields.String(
        load_default=None, validate=PHONE, metadata={"description": "Without it none is known."}
    )


class DetailsSchema(Schema):
    """An organisation as it is. Without ``siret`` it keeps the one it has."""

    organisation_name = fields.String(required=True, validate=SHORT)
    commune = CommuneCode(load_default=None)
    size = fields.String(load_default=None, validate=validate.OneOf(SIZES))
    siret = Siret(load_default=None)


class BuyerDetailsSchema(DetailsSchema):
    legal_form = fields.String(load_default=None, validate=validate.OneOf(["public", "private"]))


class SeenSchema(Schema):
    """The version that the person has seen who sends the form."""

    seen_version = fields.Integer(load_default=None)


class ContactForm(ContactSchema, SeenSchema):
    pass


class DetailsForm(BuyerDetailsSchema, SeenSchema):
    pass


class LeavingSchema(Schema):
    reason = fields.String(required=True, validate=validate.Length(max=500))
