"""What an indicator is, and how its figure is read.

An indicator is data with one function that measures it. The figure comes with its evidence, so that a reader
can open it down to the facts. Without any fact of its source events in the period it has no value: that is
not nought.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from services.reporting.domain.figures import HIDDEN, NO_DATA, Figure, Unit
from services.reporting.domain.groups import SMALLEST_SHARED_GROUP
from services.reporting.domain.measures import Measure
from services.reporting.domain.records import EVER, Period, Programme, State


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """One indicator; ``name``, ``definition`` and ``formula`` are messages to translate.

    ``events`` are the facts that it rests on. ``summary`` says that it is a mean or a median over suppliers,
    which tells something of each when they are few. ``for_funders``: part of what funders read.
    """

    key: str
    name: str
    definition: str
    formula: str
    unit: Unit
    events: tuple[str, ...]
    measure: Measure
    target: Callable[[Programme], int | None] = lambda programme: None
    summary: bool = False
    for_funders: bool = True


def evaluate(indicator: Indicator, state: State, period: Period = EVER, *, shared: bool = False) -> Figure:
    """The figure of an indicator. With ``shared`` a mean or median over fewer than five is hidden."""
    if not state.observed(indicator.events):
        return NO_DATA
    figure = indicator.measure(state, period)
    if shared and indicator.summary and len(figure.evidence) < SMALLEST_SHARED_GROUP and figure.evidence:
        return HIDDEN
    return figure
