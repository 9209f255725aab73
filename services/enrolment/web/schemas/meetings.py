"""What comes in with workshops, registrations and appointments."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from services.chassis.web.i18n import N_
from services.enrolment.domain.appointment import LONGEST_SERIES
from services.enrolment.domain.local_time import PARIS, day_of, instant_of
from services.enrolment.domain.workshop import Workshop, WorkshopDetails
from services.enrolment.web.schemas.fields import ADDRESS, LONG, SHORT

_WEB = validate.URL(
    schemes={"http", "https"}, error=N_("Write the whole address, as in https://visio.example/atelier.")
)


class MeetingSchema(Schema):
    """When and where: days and hours are those of Paris."""

    day = fields.Date(required=True)
    starts = fields.Time("%H:%M", required=True)
    ends = fields.Time("%H:%M", required=True)
    place = fields.String(load_default=None, validate=SHORT)
    video_url = fields.String(load_default=None, validate=[validate.Length(max=500), _WEB])


class WorkshopSchema(MeetingSchema):
    title = fields.String(required=True, validate=SHORT)
    theme = fields.String(required=True, validate=SHORT)
    capacity = fields.Integer(required=True, validate=validate.Range(1, 1000))
    description = fields.String(load_default="", validate=LONG)
    seen_version = fields.Integer(load_default=None)


class ParticipantSchema(Schema):
    """``name`` and ``email`` are those of a colleague; the person themselves without them."""

    organisation_id = fields.UUID(required=True)
    name = fields.String(required=True, validate=SHORT)
    email = fields.Email(required=True, validate=ADDRESS)


class BuyersSchema(Schema):
    """The buyers whose contacts are meant."""

    organisation_ids = fields.List(fields.UUID(), load_default=list)


class PresentSchema(Schema):
    present = fields.List(fields.UUID(), load_default=list)


class WalkInSchema(Schema):
    """``email`` is what they may have given."""

    organisation_id = fields.UUID(required=True)
    name = fields.String(required=True, validate=SHORT)
    email = fields.Email(load_default=None, validate=ADDRESS)


class CorrectionSchema(PresentSchema):
    """``organisation_id``, ``name`` and ``email`` are those of somebody who was on no list."""

    reason = fields.String(load_default="", validate=LONG)
    organisation_id = fields.UUID(load_default=None)
    name = fields.String(load_default=None, validate=SHORT)
    email = fields.Email(load_default=None, validate=ADDRESS)


class ReasonSchema(Schema):
    reason = fields.String(load_default="", validate=LONG)


class SlotsSchema(MeetingSchema):
    programme = fields.String(required=True, validate=validate.Length(max=60))
    weeks = fields.Integer(load_default=1, validate=validate.Range(1, LONGEST_SERIES))


class BookingSchema(Schema):
    slot_id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    subject = fields.String(required=True, validate=validate.Length(max=500))


class MoveSchema(Schema):
    slot_id = fields.UUID(required=True)


class ReportSchema(Schema):
    report = fields.String(load_default="", validate=validate.Length(max=20_000))


class NoteSchema(Schema):
    note = fields.String(load_default="", validate=validate.Length(max=20_000))


class AssignmentSchema(Schema):
    organisation_id = fields.UUID(required=True)
    adviser_id = fields.UUID(load_default=None)


def workshop_details(data: dict[str, Any]) -> WorkshopDetails:
    """What a form said. Raises DomainError for an hour that does not exist."""
    return WorkshopDetails(
        title=data["title"],
        theme=data["theme"],
        starts_at=instant_of(data["day"], data["starts"], field="starts"),
        ends_at=instant_of(data["day"], data["ends"], field="ends"),
        place=data["place"],
        video_url=data["video_url"],
        capacity=data["capacity"],
        description=data["description"],
    )


def workshop_values(workshop: Workshop) -> dict[str, Any]:
    """What the form shows of a workshop."""
    return {
        **vars(workshop.details),
        "seen_version": workshop.version,
        "day": day_of(workshop.starts_at),
        "starts": workshop.starts_at.astimezone(PARIS).strftime("%H:%M"),
        "ends": workshop.ends_at.astimezone(PARIS).strftime("%H:%M"),
    }
