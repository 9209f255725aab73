"""Individual appointments between an adviser and a buyer, and the slots in which they fit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.chassis.model import Aggregate, Conflict, DomainError

LONGEST_SERIES = 52  # weeks


class AppointmentState(StrEnum):
    SCHEDULED = "scheduled"
    HELD = "held"
    CANCELLED = "cancelled"


@dataclass(eq=False, kw_only=True)
class Slot(Aggregate):
    """A time at which an adviser can be booked. It publishes nothing: only what is booked concerns others."""

    programme: str
    adviser_id: UUID
    starts_at: datetime
    ends_at: datetime
    place: str | None
    video_url: str | None


@dataclass(eq=False, kw_only=True)
class Appointment(Aggregate):
    """A buyer with their adviser. It copies time and place of its slot, which may be withdrawn later.

    ``slot_id`` is the slot that it occupies, and None once it is cancelled: no two can occupy the same.
    ``report`` is what the adviser writes for both; private notes are kept elsewhere (``AdviserNote``).
    """

    programme: str
    adviser_id: UUID
    organisation_id: UUID
    person_id: UUID
    slot_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    place: str | None
    video_url: str | None
    subject: str
    state: AppointmentState = AppointmentState.SCHEDULED
    reason: str | None = None
    report: str | None = None
    calendar_sequence: int = 0

    def move(self, slot: Slot, now: datetime) -> None:
        """Another time with the same adviser. Raises Conflict when it is over or has begun."""
        self._must_be_to_come(now)
        if slot.adviser_id != self.adviser_id or slot.programme != self.programme:
            raise Conflict("This time is of another adviser.")
        self.slot_id = slot.id
        self.starts_at, self.ends_at = slot.starts_at, slot.ends_at
        self.place, self.video_url = slot.place, slot.video_url
        self.calendar_sequence += 1

    def cancel(self, reason: str, now: datetime) -> None:
        """Raises Conflict when it is over or has begun, DomainError without a reason."""
        self._must_be_to_come(now)
        if not reason.strip():
            raise DomainError("Say why the appointment is cancelled.", field="reason")
        self.state, self.reason, self.slot_id = AppointmentState.CANCELLED, reason.strip(), None
        self.calendar_sequence += 1

    def hold(self, now: datetime) -> None:
        """It has taken place. Raises Conflict before it begins, or when it was cancelled."""
        self._must_be_scheduled()
        if now < self.starts_at:
            raise Conflict("This appointment has not begun yet.")
        self.state = AppointmentState.HELD

    def write_report(self, report: str) -> None:
        """What both keep of it. Raises Conflict when it was cancelled, DomainError without words."""
        if self.state is AppointmentState.CANCELLED:
            raise Conflict("This appointment was cancelled.")
        if not report.strip():
            raise DomainError("Write what was said and decided.", field="report")
        self.report = report.strip()

    def _must_be_to_come(self, now: datetime) -> None:
        self._must_be_scheduled()
        if now >= self.starts_at:
            raise Conflict("This appointment has begun: it can no longer be moved or cancelled.")

    def _must_be_scheduled(self) -> None:
        if self.state is not AppointmentState.SCHEDULED:
            raise Conflict("This appointment is over or cancelled. Load the page again.")


@dataclass(eq=False, kw_only=True)
class AdviserNote:
    """What an adviser notes for themselves on an appointment; nobody else ever sees it."""

    appointment_id: UUID
    adviser_id: UUID
    text: str
    written_at: datetime
