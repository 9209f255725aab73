"""When a programme may write to people: working days, between 8:30 and 18:00 Paris time.

Which days are holidays comes in as a function, so that this module knows no country's law.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

IsHoliday = Callable[[date], bool]

PARIS = ZoneInfo("Europe/Paris")
_SATURDAY = 5
_LONGEST_CLOSURE = 31


@dataclass(frozen=True)
class Delay:
    """A span of time as people mean it: a day is a day on the calendar, also when clocks change in it."""

    days: int = 0
    minutes: int = 0

    def __bool__(self) -> bool:
        return bool(self.days or self.minutes)

    def after(self, instant: datetime, zone: ZoneInfo = PARIS) -> datetime:
        """The instant that much later, in UTC. Whole days keep the time on the clock of ``zone``."""
        # Adding days to an aware datetime moves its wall clock, which is what a calendar day is.
        same_time_that_day = instant.astimezone(zone) + timedelta(days=self.days)
        return same_time_that_day.astimezone(UTC) + timedelta(minutes=self.minutes)

    def before(self, instant: datetime, zone: ZoneInfo = PARIS) -> datetime:
        """The instant that much earlier, in UTC, reckoned like ``after``."""
        same_time_that_day = instant.astimezone(zone) - timedelta(days=self.days)
        return same_time_that_day.astimezone(UTC) - timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class OfficeHours:
    """The hours in which mail that nobody asked for may leave. Instants come out in UTC."""

    is_holiday: IsHoliday
    opens: time = time(8, 30)
    closes: time = time(18, 0)
    zone: ZoneInfo = PARIS

    def is_open(self, instant: datetime) -> bool:
        local = instant.astimezone(self.zone)
        return self._is_working_day(local.date()) and self.opens <= local.time() < self.closes

    def next_open(self, instant: datetime) -> datetime:
        """``instant`` itself if it is open, else the next opening after it.

        Raises ValueError when no day of the month that follows is a working day: then the holidays are wrong.
        """
        if self.is_open(instant):
            return instant.astimezone(UTC)
        local = instant.astimezone(self.zone)
        first = local.date() if local.time() < self.opens else local.date() + timedelta(days=1)
        for days in range(_LONGEST_CLOSURE):
            day = first + timedelta(days=days)
            if self._is_working_day(day):
                return self._opening_of(day)
        raise ValueError(f"No working day in the {_LONGEST_CLOSURE} days from {first}.")

    def last_open(self, instant: datetime) -> datetime:
        """``instant`` itself if it is open, else the opening of the last working day that had begun by then.

        Raises ValueError like ``next_open``.
        """
        if self.is_open(instant):
            return instant.astimezone(UTC)
        local = instant.astimezone(self.zone)
        first = local.date() if local.time() >= self.opens else local.date() - timedelta(days=1)
        for days in range(_LONGEST_CLOSURE):
            day = first - timedelta(days=days)
            if self._is_working_day(day):
                return self._opening_of(day)
        raise ValueError(f"No working day in the {_LONGEST_CLOSURE} days before {first}.")

    def next_week(self, instant: datetime) -> datetime:
        """The first opening of the calendar week after the one of ``instant``: when weekly digests leave."""
        day = instant.astimezone(self.zone).date()
        return self.next_open(self._opening_of(day + timedelta(days=7 - day.weekday())))

    def _opening_of(self, day: date) -> datetime:
        return datetime.combine(day, self.opens, self.zone).astimezone(UTC)

    def _is_working_day(self, day: date) -> bool:
        return day.weekday() < _SATURDAY and not self.is_holiday(day)
