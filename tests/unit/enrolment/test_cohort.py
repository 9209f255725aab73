"""The life of a cohort: planned, open, reviewing, running, completed."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from services.chassis.model import Conflict, DomainError
from services.enrolment.domain.programme import Calendar, Cohort, CohortState

TODAY = date(2026, 11, 23)
SIX_WEEKS = TODAY + timedelta(weeks=6)


def planned(capacity: int = 10) -> Cohort:
    return Cohort(id=uuid4(), programme="cesar", label="2027", capacity=capacity)


def opened() -> Cohort:
    cohort = planned()
    cohort.open_call(TODAY, SIX_WEEKS, TODAY)
    return cohort


def test_a_cohort_goes_through_its_year() -> None:
    cohort = opened()
    assert cohort.state is CohortState.OPEN
    cohort.start_review(TODAY)
    assert cohort.state is CohortState.REVIEWING
    cohort.start(TODAY)
    assert cohort.state is CohortState.RUNNING
    cohort.complete()
    assert cohort.state is CohortState.COMPLETED


def test_a_cohort_may_start_without_a_jury() -> None:
    cohort = opened()
    cohort.start(TODAY)
    assert cohort.state is CohortState.RUNNING


@pytest.mark.parametrize(
    ("step", "arguments"), [(Cohort.start_review, (TODAY,)), (Cohort.start, (TODAY,)), (Cohort.complete, ())]
)
def test_a_planned_cohort_has_to_be_opened_first(step, arguments) -> None:
    cohort = planned()
    with pytest.raises(Conflict):
        step(cohort, *arguments)
    assert cohort.state is CohortState.PLANNED


def test_a_call_is_opened_once() -> None:
    cohort = opened()
    with pytest.raises(Conflict):
        cohort.open_call(TODAY, SIX_WEEKS, TODAY)


def test_a_call_cannot_close_before_it_opens() -> None:
    with pytest.raises(DomainError, match="before it opens") as refusal:
        planned().open_call(SIX_WEEKS, TODAY, TODAY)
    assert refusal.value.field == "call_closes_on"


def test_a_call_that_would_close_after_the_jury_has_met_is_refused_at_its_last_day() -> None:
    cohort = planned()
    cohort.set_calendar(Calendar(jury_on=SIX_WEEKS - timedelta(days=1)))
    with pytest.raises(DomainError, match="jury") as refusal:
        cohort.open_call(TODAY, SIX_WEEKS, TODAY)
    assert refusal.value.field == "call_closes_on"


def test_a_call_cannot_close_in_the_past() -> None:
    with pytest.raises(DomainError, match="in the past") as refusal:
        planned().open_call(TODAY - timedelta(days=9), TODAY - timedelta(days=1), TODAY)
    assert refusal.value.field == "call_closes_on"


def test_the_first_and_the_last_day_of_the_call_count() -> None:
    cohort = opened()
    assert not cohort.takes_applications(TODAY - timedelta(days=1))
    assert cohort.takes_applications(TODAY)
    assert cohort.takes_applications(SIX_WEEKS)
    assert not cohort.takes_applications(SIX_WEEKS + timedelta(days=1))


def test_who_applies_too_early_or_too_late_is_told_which() -> None:
    with pytest.raises(Conflict, match="not open yet"):
        planned().check_takes_applications(TODAY)
    with pytest.raises(Conflict, match="not open yet"):
        opened().check_takes_applications(TODAY - timedelta(days=1))
    with pytest.raises(Conflict, match="is closed"):
        opened().check_takes_applications(SIX_WEEKS + timedelta(days=1))


def test_nobody_applies_once_the_jury_reads() -> None:
    cohort = opened()
    cohort.start_review(TODAY)
    with pytest.raises(Conflict, match="is closed"):
        cohort.check_takes_applications(TODAY)


@pytest.mark.parametrize("step", [Cohort.start_review, Cohort.start])
def test_a_call_that_is_closed_early_has_that_day_as_its_last(step) -> None:
    cohort, early = opened(), TODAY + timedelta(days=7)
    step(cohort, early)
    assert (cohort.call_opens_on, cohort.call_closes_on) == (TODAY, early)


def test_a_call_that_is_closed_after_its_last_day_keeps_it() -> None:
    cohort = opened()
    cohort.start_review(SIX_WEEKS + timedelta(days=3))
    assert cohort.call_closes_on == SIX_WEEKS


def test_corrections_are_taken_until_the_accompaniment_begins() -> None:
    cohort = opened()
    cohort.start_review(TODAY)
    cohort.check_takes_corrections()
    cohort.start(TODAY)
    with pytest.raises(Conflict, match="corrections"):
        cohort.check_takes_corrections()


def test_a_cohort_has_as_many_places_as_its_capacity() -> None:
    cohort = planned(capacity=2)
    cohort.check_place_left(taken=1)
    with pytest.raises(Conflict, match="no place left"):
        cohort.check_place_left(taken=2)
