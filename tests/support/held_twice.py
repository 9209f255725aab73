"""Rows of somebody in every table that is declared to hold something of them, twice wherever two can be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    LargeBinary,
    Numeric,
    String,
    Table,
    Time,
    TypeDecorator,
    UniqueConstraint,
    Uuid,
    insert,
    literal,
)
from sqlalchemy.orm import Session

from services.chassis.columns import Instant, Word
from services.chassis.events import new_id
from services.chassis.privacy.holdings import Holding, Holdings, Kind

_numbers = count(1)


@dataclass(frozen=True)
class Somebody:
    """A person with an address of today and one of before: some rows are under each."""

    id: UUID
    name: str
    addresses: tuple[str, str]


def hold_twice(session: Session, holdings: Holdings, somebody: Somebody) -> dict[str, int]:
    """One or two rows for each holding that says whose a row is; how many there are of each, by its title."""
    return {
        holding.title: _add(session, holding, somebody)
        for holding in holdings
        if holding.person is not None or holding.address is not None
    }


def _add(session: Session, holding: Holding, somebody: Somebody) -> int:
    first = {column.name: _value(column, holding, somebody) for column in holding.table.c}
    second = _another(holding, somebody, first)
    rows = [first] if second is None else [first, second]
    for row in rows:
        session.execute(insert(holding.table).values(row))
    return len(rows)


def _another(holding: Holding, somebody: Somebody, first: Mapping[str, Any]) -> dict[str, Any] | None:
    """A second row of the same person, as like the first as the table allows; None if it allows none."""
    row = dict(first)
    for key in _keys(holding.table):
        changeable = [name for name in key if holding.person is None or name != holding.person.name]
        if holding.address is not None and holding.address.name in key:
            row[holding.address.name] = somebody.addresses[1]
        elif changeable:
            column = holding.table.c[changeable[0]]
            row[column.name] = _value(column, holding, somebody)
        else:
            return None
    return row


def _keys(table: Table) -> list[list[str]]:
    """Sets of columns in which no two rows are alike."""
    unique = [each.columns for each in table.constraints if isinstance(each, UniqueConstraint)]
    indexes = [each.columns for each in table.indexes if each.unique]
    return [[column.name for column in columns] for columns in (table.primary_key.columns, *unique, *indexes)]


def _value(column: Column[Any], holding: Holding, somebody: Somebody) -> Any:
    if column is holding.person:
        return somebody.id
    if column is holding.address:
        return somebody.addresses[0]
    match holding.columns.get(column.name):
        case Kind.NAME:
            return somebody.name
        case Kind.ADDRESS | Kind.TEXT:
            return somebody.addresses[0]
        case Kind.RECORD if not isinstance(column.type, LargeBinary):
            address, _ = somebody.addresses
            contact = {"person_id": str(somebody.id), "name": somebody.name, "email": address}
            return literal({"contact": contact}, JSON)
    return _filler(column)


def _filler(column: Column[Any]) -> Any:
    """Something that the column takes and no other row has, as far as its type allows."""
    number = next(_numbers)
    kind = column.type
    match kind:
        case Word():
            # A mail that was only planned goes with whom it was for; one that was sent stays and is counted.
            return next((each for each in kind.enumeration if each == "sent"), next(iter(kind.enumeration)))
        case Instant():
            return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
        case TypeDecorator() | JSON():
            return literal([], JSON)
        case Uuid():
            return new_id()
        case String():
            return str(number).zfill(kind.length or 12)[-(kind.length or 12) :]
        case LargeBinary():
            return str(number).encode()
        case Boolean():
            return False
        case Date():
            return date(2026, 1, 1)
        case Time():
            return time(9)
        case Numeric():
            return 1
        case _:
            return number
