"""Workshops, and who is registered for them, as others learn of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from marshmallow import fields

from services.chassis.contracts import EventSchema
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person
from services.enrolment.domain.programme import Cohort
from services.enrolment.domain.workshop import Workshop
from services.enrolment.domain.workshop_registration import Registration
from services.enrolment.events.common import ContactSnapshot, publish
from services.enrolment.events.meetings import MeetingSnapshot, contact_snapshot, meeting_snapshot


class WorkshopSnapshot(EventSchema):
    """``invited`` are those who may register; it is said once, when the workshop is scheduled.

    ``registered`` and ``present`` count people, ``present`` once the workshop has been held.
    """

    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    cohort_id = fields.UUID(required=True)
    cohort_label = fields.String(required=True)
    theme = fields.String(required=True)
    capacity = fields.Integer(required=True, strict=True)
    state = fields.String(required=True)
    reason = fields.String(required=True, allow_none=True)
    registered = fields.Integer(required=True, strict=True)
    present = fields.Integer(required=True, allow_none=True, strict=True)
    meeting = fields.Nested(MeetingSnapshot, required=True)
    invited = fields.List(fields.Nested(ContactSnapshot))


class RegistrationSnapshot(EventSchema):
    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    cohort_id = fields.UUID(required=True)
    cohort_label = fields.String(required=True)
    organisation_id = fields.UUID(required=True)
    organisation_name = fields.String(required=True)
    contact = fields.Nested(ContactSnapshot, required=True)
    state = fields.String(required=True)
    reason = fields.String(required=True, allow_none=True)
    present_at = fields.AwareDateTime(required=True, allow_none=True)
    presence = fields.String(required=True, allow_none=True)
    meeting = fields.Nested(MeetingSnapshot, required=True)


publish(
    WorkshopSnapshot,
    "workshop.scheduled",
    "workshop.changed",
    "workshop.held",
    "workshop.corrected",
    "workshop.cancelled",
)
publish(
    RegistrationSnapshot,
    "workshop_registration.registered",
    "workshop_registration.waitlisted",
    "workshop_registration.changed",
    "workshop_registration.withdrawn",
    "workshop_registration.cancelled",
    "workshop_registration.attended",
    "workshop_registration.absent",
)


def workshop_snapshot(
    workshop: Workshop,
    cohort: Cohort,
    *,
    registered: int,
    present: int | None = None,
    invited: Sequence[Person] = (),
) -> dict[str, Any]:
    snapshot = {
        "id": workshop.id,
        "programme": workshop.programme,
        "cohort_id": cohort.id,
        "cohort_label": cohort.label,
        "theme": workshop.theme,
        "capacity": workshop.capacity,
        "state": workshop.state,
        "reason": workshop.reason,
        "registered": registered,
        "present": present,
        "meeting": _meeting(workshop),
    }
    return {**snapshot, "invited": [contact_snapshot(person) for person in invited]} if invited else snapshot


def registration_snapshot(
    registration: Registration,
    workshop: Workshop,
    cohort: Cohort,
    organisation: Organisation,
    person: Person,
) -> dict[str, Any]:
    return {
        "id": registration.id,
        "programme": workshop.programme,
        "cohort_id": cohort.id,
        "cohort_label": cohort.label,
        "organisation_id": organisation.id,
        "organisation_name": organisation.name,
        "contact": contact_snapshot(person),
        "state": registration.state,
        "reason": workshop.reason,
        "present_at": registration.present_at,
        "presence": registration.presence,
        "meeting": _meeting(workshop),
    }


def _meeting(workshop: Workshop) -> dict[str, Any]:
    return meeting_snapshot(workshop, workshop.title, workshop.description)
