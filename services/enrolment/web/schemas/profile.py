"""What people say of themselves, and how it is shown to programs."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from services.chassis.web.i18n import LOCALES
from services.enrolment.domain.address_change import AddressChange
from services.enrolment.domain.person import Person
from services.enrolment.web.schemas.cockpit import PHONE
from services.enrolment.web.schemas.fields import ADDRESS, SHORT


class ProfileSchema(Schema):
    """``locale`` is the language of mails; ``phone`` is where the team reaches the person."""

    name = fields.String(required=True, validate=SHORT)
    locale = fields.String(required=True, validate=validate.OneOf(list(LOCALES)))
    phone = fields.String(load_default="", validate=PHONE)


class NewAddressSchema(Schema):
    email = fields.Email(required=True, validate=ADDRESS)


class WaitingAddressSchema(Schema):
    """A new address that was not confirmed yet."""

    email = fields.Email(attribute="new_email")
    asked_at = fields.AwareDateTime()
    expires_at = fields.AwareDateTime()


class OwnProfileSchema(ProfileSchema):
    email = fields.Email(dump_only=True)
    new_address = fields.Nested(WaitingAddressSchema, allow_none=True, dump_only=True)


def own_profile(person: Person, phone: str, waiting: AddressChange | None) -> dict[str, Any]:
    return {
        "name": person.name,
        "email": person.email,
        "locale": person.locale,
        "phone": phone,
        "new_address": waiting,
    }
