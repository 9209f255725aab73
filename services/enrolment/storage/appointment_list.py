"""Lists of appointments: filtered, searched, a page at a time, or a span of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from services.chassis.listing import ListQuery
from services.enrolment.domain.appointment import Appointment, AppointmentState
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person
from services.enrolment.storage.meeting_order import order_of
from services.enrolment.storage.tables import appointments, organisations, people

SORTABLE: Mapping[str, Any] = {
    "start": appointments.c.starts_at,
    "organisation": func.lower(organisations.c.name),
    "state": appointments.c.state,
}
_advisers = people.alias("adviser")
_adviser = aliased(Person, _advisers)


@dataclass(frozen=True)
class AppointmentFilter:
    """What the person may see: whole ``programmes``, those of ``adviser_id`` where this person advises, or
    those of their organisation in each programme. ``state`` is what they chose."""

    adviser_id: UUID | None = None
    programmes: tuple[str, ...] = ()
    advised_programmes: tuple[str, ...] = ()
    bought_for: tuple[tuple[str, UUID], ...] = ()
    state: str | None = None


@dataclass(frozen=True)
class AppointmentRow:
    appointment: Appointment
    organisation: Organisation
    adviser: Person


def page(
    session: Session, chosen: AppointmentFilter, query: ListQuery, now: datetime
) -> tuple[list[AppointmentRow], int]:
    """The rows of one page, and how many there are in all; those to come first, if no order is asked for."""
    conditions = _conditions(chosen, query.search)
    counted = select(func.count()).select_from(_rows(conditions).subquery())
    order = order_of(appointments, SORTABLE, query, now)
    rows = _rows(conditions).order_by(*order)
    return _read(session, rows.offset(query.offset).limit(query.per_page)), session.scalar(counted) or 0


def everything(
    session: Session, chosen: AppointmentFilter, query: ListQuery, *, most: int
) -> list[AppointmentRow]:
    """All rows, at most ``most``, in the order of time."""
    rows = _rows(_conditions(chosen, query.search)).order_by(appointments.c.starts_at, appointments.c.id)
    return _read(session, rows.limit(most))


def between(
    session: Session, chosen: AppointmentFilter, first: datetime, last: datetime
) -> list[AppointmentRow]:
    """The appointments that begin in a span of time, the first one first; none that was cancelled."""
    span = and_(
        appointments.c.starts_at >= first,
        appointments.c.starts_at < last,
        appointments.c.state != AppointmentState.CANCELLED,
    )
    return _read(session, _rows([*_conditions(chosen, ""), span]).order_by(appointments.c.starts_at))


def _rows(conditions: Sequence[ColumnElement[bool]]) -> Select[Appointment, Organisation, Person]:
    return (
        select(Appointment, Organisation, _adviser)
        .join(organisations, organisations.c.id == appointments.c.organisation_id)
        .join(_adviser, _advisers.c.id == appointments.c.adviser_id)
        .where(*conditions)
    )


def _read(session: Session, query: Select[Appointment, Organisation, Person]) -> list[AppointmentRow]:
    return [AppointmentRow(*row) for row in session.execute(query)]


def _conditions(chosen: AppointmentFilter, search: str) -> list[ColumnElement[bool]]:
    if chosen.state and chosen.state not in set(AppointmentState):
        return [false()]
    conditions: list[ColumnElement[bool]] = [
        or_(
            appointments.c.programme.in_(chosen.programmes),
            and_(
                appointments.c.adviser_id == chosen.adviser_id,
                appointments.c.programme.in_(chosen.advised_programmes),
            ),
            *(
                and_(appointments.c.programme == programme, appointments.c.organisation_id == organisation_id)
                for programme, organisation_id in chosen.bought_for
            ),
        )
    ]
    if chosen.state:
        conditions.append(appointments.c.state == chosen.state)
    if search:
        columns = (organisations.c.name, appointments.c.subject)
        conditions.append(or_(*(column.icontains(search, autoescape=True) for column in columns)))
    return conditions
