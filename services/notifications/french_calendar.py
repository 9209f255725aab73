"""The working calendar of France: its public holidays, and the office hours that follow from them."""

from __future__ import annotations

from datetime import date
from functools import cache

import holidays

from services.notifications.domain.calendar import OfficeHours


@cache
def _of_year(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("FR", years=year))


def is_french_holiday(day: date) -> bool:
    """Whether ``day`` is a public holiday in metropolitan France (Code du travail, art. L3133-1).

    The two extra days of Alsace and Moselle do not count.
    """
    return day in _of_year(day.year)


OFFICE_HOURS = OfficeHours(is_french_holiday)
