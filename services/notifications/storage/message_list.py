"""The list of messages: filtered, searched, sorted, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import Session

from services.chassis.listing import ListQuery
from services.notifications.domain.message import Message, State
from services.notifications.storage.tables import messages

SORTABLE: Mapping[str, Any] = {
    "when": func.coalesce(messages.c.sent_at, messages.c.planned_at),
    "recipient": func.lower(messages.c.name),
    "workflow": messages.c.workflow,
    "state": messages.c.state,
}


@dataclass(frozen=True)
class MessageFilter:
    """``programmes`` is what the person may see (None: everything), the rest what they chose.

    Without a state the messages that are no longer needed are left out: for each supplier who enrols in time
    there are two.
    """

    programmes: tuple[str, ...] | None = None
    state: str | None = None
    workflow: str | None = None


def page(session: Session, chosen: MessageFilter, query: ListQuery) -> tuple[Sequence[Message], int]:
    """The messages of one page, and how many there are in all."""
    conditions = _conditions(chosen, query.search)
    total = session.scalar(select(func.count()).select_from(messages).where(*conditions))
    rows = session.scalars(_rows(conditions, query).offset(query.offset).limit(query.per_page))
    return rows.all(), total or 0


def everything(session: Session, chosen: MessageFilter, query: ListQuery, *, most: int) -> Sequence[Message]:
    """All messages, at most ``most``, in the order of the list."""
    return session.scalars(_rows(_conditions(chosen, query.search), query).limit(most)).all()


def _rows(conditions: Sequence[ColumnElement[bool]], query: ListQuery) -> Select[Message]:
    column = SORTABLE[query.sort]
    order = column.desc() if query.descending else column.asc()
    return select(Message).where(*conditions).order_by(order, messages.c.id)


def _conditions(chosen: MessageFilter, search: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if chosen.programmes is not None:
        conditions.append(messages.c.programme.in_(chosen.programmes))
    if chosen.state:
        if chosen.state not in set(State):
            return [false()]
        conditions.append(messages.c.state == State(chosen.state))
    else:
        conditions.append(messages.c.state != State.CANCELLED)
    if chosen.workflow:
        conditions.append(messages.c.workflow == chosen.workflow)
    if search:
        columns = (messages.c.name, messages.c.address, messages.c.subject_line)
        conditions.append(or_(*(column.icontains(search, autoescape=True) for column in columns)))
    return conditions
