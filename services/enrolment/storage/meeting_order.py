"""The order in which lists of meetings are read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, case

from services.chassis.listing import ListQuery

COMING_FIRST = "coming"
"""What nobody has to ask for: what is not over yet, the nearest first; then what is, the latest first."""


def order_of(
    meetings: Table, sortable: Mapping[str, Any], query: ListQuery, now: datetime
) -> tuple[ColumnElement[Any], ...]:
    """The order that is asked for, and COMING_FIRST for any other; what is equal in it by its id."""
    if query.sort in sortable:
        column = sortable[query.sort]
        return column.desc() if query.descending else column.asc(), meetings.c.id
    is_to_come = meetings.c.ends_at > now
    return (
        case((is_to_come, 0), else_=1).asc(),
        case((is_to_come, meetings.c.starts_at)).asc(),
        meetings.c.starts_at.desc(),
        meetings.c.id,
    )
