"""Many rows in one statement.

PostgreSQL is given one array for each column, so that the statement is the same for any number of rows: it
is compiled and planned once, and the round trip is one. SQLite has no round trip and takes row after row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import ARRAY, String, Table, TypeDecorator, bindparam, cast, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class RowWrite:
    """What to do with rows of one table that give these columns: insert them; and where the row is there?

    Without ``key`` a known row is an error. With ``key`` it is left as it is, or overwritten by a greater
    ``version`` when ``newest`` is set. ``announced_on`` is a channel on which PostgreSQL tells its listeners,
    once it is committed, that something was written.
    """

    table: Table
    columns: tuple[str, ...]
    key: tuple[str, ...] = ()
    newest: bool = False
    returning: tuple[str, ...] = ()
    announced_on: str | None = None


def write_rows(session: Session, write: RowWrite, rows: Rows) -> list[Any]:
    """Write the rows in their order; what ``returning`` asks for, of those that were written.

    Of rows with one key the newest or first is taken. Raises IntegrityError for a row that may not be.
    """
    if write.key:
        rows = _one_per_key(write, rows)
    if session.get_bind().dialect.name == "sqlite":
        result = session.execute(_sqlite_statement(write), [dict(row) for row in rows])
    else:
        columns = {name: [row[name] for row in rows] for name in write.columns}
        shared = frozenset(name for name, values in columns.items() if _all_the_same(values))
        if len(shared) == len(columns):
            # One array at least says how many rows there are.
            shared -= {write.columns[0]}
        values = {name: each[0] if name in shared else each for name, each in columns.items()}
        result = session.execute(_postgresql_statement(write, shared), values)
    return list(result.all()) if write.returning else []


def _one_per_key(write: RowWrite, rows: Rows) -> Rows:
    """Of each key the newest row, or the first."""
    taken: dict[Any, Mapping[str, Any]] = {}
    key_of = itemgetter(*write.key)
    for row in rows:
        key = key_of(row)
        known = taken.get(key)
        if known is None or (write.newest and row["version"] > known["version"]):
            taken[key] = row
    return list(taken.values())


def _all_the_same(values: Sequence[Any]) -> bool:
    """Of one kind, too: 1 and 1.0 are equal and written differently, and what is inside a list may be."""
    first = values[0]
    if isinstance(first, dict | list):
        return False
    return all(value is first or (type(value) is type(first) and value == first) for value in values)


@cache
def _postgresql_statement(write: RowWrite, shared: frozenset[str]) -> Any:
    """``shared`` are the columns in which all rows have one value, which is sent once."""

    def values_of(name: str) -> Any:
        column_type = _uncut(write.table.c[name].type)
        if name in shared:
            return cast(bindparam(name, type_=column_type), column_type)
        return func.unnest(bindparam(name, type_=ARRAY(column_type, dimensions=1)))

    columns = {name: values_of(name).label(name) for name in write.columns}
    # In the order of the key, so that two writers do not wait for each other crosswise.
    rows = select(*columns.values()).order_by(*(columns[name] for name in write.key))
    statement = postgresql.insert(write.table).from_select(list(write.columns), rows, include_defaults=False)
    statement = _on_conflict(write, statement)
    if write.announced_on:
        # One call for each row, which the server makes one notification for the transaction.
        statement = statement.returning(func.pg_notify(write.announced_on, ""))
    return statement


@cache
def _sqlite_statement(write: RowWrite) -> Any:
    return _on_conflict(write, sqlite.insert(write.table))


def _on_conflict(write: RowWrite, statement: Any) -> Any:
    if write.newest:
        changes = {name: statement.excluded[name] for name in write.columns if name not in write.key}
        statement = statement.on_conflict_do_update(
            index_elements=list(write.key),
            set_=changes,
            where=write.table.c.version < statement.excluded.version,
        )
    elif write.key:
        statement = statement.on_conflict_do_nothing(index_elements=list(write.key))
    if write.returning:
        statement = statement.returning(*(write.table.c[name] for name in write.returning))
    return statement


def _uncut(column_type: TypeEngine[Any]) -> TypeEngine[Any]:
    """The type without its length: a cast to varchar(5) would cut a longer text, which the column refuses."""
    if isinstance(column_type, TypeDecorator):
        uncut = column_type.copy()
        uncut.impl = uncut.impl_instance = _uncut(uncut.impl_instance)
        return uncut
    return String() if isinstance(column_type, String) else column_type
