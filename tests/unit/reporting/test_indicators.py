"""The indicators: each counts what its definition says, and can be opened down to the facts."""

from __future__ import annotations

from datetime import date

import pytest

from services.reporting.domain import catalogue as all_indicators
from services.reporting.domain import events
from services.reporting.domain.catalogue import INDICATORS
from services.reporting.domain.figures import HIDDEN, NO_DATA
from services.reporting.domain.indicators import evaluate
from services.reporting.domain.records import Period, Sharing
from tests.unit.reporting.examples import (
    assessment,
    buyer,
    days_ago,
    identifier,
    state,
    submitted_supplier,
    supplier,
)


def test_buyers_count_from_the_agreement_to_the_end_of_their_cohort() -> None:
    buyers = (
        buyer("Signed", "enrolled"),
        buyer("Finished", "completed"),
        buyer("Accepted only", "accepted"),
        buyer("Gone", "left"),
    )
    figure = evaluate(all_indicators.BUYERS_ENROLLED, state(buyers=buyers))
    assert figure.value == 2
    assert {fact.organisation_id for fact in figure.evidence} == {
        buyers[0].organisation_id,
        buyers[1].organisation_id,
    }


def test_a_supplier_that_came_by_itself_counts_among_the_invited() -> None:
    suppliers = (
        supplier("Invited"),
        supplier("By itself", invited_at=None, enrolled_at=days_ago(3), state="enrolled"),
    )
    figure = evaluate(all_indicators.SUPPLIERS_INVITED, state(suppliers=suppliers))
    assert figure.value == 2
    assert [fact.event_type for fact in figure.evidence] == [
        events.SUPPLIER_ENROLLED,
        events.SUPPLIER_INVITED,
    ]


def test_an_assessment_that_was_only_assigned_has_not_started() -> None:
    suppliers = (
        supplier("Assigned", assessment("Assigned")),
        supplier("Begun", assessment("Begun", state="in_progress", started_at=days_ago(1))),
    )
    assert evaluate(all_indicators.SUPPLIERS_STARTED, state(suppliers=suppliers)).value == 1


def test_a_supplier_with_two_submitted_assessments_counts_once_by_the_first() -> None:
    twice = supplier(
        "Twice",
        assessment("second", submitted_at=days_ago(10)),
        assessment("first", submitted_at=days_ago(300)),
    )
    figure = evaluate(all_indicators.SUPPLIERS_SUBMITTED, state(suppliers=(twice,)))
    assert figure.value == 1
    assert figure.evidence[0].subject == identifier("assessment", "first")
    assert figure.evidence[0].at == days_ago(300)


def test_what_was_taken_back_is_not_submitted() -> None:
    taken_back = assessment("Undone", state="in_progress", started_at=days_ago(2))
    assert (
        evaluate(all_indicators.SUPPLIERS_SUBMITTED, state(suppliers=(supplier("Undone", taken_back),))).value
        == 0
    )


def test_funders_count_only_suppliers_with_a_siret() -> None:
    suppliers = (
        submitted_supplier("Known", 5, siret="09900000099991"),
        submitted_supplier("Unknown", 5),
    )
    assert evaluate(all_indicators.SUPPLIERS_SUBMITTED, state(suppliers=suppliers)).value == 2
    assert evaluate(all_indicators.SUPPLIERS_COUNTED, state(suppliers=suppliers)).value == 1


def test_the_time_to_submission_is_the_median_in_days() -> None:
    suppliers = tuple(
        submitted_supplier(f"Supplier {days}", 100, invited_at=days_ago(100 + days)) for days in (2, 4, 90)
    )
    figure = evaluate(all_indicators.DAYS_TO_SUBMISSION, state(suppliers=suppliers))
    assert figure.value == pytest.approx(4)
    assert sorted(fact.amount or 0 for fact in figure.evidence) == pytest.approx([2, 4, 90])


def test_a_self_registered_supplier_has_no_time_to_submission() -> None:
    alone = submitted_supplier("By itself", 3, invited_at=None, enrolled_at=days_ago(9))
    assert evaluate(all_indicators.DAYS_TO_SUBMISSION, state(suppliers=(alone,))) == NO_DATA


def test_the_mean_score_takes_the_latest_submitted_assessment_of_each_supplier() -> None:
    improved = supplier(
        "Improved",
        assessment("before", submitted_at=days_ago(400), score=20.0),
        assessment("after", submitted_at=days_ago(20), score=70.0),
        assessment("next one, under way", state="in_progress", started_at=days_ago(1), score=5.0),
    )
    other = submitted_supplier("Other", 30)
    assert evaluate(all_indicators.MATURITY, state(suppliers=(improved, other))).value == pytest.approx(55)


def test_the_backed_share_is_what_a_proof_or_an_adviser_stands_for() -> None:
    figure = evaluate(all_indicators.BACKED_SHARE, state(suppliers=(submitted_supplier("One", 3),)))
    assert figure.value == pytest.approx(0.4)


def test_a_supplier_that_shares_with_two_buyers_counts_once_and_not_after_taking_it_back() -> None:
    def share(name: str, to: str, active: bool) -> Sharing:
        return Sharing(
            id=identifier("sharing", name, to),
            supplier_id=identifier("organisation", name),
            buyer_id=identifier(to),
            active=active,
            granted_at=days_ago(4),
        )

    sharings = (share("A", "one", True), share("A", "two", True), share("B", "one", False))
    assert evaluate(all_indicators.SUPPLIERS_SHARING, state(sharings=sharings)).value == 1


def test_without_any_fact_of_its_events_a_figure_has_no_value_and_not_nought() -> None:
    nothing_happened = state(seen={})
    assert all(evaluate(indicator, nothing_happened) == NO_DATA for indicator in INDICATORS.values())


def test_nought_is_a_value_once_something_of_its_kind_has_happened() -> None:
    seen = {events.ASSESSMENT_SUBMITTED: 1}
    figure = evaluate(
        all_indicators.SUPPLIERS_VALIDATED, state(seen=seen, suppliers=(submitted_supplier("A", 1),))
    )
    assert figure.value == 0


def test_a_period_counts_its_own_days_in_paris_both_ends_included() -> None:
    # 23:30 UTC on 9 November is half past midnight on the 10th in Paris.
    late = supplier("Late", assessment("Late", submitted_at=days_ago(14).replace(hour=23, minute=30)))
    assert late.submitted[0].submitted_at and late.submitted[0].submitted_at.day == 9
    of_that_day = Period(first=date(2026, 11, 10), last=date(2026, 11, 10))
    of_the_day_before = Period(first=date(2026, 11, 9), last=date(2026, 11, 9))
    look = state(suppliers=(late,))
    assert evaluate(all_indicators.SUPPLIERS_SUBMITTED, look, of_that_day).value == 1
    assert evaluate(all_indicators.SUPPLIERS_SUBMITTED, look, of_the_day_before).value == 0


def test_outsiders_see_no_mean_or_median_over_fewer_than_five() -> None:
    four = tuple(submitted_supplier(f"Supplier {number}", 10) for number in range(4))
    five = (*four, submitted_supplier("Supplier 4", 10))
    for indicator in (
        all_indicators.DAYS_TO_SUBMISSION,
        all_indicators.MATURITY,
        all_indicators.BACKED_SHARE,
    ):
        assert evaluate(indicator, state(suppliers=four), shared=True) == HIDDEN
        assert evaluate(indicator, state(suppliers=four)).value is not None
        assert evaluate(indicator, state(suppliers=five), shared=True).value is not None


def test_every_indicator_says_what_it_is() -> None:
    assert len(INDICATORS) == len({indicator.name for indicator in INDICATORS.values()})
    for key, indicator in INDICATORS.items():
        assert key == indicator.key
        assert indicator.definition.endswith(".") and indicator.formula.endswith(".")
        assert indicator.events


def test_every_counted_supplier_has_one_fact_behind_it() -> None:
    suppliers = tuple(submitted_supplier(f"Supplier {number}", number) for number in range(7))
    for indicator in INDICATORS.values():
        figure = evaluate(indicator, state(suppliers=suppliers, buyers=(buyer("B"),)))
        if isinstance(figure.value, int):
            assert len(figure.evidence) == figure.value
        assert all(fact.event_type in indicator.events for fact in figure.evidence)
        instants = [fact.at for fact in figure.evidence if fact.at]
        assert instants == sorted(instants, reverse=True)
