"""The list of assessments for those who accompany suppliers: filtered, searched, sorted, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, func, select
from sqlalchemy.orm import Session

from services.assessment.domain.assessment import State
from services.assessment.storage.accompanied import Accompanied
from services.assessment.storage.tables import assessments
from services.chassis.listing import ListQuery

SORTABLE: Mapping[str, Any] = {
    "name": func.lower(assessments.c.organisation_name),
    "state": assessments.c.state,
    "score": assessments.c.score,
    "submitted": assessments.c.submitted_at,
}


@dataclass(frozen=True)
class AssessmentFilter:
    """The assessments that the person accompanies, and those of these organisations; None is no limit."""

    accompanied: Accompanied | None = None
    organisation_ids: tuple[UUID, ...] | None = None
    state: str | None = None


@dataclass(frozen=True)
class AssessmentRow:
    id: UUID
    programme: str
    organisation_id: UUID
    organisation_name: str
    referential: str
    referential_version: str
    state: State
    answered: int
    applicable: int
    score: float | None
    level: int | None
    reviewer_name: str | None
    assigned_at: datetime
    submitted_at: datetime | None
    validated_at: datetime | None


_COLUMNS = [assessments.c[name] for name in AssessmentRow.__dataclass_fields__]


def page(session: Session, chosen: AssessmentFilter, query: ListQuery) -> tuple[list[AssessmentRow], int]:
    """The rows of one page, and how many there are in all."""
    conditions = _conditions(chosen, query.search)
    total = session.scalar(select(func.count()).select_from(assessments).where(*conditions))
    rows = session.execute(_rows(conditions, query).offset(query.offset).limit(query.per_page))
    return [AssessmentRow(*row) for row in rows], total or 0


def count_by_state(session: Session, chosen: AssessmentFilter) -> dict[State, int]:
    """How many assessments there are in each state, whatever state is chosen."""
    conditions = _conditions(AssessmentFilter(chosen.accompanied, chosen.organisation_ids), "")
    query = select(assessments.c.state, func.count()).where(*conditions).group_by(assessments.c.state)
    counted: dict[State, int] = {state: number for state, number in session.execute(query)}
    return {state: counted.get(state, 0) for state in State}


def is_listed(session: Session, chosen: AssessmentFilter, assessment_id: UUID) -> bool:
    """Whether this assessment is among the chosen ones."""
    query = select(assessments.c.id).where(assessments.c.id == assessment_id, *_conditions(chosen, ""))
    return session.scalar(query) is not None


def _rows(conditions: Sequence[ColumnElement[bool]], query: ListQuery) -> Select[Any]:
    column = SORTABLE[query.sort or "name"]
    order = column.desc() if query.descending else column.asc()
    return select(*_COLUMNS).where(*conditions).order_by(order.nulls_last(), assessments.c.id)


def _conditions(chosen: AssessmentFilter, search: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if chosen.state and chosen.state not in set(State):
        return [false()]
    seen = chosen.accompanied.assessments() if chosen.accompanied else None
    if seen is not None:
        conditions.append(seen)
    if chosen.organisation_ids is not None:
        conditions.append(assessments.c.organisation_id.in_(chosen.organisation_ids))
    if chosen.state:
        conditions.append(assessments.c.state == chosen.state)
    if search:
        conditions.append(assessments.c.organisation_name.icontains(search, autoescape=True))
    return conditions
