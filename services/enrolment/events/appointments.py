"""Appointments, and who follows whom, as others learn of them; not what advisers note for themselves."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from services.chassis.contracts import EventSchema
from services.enrolment.domain.appointment import Appointment
from services.enrolment.domain.assignment import Assignment
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person
from services.enrolment.events.common import ContactSnapshot, publish
from services.enrolment.events.meetings import MeetingSnapshot, contact_snapshot, meeting_snapshot


class AppointmentSnapshot(EventSchema):
    """``reported``: the adviser has written a report, which both can read on the appointment's page."""

    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    organisation_id = fields.UUID(required=True)
    organisation_name = fields.String(required=True)
    adviser = fields.Nested(ContactSnapshot, required=True)
    contact = fields.Nested(ContactSnapshot, required=True)
    state = fields.String(required=True)
    reason = fields.String(required=True, allow_none=True)
    reported = fields.Boolean(required=True)
    meeting = fields.Nested(MeetingSnapshot, required=True)


class AssignmentSnapshot(EventSchema):
    """Which adviser follows a buyer; nobody does where ``adviser_id`` is null."""

    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    organisation_id = fields.UUID(required=True)
    organisation_name = fields.String(required=True)
    adviser_id = fields.UUID(required=True, allow_none=True)
    assigned_at = fields.AwareDateTime(required=True)


publish(
    AppointmentSnapshot,
    "appointment.booked",
    "appointment.moved",
    "appointment.cancelled",
    "appointment.held",
    "appointment.reported",
)
publish(AssignmentSnapshot, "adviser_assignment.changed")


def appointment_snapshot(
    appointment: Appointment, organisation: Organisation, adviser: Person, contact: Person
) -> dict[str, Any]:
    return {
        "id": appointment.id,
        "programme": appointment.programme,
        "organisation_id": organisation.id,
        "organisation_name": organisation.name,
        "adviser": contact_snapshot(adviser),
        "contact": contact_snapshot(contact),
        "state": appointment.state,
        "reason": appointment.reason,
        "reported": appointment.report is not None,
        "meeting": meeting_snapshot(
            appointment, f"{organisation.name} – {adviser.name}", appointment.subject
        ),
    }


def assignment_snapshot(assignment: Assignment, organisation: Organisation) -> dict[str, Any]:
    return {
        "id": assignment.id,
        "programme": assignment.programme,
        "organisation_id": organisation.id,
        "organisation_name": organisation.name,
        "adviser_id": assignment.adviser_id,
        "assigned_at": assignment.assigned_at,
    }
