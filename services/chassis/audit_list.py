"""The audit log for reading: filtered by person, object, period and outcome, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, func, or_, select
from sqlalchemy.orm import Session

from services.chassis.listing import ListQuery
from services.chassis.messages import audit_entry

SORTABLE = ("at",)


@dataclass(frozen=True)
class AuditFilter:
    """``programmes`` is what the reader may see, None all of it; the rest is what they chose.

    ``search`` is looked for in the names of people and in what was done; an id is a person's or an object's.
    """

    programmes: tuple[str, ...] | None
    first: datetime | None = None
    last: datetime | None = None
    outcome: str | None = None


def page(session: Session, chosen: AuditFilter, query: ListQuery) -> tuple[Sequence[RowMapping], int]:
    """The entries of one page, the newest first unless asked otherwise, and how many there are in all."""
    conditions = _conditions(chosen, query.search)
    total = session.scalar(select(func.count()).select_from(audit_entry).where(*conditions))
    position = audit_entry.c.position
    rows = select(audit_entry).where(*conditions).order_by(position.desc() if query.descending else position)
    return session.execute(rows.offset(query.offset).limit(query.per_page)).mappings().all(), total or 0


def everything(session: Session, chosen: AuditFilter, query: ListQuery, *, most: int) -> Sequence[RowMapping]:
    """All entries, at most ``most``, in the order of time."""
    rows = select(audit_entry).where(*_conditions(chosen, query.search))
    return session.execute(rows.order_by(audit_entry.c.position).limit(most)).mappings().all()


def _conditions(chosen: AuditFilter, search: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if chosen.programmes is not None:
        conditions.append(audit_entry.c.programme.in_(chosen.programmes))
    if chosen.first is not None:
        conditions.append(audit_entry.c.at >= chosen.first)
    if chosen.last is not None:
        conditions.append(audit_entry.c.at < chosen.last)
    if chosen.outcome is not None:
        conditions.append(audit_entry.c.outcome == chosen.outcome)
    if search:
        conditions.append(_is_about(search))
    return conditions


def _is_about(search: str) -> ColumnElement[bool]:
    columns: Sequence[Any] = (audit_entry.c.subject, audit_entry.c.person_id, audit_entry.c.correlation_id)
    try:
        identifier = UUID(search)
    except ValueError:
        words = (audit_entry.c.person_name, audit_entry.c.action, audit_entry.c.route)
        return or_(*(column.icontains(search, autoescape=True) for column in words))
    return or_(*(column == identifier for column in columns))
