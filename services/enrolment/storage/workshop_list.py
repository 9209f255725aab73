"""Lists of workshops: filtered, searched, sorted, a page at a time, or a span of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session

from services.chassis.listing import ListQuery
from services.enrolment.domain.workshop import Workshop, WorkshopState
from services.enrolment.domain.workshop_registration import RegistrationState
from services.enrolment.storage.meeting_order import order_of
from services.enrolment.storage.tables import cohorts, programmes, workshop_registrations, workshops

SORTABLE: Mapping[str, Any] = {
    "start": workshops.c.starts_at,
    "title": func.lower(workshops.c.title),
    "cohort": cohorts.c.label,
    "state": workshops.c.state,
}


@dataclass(frozen=True)
class WorkshopFilter:
    """``programmes`` and ``cohort_ids`` are what the person may see, the rest what they chose."""

    person_id: UUID
    programmes: tuple[str, ...] = ()
    cohort_ids: tuple[UUID, ...] = ()
    state: str | None = None
    cohort: str | None = None
    programme: str | None = None


@dataclass(frozen=True)
class WorkshopRow:
    """A workshop in a list. ``mine`` is how the person who looks is registered for it."""

    workshop: Workshop
    cohort_label: str
    registered: int
    mine: RegistrationState | None


def page(
    session: Session, chosen: WorkshopFilter, query: ListQuery, now: datetime
) -> tuple[list[WorkshopRow], int]:
    """The rows of one page, and how many there are in all; those to come first, if no order is asked for."""
    conditions = _conditions(chosen, query.search)
    total = session.scalar(select(func.count()).select_from(workshops).join(cohorts).where(*conditions))
    order = order_of(workshops, SORTABLE, query, now)
    rows = _rows(chosen, conditions).order_by(*order)
    return _read(session, rows.offset(query.offset).limit(query.per_page)), total or 0


def everything(session: Session, chosen: WorkshopFilter, query: ListQuery, *, most: int) -> list[WorkshopRow]:
    """All rows, at most ``most``, in the order of time."""
    rows = _rows(chosen, _conditions(chosen, query.search)).order_by(workshops.c.starts_at, workshops.c.id)
    return _read(session, rows.limit(most))


def between(session: Session, chosen: WorkshopFilter, first: datetime, last: datetime) -> list[WorkshopRow]:
    """The workshops that begin in a span of time, the first one first."""
    span = and_(workshops.c.starts_at >= first, workshops.c.starts_at < last)
    rows = _rows(chosen, [*_conditions(chosen, ""), span])
    return _read(session, rows.order_by(workshops.c.starts_at, workshops.c.id))


def cohort_labels(session: Session, chosen: WorkshopFilter) -> Sequence[str]:
    """The cohorts that the visible workshops are of, the latest first."""
    visible = WorkshopFilter(chosen.person_id, chosen.programmes, chosen.cohort_ids)
    query = select(cohorts.c.label).select_from(workshops).join(cohorts).where(*_conditions(visible, ""))
    return session.scalars(query.distinct().order_by(cohorts.c.label.desc())).all()


def programme_names(
    session: Session, chosen: WorkshopFilter, others: Sequence[str] = ()
) -> Mapping[str, str]:
    """The programmes of the visible workshops, and ``others``: their names by slug, in alphabetical order."""
    visible = WorkshopFilter(chosen.person_id, chosen.programmes, chosen.cohort_ids)
    of_workshops = select(workshops.c.programme).join(cohorts).where(*_conditions(visible, ""))
    query = select(programmes.c.slug, programmes.c.name).where(
        or_(programmes.c.slug.in_(of_workshops), programmes.c.slug.in_(others))
    )
    return {slug: name for slug, name in session.execute(query.order_by(func.lower(programmes.c.name)))}


def _rows(
    chosen: WorkshopFilter, conditions: Sequence[ColumnElement[bool]]
) -> Select[Workshop, str, int, RegistrationState | None]:
    of_workshop = workshop_registrations.c.workshop_id == workshops.c.id
    registered = (
        select(func.count())
        .where(of_workshop, workshop_registrations.c.state == RegistrationState.REGISTERED)
        .scalar_subquery()
    )
    mine = (
        select(workshop_registrations.c.state)
        .where(of_workshop, workshop_registrations.c.person_id == chosen.person_id)
        .scalar_subquery()
    )
    return (
        select(Workshop, cohorts.c.label, registered, mine)
        .join(cohorts, cohorts.c.id == workshops.c.cohort_id)
        .where(*conditions)
    )


def _read(session: Session, query: Select[Workshop, str, int, RegistrationState | None]) -> list[WorkshopRow]:
    return [WorkshopRow(*row) for row in session.execute(query)]


def _conditions(chosen: WorkshopFilter, search: str) -> list[ColumnElement[bool]]:
    if chosen.state and chosen.state not in set(WorkshopState):
        return [false()]
    conditions: list[ColumnElement[bool]] = [
        or_(workshops.c.programme.in_(chosen.programmes), workshops.c.cohort_id.in_(chosen.cohort_ids))
    ]
    if chosen.state:
        conditions.append(workshops.c.state == chosen.state)
    if chosen.programme:
        conditions.append(workshops.c.programme == chosen.programme)
    if chosen.cohort:
        conditions.append(cohorts.c.label == chosen.cohort)
    if search:
        columns = (workshops.c.title, workshops.c.theme, workshops.c.place)
        conditions.append(or_(*(column.icontains(search, autoescape=True) for column in columns)))
    return conditions
