"""What the team notes of its contact with a buyer: calls, and notes that only the team reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.chassis.model import DomainError


class CallOutcome(StrEnum):
    """``DONE``: what the call was for is settled. ``NOT_REACHED``: nobody answered."""

    DONE = "done"
    REACHED = "reached"
    NOT_REACHED = "not_reached"


@dataclass(frozen=True, kw_only=True)
class Call:
    """A telephone call to somebody of a buyer. ``next_on`` is the day to call again, if one is set."""

    id: UUID
    programme: str
    organisation_id: UUID
    person_id: UUID
    outcome: CallOutcome
    note: str
    called_by: UUID
    called_at: datetime
    next_on: date | None


@dataclass(frozen=True, kw_only=True)
class TeamNote:
    """A note on a buyer, for the team only: it is in no event and no page of anybody else."""

    id: UUID
    programme: str
    organisation_id: UUID
    written_by: UUID
    text: str
    written_at: datetime


def check_next_day(next_on: date | None, today: date) -> None:
    """Raises DomainError for a day that is over."""
    if next_on is not None and next_on < today:
        raise DomainError("This day is over: choose today or a later one.", field="next_on")
