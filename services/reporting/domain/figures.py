"""A figure and the facts that it is made of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

Value = int | float | date | None


class Unit(StrEnum):
    """What a figure is counted in."""

    BUYERS = "buyers"
    SUPPLIERS = "suppliers"
    DAYS = "days"
    POINTS = "points"
    SHARE = "share"
    DATE = "date"


@dataclass(frozen=True)
class Evidence:
    """One fact behind a figure: the event of type ``event_type`` of the aggregate ``subject``.

    ``amount`` is what it contributes where figures are not simply counted: days, points, a share.
    """

    subject: UUID
    event_type: str
    organisation_id: UUID
    at: datetime | None
    amount: float | None = None

    def worth(self, amount: float) -> Evidence:
        """The same fact with what it contributes."""
        return replace(self, amount=amount)


@dataclass(frozen=True)
class Figure:
    """``value`` is None without data. ``hidden``: there is some, from too few to be shown."""

    value: Value
    evidence: tuple[Evidence, ...] = ()
    hidden: bool = False


NO_DATA = Figure(None)
HIDDEN = Figure(None, hidden=True)
