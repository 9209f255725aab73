"""When will the target be met? A straight line through the last twelve months, with its margin.

Method, as it is stated beside every forecast: the pace is the number of suppliers who submitted in the twelve
months before now (or since the first one, if that is less). The rest divided by the pace gives the date.
Counts scatter around their mean like a Poisson variable, so the pace lies, eight times in ten, within 1.28
standard deviations (the square root of the count); this gives the earliest and the latest date. Seasons,
campaigns and the end of the money are not foreseen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import sqrt

from services.reporting.domain.records import PARIS

WINDOW = timedelta(days=365)
SHORTEST_WINDOW = timedelta(days=60)
FEWEST = 5
HORIZON = timedelta(days=365 * 20)
_EIGHT_IN_TEN = 1.28


@dataclass(frozen=True)
class Forecast:
    """``expected`` is None when there is no telling; ``reached_on`` is set once the target is met.

    ``pace`` is in suppliers per thirty days, from ``counted`` suppliers since ``since``. ``latest`` is None
    when even twenty years may not be enough at the lower pace.
    """

    reached_on: date | None = None
    expected: date | None = None
    earliest: date | None = None
    latest: date | None = None
    pace: float | None = None
    counted: int = 0
    since: date | None = None


def forecast(instants: Sequence[datetime], target: int | None, now: datetime) -> Forecast:
    """Foresee when ``target`` suppliers will have submitted, from when each so far did (in any order)."""
    ordered = sorted(instants)
    if not target:
        return Forecast()
    if len(ordered) >= target:
        return Forecast(reached_on=_day(ordered[target - 1]))
    since = max(now - WINDOW, ordered[0]) if ordered else now
    counted = sum(since <= instant <= now for instant in ordered)
    days = (now - since) / timedelta(days=1)
    if counted < FEWEST or now - since < SHORTEST_WINDOW:
        return Forecast(counted=counted, since=_day(since))
    missing = target - len(ordered)
    margin = _EIGHT_IN_TEN * sqrt(counted)
    return Forecast(
        expected=_after(now, missing * days / counted),
        earliest=_after(now, missing * days / (counted + margin)),
        latest=_after(now, missing * days / (counted - margin)),
        pace=round(30 * counted / days, 1),
        counted=counted,
        since=_day(since),
    )


def _after(now: datetime, days: float) -> date | None:
    wait = timedelta(days=days)
    return _day(now + wait) if wait <= HORIZON else None


def _day(instant: datetime) -> date:
    return instant.astimezone(PARIS).date()
