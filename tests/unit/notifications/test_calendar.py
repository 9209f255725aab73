"""Mail that nobody asked for leaves on working days, between 8:30 and 18:00 in Paris."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.working_days import is_french_holiday
from services.notifications.domain.calendar import PARIS, Delay, OfficeHours
from services.notifications.french_calendar import OFFICE_HOURS

instants = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@given(instants)
def test_the_next_opening_is_always_a_moment_that_is_allowed_and_never_earlier(instant: datetime) -> None:
    opening = OFFICE_HOURS.next_open(instant)

    local = opening.astimezone(PARIS)
    assert opening >= instant
    assert local.weekday() < 5
    assert not is_french_holiday(local.date())
    assert time(8, 30) <= local.time() < time(18, 0)


@given(instants)
def test_a_moment_that_is_allowed_is_not_moved(instant: datetime) -> None:
    opening = OFFICE_HOURS.next_open(instant)

    assert OFFICE_HOURS.next_open(opening) == opening


@given(instants, st.integers(0, 60 * 24))
def test_nothing_allowed_is_passed_over(instant: datetime, minutes: int) -> None:
    opening = OFFICE_HOURS.next_open(instant)
    between = instant + timedelta(minutes=minutes)

    assert between >= opening or not OFFICE_HOURS.is_open(between)


@given(instants)
def test_the_next_week_begins_on_a_working_day_of_another_calendar_week(instant: datetime) -> None:
    start = OFFICE_HOURS.next_week(instant)

    assert OFFICE_HOURS.is_open(start)
    assert instant < start
    assert start.astimezone(PARIS).isocalendar()[:2] != instant.astimezone(PARIS).isocalendar()[:2]


@pytest.mark.parametrize(
    ("moment", "leaves"),
    [
        ("2026-03-12 14:32", "2026-03-12 14:32"),  # a Thursday afternoon
        ("2026-03-12 08:29", "2026-03-12 08:30"),
        ("2026-03-12 18:00", "2026-03-13 08:30"),
        ("2026-03-13 17:59", "2026-03-13 17:59"),
        ("2026-03-13 18:01", "2026-03-16 08:30"),  # over the weekend
        ("2026-04-03 19:00", "2026-04-07 08:30"),  # over Easter Monday
        ("2026-05-13 20:00", "2026-05-15 08:30"),  # over Ascension Day
        ("2026-12-24 18:30", "2026-12-28 08:30"),  # over Christmas and the weekend
    ],
)
def test_mail_waits_for_the_next_working_hours(moment: str, leaves: str) -> None:
    assert OFFICE_HOURS.next_open(paris(moment)) == paris(leaves)


def test_the_hours_are_those_of_paris_on_both_sides_of_the_change_of_clocks() -> None:
    in_winter = OFFICE_HOURS.next_open(datetime(2026, 3, 27, 20, tzinfo=UTC) - timedelta(days=7))
    in_summer = OFFICE_HOURS.next_open(datetime(2026, 3, 27, 20, tzinfo=UTC))

    assert in_winter == datetime(2026, 3, 23, 7, 30, tzinfo=UTC)
    assert in_summer == datetime(2026, 3, 30, 6, 30, tzinfo=UTC)


def test_seven_days_later_is_the_same_time_on_the_clock_although_the_clocks_changed() -> None:
    assert Delay(days=7).after(paris("2026-03-26 10:15")) == paris("2026-04-02 10:15")


@given(instants, st.integers(0, 60))
def test_a_delay_of_days_keeps_the_day_and_never_goes_back(instant: datetime, days: int) -> None:
    later = Delay(days=days).after(instant)

    assert later >= instant
    assert (later.astimezone(PARIS).date() - instant.astimezone(PARIS).date()).days == days


def test_holidays_that_never_end_are_reported_instead_of_searched_for_ever() -> None:
    with pytest.raises(ValueError, match="No working day"):
        OfficeHours(lambda _: True).next_open(paris("2026-03-12 14:32"))


def test_the_holidays_are_those_of_metropolitan_france() -> None:
    assert is_french_holiday(date(2026, 7, 14))
    assert is_french_holiday(date(2026, 5, 25))  # Whit Monday
    assert not is_french_holiday(date(2026, 12, 26))  # only in Alsace and Moselle


@given(instants)
def test_the_last_opening_is_always_a_moment_that_is_allowed_and_never_later(instant: datetime) -> None:
    opening = OFFICE_HOURS.last_open(instant)

    local = opening.astimezone(PARIS)
    assert opening <= instant
    assert local.weekday() < 5
    assert not is_french_holiday(local.date())
    assert time(8, 30) <= local.time() < time(18, 0)


@pytest.mark.parametrize(
    ("moment", "two_days_before"),
    [
        ("2027-03-29T14:00", "2027-03-27T14:00"),  # summer time has begun in between
        ("2027-11-01T09:00", "2027-10-30T09:00"),  # and ended
    ],
)
def test_days_are_reckoned_back_on_the_clocks_of_paris(moment: str, two_days_before: str) -> None:
    assert Delay(days=2).before(paris(moment)) == paris(two_days_before)
