"""Workshops (*ateliers*): the meetings of a cohort."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.chassis.model import Aggregate, Conflict, DomainError


class WorkshopState(StrEnum):
    SCHEDULED = "scheduled"
    HELD = "held"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True)
class WorkshopDetails:
    """What a workshop is about, when and where. It has a place, a video link, or both."""

    title: str
    theme: str
    starts_at: datetime
    ends_at: datetime
    place: str | None
    video_url: str | None
    capacity: int
    description: str = ""

    def check(self) -> None:
        """Raises DomainError at the field that has to be mended."""
        if self.ends_at <= self.starts_at:
            raise DomainError("The workshop has to end after it begins.", field="ends")
        if not self.place and not self.video_url:
            raise DomainError("Say where it takes place, or give a video link.", field="place")
        if self.capacity < 1:
            raise DomainError("A workshop has at least one place.", field="capacity")

    def check_is_not_over(self, now: datetime) -> None:
        """Raises DomainError for a time at which nobody could come any more."""
        if self.ends_at <= now:
            raise DomainError("This moment is over: choose one to come.", field="day")

    @property
    def when_and_where(self) -> tuple[datetime, datetime, str | None, str | None]:
        """What people have in their calendars."""
        return self.starts_at, self.ends_at, self.place, self.video_url


@dataclass(eq=False, kw_only=True)
class Workshop(Aggregate):
    """Scheduled, held or cancelled. ``reason`` is why it was cancelled.

    ``calendar_sequence`` counts the changes that people's calendars have to follow (RFC 5545, SEQUENCE).
    """

    programme: str
    cohort_id: UUID
    title: str
    theme: str
    starts_at: datetime
    ends_at: datetime
    place: str | None
    video_url: str | None
    capacity: int
    description: str = ""
    state: WorkshopState = WorkshopState.SCHEDULED
    reason: str | None = None
    calendar_sequence: int = 0

    @property
    def details(self) -> WorkshopDetails:
        return WorkshopDetails(
            title=self.title,
            theme=self.theme,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            place=self.place,
            video_url=self.video_url,
            capacity=self.capacity,
            description=self.description,
        )

    def change(self, details: WorkshopDetails, registered: int, now: datetime) -> bool:
        """Take other details; whether those who are registered have to be told, since time or place changed.

        Raises Conflict when it is over, DomainError for fewer places than there are people registered, or
        when it is moved to a day that is over.
        """
        self._must_be_scheduled()
        details.check()
        if details.when_and_where != self.details.when_and_where:
            details.check_is_not_over(now)
        if details.capacity < registered:
            raise DomainError(
                "%(count)s people are registered: there cannot be fewer places.",
                field="capacity",
                count=registered,
            )
        tell = details.when_and_where != self.details.when_and_where
        for name, value in vars(details).items():
            setattr(self, name, value)
        if tell:
            self.calendar_sequence += 1
        return tell

    def cancel(self, reason: str) -> None:
        """Raises Conflict when it is over, DomainError without a reason: people have made room for it."""
        self._must_be_scheduled()
        if not reason.strip():
            raise DomainError("Say why the workshop is cancelled.", field="reason")
        self.state, self.reason = WorkshopState.CANCELLED, reason.strip()
        self.calendar_sequence += 1

    def hold(self, now: datetime) -> None:
        """It has taken place: from now on its attendance is a proof. Raises Conflict before its end."""
        self._must_be_scheduled()
        if not self.has_ended(now):
            raise Conflict("This workshop is still going on: close it once it is over.")
        self.state = WorkshopState.HELD

    def has_ended(self, now: datetime) -> bool:
        return now >= self.ends_at

    def takes_registrations(self, now: datetime) -> bool:
        """Whether people can still register by themselves."""
        return self.state is WorkshopState.SCHEDULED and now < self.starts_at

    def check_takes_registrations(self, now: datetime) -> None:
        """Raises Conflict when it is too late for people to register or to step back."""
        if not self.takes_registrations(now):
            raise Conflict("Registration for this workshop is closed.")

    def check_attendance_is_open(self) -> None:
        """Raises Conflict when the attendance is a proof already, or there is none to take."""
        if self.state is WorkshopState.HELD:
            raise Conflict("This workshop is closed: its attendance can only be corrected, with a reason.")
        self._must_be_scheduled()

    def check_has_begun(self, now: datetime) -> None:
        """Raises Conflict while nobody can be there yet."""
        if now < self.starts_at:
            raise Conflict("This workshop has not begun yet.")

    def check_correction(self, until: datetime, reason: str, now: datetime) -> None:
        """Raises Conflict when the attendance is not closed yet or final, DomainError without a reason."""
        if self.state is not WorkshopState.HELD:
            raise Conflict("Only the attendance of a workshop that is closed needs a correction.")
        if now >= until:
            raise Conflict("It is too late to correct this attendance: it is final.")
        if not reason.strip():
            raise DomainError("Say why the attendance is corrected.", field="reason")

    def _must_be_scheduled(self) -> None:
        if self.state is not WorkshopState.SCHEDULED:
            raise Conflict("This workshop is over or cancelled. Load the page again.")
