"""How figures are measured: each function gives a value and the facts behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from statistics import fmean

from services.reporting.domain import events, milestones
from services.reporting.domain.figures import NO_DATA, Evidence, Figure
from services.reporting.domain.forecast import Forecast, forecast
from services.reporting.domain.records import EVER, Period, State

Measure = Callable[[State, Period], Figure]


def number_of_buyers(state: State, period: Period) -> Figure:
    evidence = _within(period, map(milestones.agreement_signed, state.buyers))
    return Figure(len(evidence), evidence)


def number_of(milestone: milestones.Milestone) -> Measure:
    def measure(state: State, period: Period) -> Figure:
        evidence = _within(period, map(milestone, state.suppliers))
        return Figure(len(evidence), evidence)

    return measure


def average_of(average: Callable[[Sequence[float]], float], milestone: milestones.Milestone) -> Measure:
    def measure(state: State, period: Period) -> Figure:
        evidence = _within(period, map(milestone, state.suppliers))
        amounts = [fact.amount for fact in evidence if fact.amount is not None]
        return Figure(average(amounts), evidence) if amounts else NO_DATA

    return measure


def number_of_sharing_suppliers(state: State, period: Period) -> Figure:
    granted = sorted(
        (sharing for sharing in state.sharings if sharing.active and period.has(sharing.granted_at)),
        key=lambda sharing: sharing.granted_at or _LONG_AGO,
    )
    first = {sharing.supplier_id: sharing for sharing in reversed(granted)}
    facts = (
        Evidence(sharing.id, events.SHARING_GRANTED, supplier, sharing.granted_at)
        for supplier, sharing in first.items()
    )
    evidence = _within(period, facts)
    return Figure(len(evidence), evidence)


def share_present(state: State, period: Period) -> Figure:
    """Of those who had a place in a workshop that was held, the share that came."""
    facts = (
        Evidence(
            each.id,
            events.REGISTRATION_ATTENDED if each.present else events.REGISTRATION_MADE,
            each.organisation_id,
            each.starts_at,
            float(each.present),
        )
        for each in state.attendances
    )
    evidence = _within(period, facts)
    return Figure(fmean(fact.amount or 0.0 for fact in evidence), evidence) if evidence else NO_DATA


def target_date(state: State, period: Period) -> Figure:
    """The forecast as it is now: a period does not change what is foreseen."""
    foreseen = foresee(state)
    return Figure(
        foreseen.reached_on or foreseen.expected, _within(EVER, map(milestones.submitted, state.suppliers))
    )


def foresee(state: State) -> Forecast:
    """When the programme's target of assessed suppliers will be met."""
    facts = [fact for supplier in state.suppliers if (fact := milestones.submitted(supplier))]
    return forecast([fact.at for fact in facts if fact.at], state.programme.supplier_target, state.now)


_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def _within(period: Period, facts: Iterable[Evidence | None]) -> tuple[Evidence, ...]:
    """The facts of the period, the newest first."""
    kept = (fact for fact in facts if fact and period.has(fact.at))
    return tuple(sorted(kept, key=lambda fact: fact.at or _LONG_AGO, reverse=True))
