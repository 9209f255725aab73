"""Workshops, registrations and appointments as programs send and receive them; instants have an offset."""

from __future__ import annotations

from flask_smorest.fields import Upload
from marshmallow import Schema, fields, validate

from services.enrolment.domain.appointment import LONGEST_SERIES
from services.enrolment.web.schemas.fields import ADDRESS, LONG, SHORT

_URL = [validate.Length(max=500), validate.URL(schemes={"http", "https"})]


class MeetingFields(Schema):
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    place = fields.String(load_default=None, allow_none=True, validate=SHORT)
    video_url = fields.String(load_default=None, allow_none=True, validate=_URL)


class WorkshopInput(MeetingFields):
    title = fields.String(required=True, validate=[validate.Length(min=1), SHORT])
    theme = fields.String(required=True, validate=[validate.Length(min=1), SHORT])
    capacity = fields.Integer(required=True, validate=validate.Range(1, 1000))
    description = fields.String(load_default="", validate=LONG)


class NewWorkshopInput(WorkshopInput):
    programme = fields.String(required=True)
    cohort = fields.String(required=True, metadata={"description": "The label of the cohort."})


class WorkshopOutput(WorkshopInput):
    id = fields.UUID()
    programme = fields.String()
    cohort_id = fields.UUID()
    state = fields.String()
    reason = fields.String(allow_none=True)
    calendar_sequence = fields.Integer()


class WorkshopRowOutput(Schema):
    workshop = fields.Nested(WorkshopOutput)
    cohort_label = fields.String()
    registered = fields.Integer()
    mine = fields.String(allow_none=True, metadata={"description": "How you are registered, if you are."})


class RegistrationOutput(Schema):
    id = fields.UUID()
    workshop_id = fields.UUID()
    person_id = fields.UUID()
    organisation_id = fields.UUID()
    state = fields.String()
    asked_at = fields.AwareDateTime()
    present_at = fields.AwareDateTime(allow_none=True)
    presence = fields.String(allow_none=True)


class ParticipantOutput(Schema):
    registration = fields.Nested(RegistrationOutput)
    name = fields.String(attribute="person.name")
    email = fields.String(attribute="person.address", allow_none=True)
    organisation = fields.String(attribute="organisation.name")


class AttendanceInput(Schema):
    present = fields.List(
        fields.UUID(), required=True, metadata={"description": "The registrations of those who are there."}
    )


class WalkInInput(Schema):
    organisation_id = fields.UUID(required=True)
    name = fields.String(required=True, validate=[validate.Length(min=1), SHORT])
    email = fields.Email(load_default=None, allow_none=True, validate=ADDRESS)


class CorrectionInput(AttendanceInput):
    reason = fields.String(required=True, validate=LONG)
    added = fields.Nested(
        WalkInInput,
        load_default=None,
        allow_none=True,
        metadata={"description": "Somebody who came and was on no list."},
    )


class CorrectionOutput(Schema):
    corrected_at = fields.AwareDateTime()
    corrected_by = fields.UUID()
    reason = fields.String()
    changes = fields.Integer(metadata={"description": "Of how many people something else is known since."})


class SignedSheetInput(Schema):
    file = Upload(required=True, metadata={"description": "A PDF file or a photo."})


class SignedSheetOutput(Schema):
    id = fields.UUID()
    name = fields.String()
    media_type = fields.String()
    size = fields.Integer(metadata={"description": "In bytes."})
    sha256 = fields.String()
    added_at = fields.AwareDateTime()
    added_by = fields.UUID()


class AttendanceOutput(Schema):
    present = fields.Integer(metadata={"description": "How many are there."})


class CodeOutput(Schema):
    code = fields.String(metadata={"description": "Good for some minutes; ask again for the next."})
    address = fields.String(metadata={"description": "Where a phone says that its owner is there."})
    registered = fields.Integer()
    present = fields.Integer()


class CheckInInput(Schema):
    code = fields.String(required=True, validate=SHORT)


class SlotInput(MeetingFields):
    programme = fields.String(required=True)
    weeks = fields.Integer(load_default=1, validate=validate.Range(1, LONGEST_SERIES))


class SlotOutput(MeetingFields):
    id = fields.UUID()
    programme = fields.String()
    adviser_id = fields.UUID()


class AppointmentOutput(MeetingFields):
    id = fields.UUID()
    programme = fields.String()
    adviser_id = fields.UUID()
    organisation_id = fields.UUID()
    person_id = fields.UUID()
    subject = fields.String()
    state = fields.String()
    reason = fields.String(allow_none=True)
    report = fields.String(allow_none=True)
    calendar_sequence = fields.Integer()


class AppointmentRowOutput(Schema):
    appointment = fields.Nested(AppointmentOutput)
    organisation = fields.String(attribute="organisation.name")
    adviser = fields.String(attribute="adviser.name")


class FollowedBuyerOutput(Schema):
    organisation_id = fields.UUID(attribute="organisation.id")
    organisation = fields.String(attribute="organisation.name")
    adviser_id = fields.UUID(attribute="adviser.id", dump_default=None, allow_none=True)
    adviser = fields.String(attribute="adviser.name", dump_default=None, allow_none=True)
