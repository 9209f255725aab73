"""What comes in through forms and through the API."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from services.chassis.model import DomainError
from services.chassis.web.i18n import N_, error_message
from services.enrolment.communes import parse_commune
from services.enrolment.siret import parse_siret

_LONG = validate.Length(max=5000)
_SHORT = validate.Length(max=200)
_ADDRESS = validate.Length(max=254)


class Siret(fields.String):
    """A SIRET as typed, brought to its fourteen digits."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        try:
            return parse_siret(super()._deserialize(value, attr, data, **options) or "")
        except DomainError as error:
            raise ValidationError(error_message(error)) from error


class CommuneCode(fields.String):
    """A commune as typed, brought to INSEE's code."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        try:
            return parse_commune(super()._deserialize(value, attr, data, **options) or "").code
        except DomainError as error:
            raise ValidationError(error_message(error)) from error


class SignInSchema(Schema):
    email = fields.Email(required=True, validate=_ADDRESS)


# Fields stand in the order in which the forms have them, since what is wrong is listed in that order.
class ApplySchema(Schema):
    organisation_name = fields.String(required=True, validate=_SHORT)
    legal_form = fields.String(required=True, validate=validate.OneOf(["public", "private"]))
    siret = Siret(load_default=None)
    commune = CommuneCode(load_default=None)
    contact_name = fields.String(required=True, validate=_SHORT)
    contact_email = fields.Email(required=True, validate=_ADDRESS)
    motivation = fields.String(required=True, validate=_LONG)


class InviteSchema(Schema):
    organisation_name = fields.String(required=True, validate=_SHORT)
    siret = Siret(load_default=None)
    commune = CommuneCode(load_default=None)
    contact_name = fields.String(required=True, validate=_SHORT)
    contact_email = fields.Email(required=True, validate=_ADDRESS)


class AcceptInvitationSchema(Schema):
    name = fields.String(required=True, validate=_SHORT)
    agrees = fields.Boolean(
        required=True,
        validate=validate.Equal(True, error=N_("Please tick the box to take part.")),
        error_messages={"required": N_("Please tick the box to take part.")},
    )


class CohortSchema(Schema):
    # The label stands in addresses, where "new" is the page on which cohorts are planned.
    label = fields.String(
        required=True,
        validate=[
            validate.Length(max=40),
            validate.Regexp(
                r"\w[\w .–-]*\Z", error=N_("Use letters, digits, spaces and hyphens, for example 2027.")
            ),
            validate.NoneOf(["new"]),
        ],
    )
    capacity = fields.Integer(required=True, validate=validate.Range(1, 500))


class OpenCallSchema(Schema):
    call_opens_on = fields.Date(required=True)
    call_closes_on = fields.Date(required=True)


class DecisionSchema(Schema):
    decision = fields.String(
        required=True, validate=validate.OneOf(["accept", "waitlist", "decline", "return", "enrol"])
    )
    return_reason = fields.String(
        load_default="incomplete", validate=validate.OneOf(["incorrect", "incomplete", "outdated"])
    )
    reason = fields.String(load_default="", validate=_LONG)


class SiretSchema(Schema):
    siret = Siret(required=True)


class MotivationSchema(Schema):
    motivation = fields.String(required=True, validate=_LONG)
