"""The forecast: a straight line through the last year, silent when it knows too little."""

from __future__ import annotations

from datetime import date, timedelta

from services.reporting.domain.forecast import Forecast, forecast
from tests.unit.reporting.examples import NOW, days_ago


def test_a_steady_pace_reaches_the_target_after_what_is_missing_at_that_pace() -> None:
    one_every_ten_days = [days_ago(10 * number) for number in range(37)]
    foreseen = forecast(one_every_ten_days, target=47, now=NOW)
    assert foreseen.counted == 37
    assert foreseen.pace is not None and 3 <= foreseen.pace <= 3.2
    assert foreseen.expected is not None
    assert abs(foreseen.expected - (NOW + timedelta(days=97)).date()) <= timedelta(days=2)
    assert foreseen.earliest and foreseen.latest and foreseen.earliest < foreseen.expected < foreseen.latest


def test_only_the_last_twelve_months_set_the_pace() -> None:
    long_ago = [days_ago(800 + number) for number in range(200)]
    recent = [days_ago(30 * number) for number in range(12)]
    foreseen = forecast(long_ago + recent, target=236, now=NOW)
    assert foreseen.counted == 12
    assert foreseen.expected and foreseen.expected.year == 2028


def test_once_the_target_is_met_the_day_is_a_fact() -> None:
    assert forecast([days_ago(day) for day in (30, 10, 20)], target=2, now=NOW) == Forecast(
        reached_on=date(2026, 11, 3)
    )


def test_fewer_than_five_or_less_than_sixty_days_give_no_forecast() -> None:
    assert forecast([], target=300, now=NOW).expected is None
    assert forecast([days_ago(day) for day in (5, 90, 200, 300)], target=300, now=NOW).expected is None
    assert forecast([days_ago(day / 10) for day in range(100)], target=300, now=NOW).expected is None


def test_without_a_target_there_is_nothing_to_foresee() -> None:
    assert forecast([days_ago(1)], target=None, now=NOW) == Forecast()


def test_a_target_beyond_twenty_years_has_no_date() -> None:
    slow = [days_ago(70 * number) for number in range(6)]
    assert forecast(slow, target=3000, now=NOW).expected is None


def test_the_order_of_submissions_does_not_matter() -> None:
    instants = [days_ago(7 * number) for number in range(40)]
    assert forecast(instants, 300, NOW) == forecast(instants[::-1], 300, NOW)
