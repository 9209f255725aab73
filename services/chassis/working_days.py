"""The working days of France, on which a programme writes to people and expects them to answer."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import holidays

_SATURDAY = 5


def is_french_holiday(day: date) -> bool:
    """Whether ``day`` is a public holiday in metropolitan France (Code du travail, art. L3133-1).

    The two extra days of Alsace and Moselle do not count.
    """
    return day in _of_year(day.year)


def next_working_day(day: date) -> date:
    """``day`` itself if people work on it, else the first day after it on which they do."""
    while day.weekday() >= _SATURDAY or is_french_holiday(day):
        day += timedelta(days=1)
    return day


@cache
def _of_year(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("FR", years=year))
