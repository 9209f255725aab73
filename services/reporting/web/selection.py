"""One indicator as somebody wants to see it: in a period, for one group; with the facts behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import request
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate
from sqlalchemy.orm import Session

from services.chassis.model import DomainError
from services.chassis.web.i18n import N_
from services.chassis.web.work import runtime
from services.reporting.domain.figures import HIDDEN, Evidence, Figure
from services.reporting.domain.groups import Dimension, break_down, only
from services.reporting.domain.indicators import Indicator, evaluate
from services.reporting.domain.records import Period, State, Supplier
from services.reporting.storage.queries import event_ids, load_state
from services.reporting.web.audience import Audience
from services.reporting.web.wording import UNKNOWN_GROUP


class SelectionSchema(Schema):
    """What the address may ask of an indicator."""

    class Meta:
        unknown = EXCLUDE

    first = fields.Date(data_key="from", load_default=None, metadata={"description": "First day, included."})
    last = fields.Date(data_key="to", load_default=None, metadata={"description": "Last day, included."})
    by = fields.Enum(Dimension, by_value=True, load_default=None)
    group = fields.String(load_default=None, validate=validate.Length(max=40))
    cohort = fields.String(load_default=None, validate=validate.Length(max=40))


@dataclass(frozen=True)
class Selection:
    """``group`` is a code of ``dimension``; ``cohort`` a label, for what is about buyers."""

    period: Period
    dimension: Dimension | None = None
    group: str | None = None
    cohort: str | None = None

    @property
    def narrows(self) -> bool:
        """Whether it leaves anything out, so that the target does not apply."""
        return self != Selection(Period(), self.dimension)

    @property
    def code(self) -> str | None:
        """The code of the group as suppliers have it."""
        return None if self.group == UNKNOWN_GROUP else self.group


@dataclass(frozen=True)
class Look:
    """A figure, the suppliers that stand behind it and the state that it was read from."""

    indicator: Indicator
    figure: Figure
    behind: tuple[Supplier, ...]
    state: State

    @property
    def target(self) -> int | None:
        return self.indicator.target(self.state.programme)


@dataclass(frozen=True)
class FactRow:
    """A fact as it is listed. ``organisation`` is None where it may not be named."""

    at: datetime | None
    event_type: str
    event_id: UUID | None
    organisation: str | None
    amount: float | None


def requested_selection() -> Selection:
    """What the address asks for. Raises DomainError with the name of the argument that is wrong."""
    given = {name: value for name, value in request.args.items() if value}
    try:
        asked: dict[str, Any] = SelectionSchema().load(given)
    except ValidationError as error:
        field = next(iter(error.normalized_messages()))
        raise DomainError(
            N_("“%(value)s” cannot be read here."), field=field, value=given.get(field, "")
        ) from error
    return make_selection(**asked)


def make_selection(
    first: date | None, last: date | None, by: Dimension | None, group: str | None, cohort: str | None
) -> Selection:
    """Raises DomainError for a period that ends before it begins."""
    if first and last and last < first:
        raise DomainError("The last day is before the first day.", field="to")
    return Selection(Period(first=first, last=last), by, group, cohort)


def look_at(session: Session, audience: Audience, indicator: Indicator, selection: Selection) -> Look:
    """The figure for a selection, as its audience may see it."""
    state = load_state(
        session, audience.programme.slug, runtime().clock(), selection.period, buyers=audience.buyers
    )
    if selection.cohort is not None:
        state = state.of_cohort(selection.cohort)
    figure = evaluate(indicator, state, selection.period, shared=audience.shared)
    behind = _behind(figure, state)
    if selection.dimension is not None and selection.group is not None:
        shown = break_down(behind, selection.dimension, shared=audience.shared).keys
        if audience.shared and selection.code not in shown:
            return Look(indicator, HIDDEN, (), state)
        state = state.of_suppliers(only(state.suppliers, selection.dimension, selection.code))
        figure = evaluate(indicator, state, selection.period, shared=audience.shared)
        behind = _behind(figure, state)
    return Look(indicator, figure, behind, state)


def fact_rows(
    session: Session, look: Look, audience: Audience, evidence: Sequence[Evidence] | None = None
) -> list[FactRow]:
    """The facts behind a figure, all of them or those given. Outsiders read no supplier's name."""
    listed = look.figure.evidence if evidence is None else evidence
    ids = event_ids(session, listed)
    named = {buyer.organisation_id: buyer.name for buyer in look.state.buyers}
    if not audience.shared:
        named |= {supplier.organisation_id: supplier.name for supplier in look.state.suppliers}
    return [
        FactRow(
            fact.at,
            fact.event_type,
            ids.get((fact.subject, fact.event_type)),
            named.get(fact.organisation_id),
            # One supplier's score or delay is for the team; outsiders get the mean.
            None if audience.shared else fact.amount,
        )
        for fact in listed
    ]


def _behind(figure: Figure, state: State) -> tuple[Supplier, ...]:
    organisations = {fact.organisation_id for fact in figure.evidence}
    return tuple(_of(organisations, state.suppliers))


def _of(organisations: set[UUID], suppliers: Iterable[Supplier]) -> Iterable[Supplier]:
    return (supplier for supplier in suppliers if supplier.organisation_id in organisations)
