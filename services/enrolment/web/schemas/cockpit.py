"""What the team notes of its contact with a buyer, and the cockpit as programs read it."""

from __future__ import annotations

import re

from marshmallow import Schema, fields, validate

from services.chassis.web.i18n import N_
from services.enrolment.domain.cockpit import Milestone, NextStep
from services.enrolment.domain.contacts import CallOutcome
from services.enrolment.web.schemas.fields import LONG

PHONE = validate.Regexp(
    re.compile(r"^(\+?[0-9][0-9 ().\-]{5,28})?$"), error=N_("Write digits and spaces, as in 04 67 12 34 56.")
)


class PhoneCallSchema(Schema):
    person_id = fields.UUID(required=True)
    outcome = fields.Enum(CallOutcome, by_value=True, required=True)
    note = fields.String(load_default="", validate=LONG)
    next_on = fields.Date(load_default=None, allow_none=True)


class TeamNoteSchema(Schema):
    text = fields.String(required=True, validate=[validate.Length(min=1, error=N_("Write something.")), LONG])


class PhoneNumberSchema(Schema):
    number = fields.String(load_default="", validate=PHONE)


class PhoneSchema(PhoneNumberSchema):
    person_id = fields.UUID(required=True)


class NotedOutput(Schema):
    id = fields.UUID()


class ContactOutput(Schema):
    person_id = fields.UUID()
    name = fields.String()


class PhoneCallOutput(PhoneCallSchema):
    id = fields.UUID()
    called_by = fields.UUID()
    called_at = fields.AwareDateTime()


class TeamNoteOutput(TeamNoteSchema):
    id = fields.UUID()
    written_by = fields.UUID()
    written_at = fields.AwareDateTime()


class CockpitRowOutput(Schema):
    organisation_id = fields.UUID(attribute="buyer.organisation_id")
    name = fields.String(attribute="buyer.name")
    application_id = fields.UUID(attribute="buyer.application_id")
    state = fields.String(attribute="buyer.state")
    adviser = fields.String(attribute="buyer.adviser", allow_none=True)
    contact_id = fields.UUID(attribute="buyer.contact_id")
    contact_name = fields.String(attribute="buyer.contact_name")
    contact_email = fields.String(attribute="buyer.contact_email")
    phone = fields.String(attribute="buyer.phone", allow_none=True)
    reached = fields.Dict(
        keys=fields.Enum(Milestone, by_value=True),
        values=fields.AwareDateTime(),
        attribute="buyer.reached",
        metadata={"description": "When each milestone was reached."},
    )
    next_step = fields.Enum(NextStep, by_value=True, attribute="buyer.next_step")
    days_silent = fields.Integer(allow_none=True)
    is_stuck = fields.Boolean()
    is_to_be_called = fields.Boolean()
    suppliers = fields.Integer(attribute="buyer.suppliers")
    assessed = fields.Integer(attribute="buyer.assessed")
