"""Read models made of other services' events, in whatever order these arrive."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Table

from services.chassis.bulk import RowWrite, write_rows
from services.chassis.events import Event
from services.chassis.unit_of_work import UnitOfWork


def apply_snapshot(
    unit_of_work: UnitOfWork, table: Table, key: Mapping[str, Any], event: Event, values: Mapping[str, Any]
) -> bool:
    """Insert or update the row of ``key`` unless it holds a newer state already; whether it was applied.

    The table has a column ``version``, which holds the ``sequence`` of the event that the row comes from.
    Because an older state never overwrites a newer one, events may come late, twice and in any order.
    """
    row = {**key, **values, "version": event.sequence}
    write = _newest(table, tuple(row), tuple(key), returning=tuple(key))
    return bool(write_rows(unit_of_work.session, write, [row]))


def keep_newest(
    unit_of_work: UnitOfWork, table: Table, key: Mapping[str, Any], event: Event, values: Mapping[str, Any]
) -> None:
    """As ``apply_snapshot``, for those who need not know: a batch's rows are written together."""
    row = {**key, **values, "version": event.sequence}
    unit_of_work.write_later(_newest(table, tuple(row), tuple(key)), row)


def record_fact(unit_of_work: UnitOfWork, table: Table, event: Event, values: Mapping[str, Any]) -> None:
    """Insert what happened once, whatever else is known: the table's key is ``event_id``."""
    row = {"event_id": event.id, **values}
    unit_of_work.write_later(_once(table, tuple(row)), row)


@cache
def _newest(
    table: Table, columns: tuple[str, ...], key: tuple[str, ...], returning: tuple[str, ...] = ()
) -> RowWrite:
    return RowWrite(table, columns, key, newest=True, returning=returning)


@cache
def _once(table: Table, columns: tuple[str, ...]) -> RowWrite:
    return RowWrite(table, columns, ("event_id",))
