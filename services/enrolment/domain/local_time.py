"""Days and hours as the people of a programme mean them: on the clocks of Paris."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.chassis.model import DomainError

PARIS = ZoneInfo("Europe/Paris")


def instant_of(day: date, hour: time, *, field: str) -> datetime:
    """The instant at which the clocks of Paris show this hour; of two, the first.

    Raises DomainError at ``field`` for an hour that is skipped in the night in which summer time begins.
    """
    local = datetime.combine(day, hour, PARIS)
    instant = local.astimezone(UTC)
    if instant.astimezone(PARIS).time() != hour:
        raise DomainError("This hour does not exist: clocks are put forward in that night.", field=field)
    return instant


def day_of(instant: datetime) -> date:
    """The day on which it is in Paris."""
    return instant.astimezone(PARIS).date()


def same_hour_after(instant: datetime, days: int) -> datetime:
    """The same hour on the clocks of Paris, that many days later, also when clocks change in between."""
    return (instant.astimezone(PARIS) + timedelta(days=days)).astimezone(UTC)
