"""What comes in with an application and with the decision on it."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.enrolment.web.schemas.fields import ADDRESS, LONG, SHORT, CommuneCode, Siret


# Fields stand in the order in which the forms have them, since what is wrong is listed in that order.
class ApplySchema(Schema):
    organisation_name = fields.String(required=True, validate=SHORT)
    legal_form = fields.String(required=True, validate=validate.OneOf(["public", "private"]))
    siret = Siret(load_default=None)
    commune = CommuneCode(load_default=None)
    contact_name = fields.String(required=True, validate=SHORT)
    contact_email = fields.Email(required=True, validate=ADDRESS)
    motivation = fields.String(required=True, validate=LONG)


class DecisionSchema(Schema):
    decision = fields.String(
        required=True, validate=validate.OneOf(["accept", "waitlist", "decline", "return", "enrol"])
    )
    return_reason = fields.String(
        load_default="incomplete", validate=validate.OneOf(["incorrect", "incomplete", "outdated"])
    )
    reason = fields.String(load_default="", validate=LONG)


class BuyerLeavesSchema(Schema):
    """``left_on`` is the day on which the buyer left; the buyer reads ``reason``."""

    left_on = fields.Date(required=True)
    reason = fields.String(required=True, validate=LONG)


class WithdrawalSchema(Schema):
    """The applicant reads ``reason``."""

    reason = fields.String(required=True, validate=LONG)


class SiretSchema(Schema):
    siret = Siret(required=True)


class MotivationSchema(Schema):
    motivation = fields.String(required=True, validate=LONG)


class OfferSchema(Schema):
    answer = fields.String(required=True, validate=validate.OneOf(["take", "leave"]))


class LiftConflictSchema(Schema):
    """The log of decisions keeps ``reason``."""

    reason = fields.String(required=True, validate=LONG)


class JurorSchema(Schema):
    name = fields.String(required=True, validate=SHORT)
    email = fields.Email(required=True, validate=ADDRESS)
