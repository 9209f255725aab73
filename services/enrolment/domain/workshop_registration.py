"""A person's place in a workshop, and whether they came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.chassis.model import Aggregate, Conflict


class RegistrationState(StrEnum):
    """``CANCELLED`` with the workshop itself, ``WITHDRAWN`` by the person or the team."""

    REGISTERED = "registered"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


class Presence(StrEnum):
    """How it became known that somebody was there: ticked on the list, confirmed by the code, or only said
    when the attendance was corrected."""

    LIST = "list"
    CODE = "code"
    CORRECTION = "correction"


@dataclass(eq=False, kw_only=True)
class Registration(Aggregate):
    """One person, for one organisation, in one workshop. ``asked_at`` is their place in the waiting list."""

    workshop_id: UUID
    person_id: UUID
    organisation_id: UUID
    asked_at: datetime
    state: RegistrationState = RegistrationState.WITHDRAWN
    present_at: datetime | None = None
    presence: Presence | None = None

    @property
    def is_open(self) -> bool:
        """Whether the person has a place or waits for one."""
        return self.state in (RegistrationState.REGISTERED, RegistrationState.WAITING)

    def ask(self, now: datetime, *, place_left: bool) -> bool:
        """Take a place, or one on the waiting list; false when the person has one or the other already."""
        if self.is_open:
            return False
        self.asked_at = now
        self.state = RegistrationState.REGISTERED if place_left else RegistrationState.WAITING
        return True

    def move_up(self) -> None:
        """A place has become free for somebody who waits. Raises Conflict for anybody else."""
        if self.state is not RegistrationState.WAITING:
            raise Conflict("This person does not wait for a place.")
        self.state = RegistrationState.REGISTERED

    def withdraw(self) -> bool:
        """Give the place back; false when there is none."""
        if not self.is_open:
            return False
        self.state = RegistrationState.WITHDRAWN
        self.present_at = self.presence = None
        return True

    def cancel(self) -> None:
        """The workshop does not take place."""
        self.state = RegistrationState.CANCELLED

    def walk_in(self, presence: Presence, now: datetime) -> bool:
        """The person came, with or without a place: there is no use in waiting any more. False when known."""
        if not self.is_open:
            self.asked_at = now
        self.state = RegistrationState.REGISTERED
        return self.note_presence(presence, now)

    def note_presence(self, presence: Presence, now: datetime) -> bool:
        """The person is there; false when that is known. Raises Conflict for somebody without a place."""
        if self.state is not RegistrationState.REGISTERED:
            raise Conflict("You are not registered for this workshop. Ask the team to add you to the list.")
        if self.present_at is not None:
            return False
        self.present_at, self.presence = now, presence
        return True

    def note_absence(self) -> bool:
        """The person was not there after all; false when that is known."""
        if self.present_at is None:
            return False
        self.present_at = self.presence = None
        return True
