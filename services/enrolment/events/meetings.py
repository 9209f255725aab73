"""What a workshop and an appointment have in common for those who keep calendars."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from marshmallow import fields

from services.chassis.contracts import EventSchema
from services.enrolment.domain.person import Person


class Meeting(Protocol):
    """A workshop, or an appointment."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    place: str | None
    video_url: str | None
    calendar_sequence: int


class MeetingSnapshot(EventSchema):
    """``id`` and ``sequence`` are UID and SEQUENCE of its entry in calendars (RFC 5545)."""

    id = fields.UUID(required=True)
    sequence = fields.Integer(required=True, strict=True)
    title = fields.String(required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    place = fields.String(required=True, allow_none=True)
    video_url = fields.String(required=True, allow_none=True)
    description = fields.String(required=True)


def meeting_snapshot(meeting: Meeting, title: str, description: str) -> dict[str, Any]:
    return {
        "id": meeting.id,
        "sequence": meeting.calendar_sequence,
        "title": title,
        "starts_at": meeting.starts_at,
        "ends_at": meeting.ends_at,
        "place": meeting.place,
        "video_url": meeting.video_url,
        "description": description,
    }


def contact_snapshot(person: Person) -> dict[str, Any]:
    return {"person_id": person.id, "name": person.name, "email": person.email, "locale": person.locale}
