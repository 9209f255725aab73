"""What a migration may do while code of the release before still runs: add, and not take away.

A schema is changed in three steps, each in a release of its own: *expand* (add the new beside the old),
*migrate* (the code writes and reads the new), *contract* (take the old away). A revision that contracts says
so by ``contracts = "RELEASE"``: the first release that works without what is taken away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from alembic.operations.ops import (
    AddColumnOp,
    AddConstraintOp,
    AlterColumnOp,
    BulkInsertOp,
    CreateIndexOp,
    CreateTableCommentOp,
    CreateTableOp,
    DropColumnOp,
    DropConstraintOp,
    DropIndexOp,
    DropTableCommentOp,
    DropTableOp,
    ExecuteSQLOp,
    MigrateOperation,
    RenameTableOp,
)
from alembic.script import Script
from packaging.version import InvalidVersion, Version
from sqlalchemy import BigInteger, Column, Enum, Integer, Numeric, SmallInteger, String
from sqlalchemy.types import TypeEngine

from services.chassis.migrations.audit_guard import GuardAuditLog
from services.chassis.migrations.recording import operations_of

_INTEGERS = (SmallInteger, Integer, BigInteger)
# What changes rows and no table, and takes no row away.
_HARMLESS_SQL = re.compile(r"\s*(INSERT|UPDATE|SELECT|SET|ANALYZE)\b", re.IGNORECASE)


def breaches(revisions: Sequence[Script], release: str) -> list[str]:
    """Where a service's revisions, the oldest first, break the rule in ``release``; one sentence each."""
    found: list[str] = []
    unique_indexes: set[str] = set()
    for revision in revisions:
        try:
            operations = operations_of(revision)
        except Exception as error:
            found.append(f"Revision {revision.revision} cannot be judged without a database: {error!r}.")
        else:
            found += _judgement(revision, [*_breaks(operations, unique_indexes)], release)
    return found


def contracted_for(revision: Script) -> str | None:
    """The first release that works without what the revision takes away; None when it takes nothing."""
    return getattr(revision.module, "contracts", None)


def _judgement(revision: Script, breaks: Sequence[str], release: str) -> Iterator[str]:
    name, contracts = f"Revision {revision.revision}", contracted_for(revision)
    if contracts is None:
        for what in breaks:
            yield f"{name} {what}, which the release before may still need."
    elif not breaks:
        yield f"{name} says that it contracts, and takes nothing away."
    elif not _is_release(contracts):
        yield f"{name} contracts “{contracts}”, which is no release."
    elif not Version(contracts) < Version(release):
        yield (
            f"{name} {breaks[0]}, which is in use before {contracts}: "
            f"a release after {contracts} may do so, and this is {release}."
        )


def _is_release(text: object) -> bool:
    try:
        Version(text)  # type: ignore[arg-type]
    except (InvalidVersion, TypeError):
        return False
    return True


def _breaks(operations: Sequence[MigrateOperation], unique_indexes: set[str]) -> Iterator[str]:
    """What the operations take from code that knows nothing of them.

    Unique indexes are noted as they are made, since an index is dropped by its name only.
    """
    new_tables: set[str | None] = set()
    for operation in operations:
        if isinstance(operation, CreateTableOp):
            new_tables.add(operation.table_name)
        elif isinstance(operation, CreateIndexOp) and operation.unique:
            unique_indexes.add(str(operation.index_name))
        if isinstance(operation, DropIndexOp):
            if operation.index_name in unique_indexes:
                yield f"drops the unique index {operation.index_name}"
        elif _table_of(operation) not in new_tables and (what := _break(operation)):
            yield what


def _table_of(operation: MigrateOperation) -> str | None:
    return getattr(operation, "source_table", None) or getattr(operation, "table_name", None)


def _break(operation: MigrateOperation) -> str | None:
    """What the operation takes from the users of a table that was there before; None when nothing."""
    table = _table_of(operation)
    match operation:
        case CreateTableOp() | BulkInsertOp() | CreateTableCommentOp() | DropTableCommentOp():
            return None
        case GuardAuditLog():
            return None
        case CreateIndexOp():
            return f"makes a unique index on {table}" if operation.unique else None
        case AddColumnOp():
            return _break_of_new_column(table, operation.column)
        case AlterColumnOp():
            return _break_of_altered_column(operation)
        case DropTableOp():
            return f"drops the table {table}"
        case RenameTableOp():
            return f"renames the table {table}"
        case DropColumnOp():
            return f"drops the column {table}.{operation.column_name}"
        case AddConstraintOp():
            return f"puts a new constraint on {table}"
        case DropConstraintOp(constraint_type="check"):
            return None
        case DropConstraintOp():
            return f"drops the constraint {operation.constraint_name} of {table}"
        case ExecuteSQLOp():
            return _break_of_sql(operation.sqltext)
        case _:
            return f"does what no rule judges ({type(operation).__name__})"


def _break_of_new_column(table: str | None, column: Column[Any]) -> str | None:
    if column.primary_key or column.unique:
        return f"puts a new constraint on {table}"
    fills_itself = column.server_default is not None or column.identity or column.computed
    if not column.nullable and not fills_itself:
        return f"adds {table}.{column.name}, which must not be empty and has no default of the server"
    return None


def _break_of_altered_column(operation: AlterColumnOp) -> str | None:
    column, new_type = f"{operation.table_name}.{operation.column_name}", operation.modify_type
    if operation.modify_name is not None:
        return f"renames the column {column}"
    if operation.modify_nullable is False:
        return f"forbids {column} to be empty"
    # False is alembic's word for “as it was”.
    if operation.modify_server_default is None:
        return f"takes the server’s default from {column}"
    if new_type is not None and not _holds_all_of(new_type, operation.existing_type):
        return f"gives {column} a type that may not hold all that it holds"
    return None


def _break_of_sql(statement: object) -> str | None:
    text = " ".join(str(statement).split())
    return None if _HARMLESS_SQL.match(text) else f"runs “{text[:60]}”"


def _holds_all_of(after: TypeEngine[Any], before: object) -> bool:
    """Whether each value of the type ``before`` is one of the type ``after``, as far as is known."""
    if type(after) in _INTEGERS and type(before) in _INTEGERS:
        return _INTEGERS.index(type(after)) >= _INTEGERS.index(type(before))
    if Enum not in (type(after), type(before)) and isinstance(after, String) and isinstance(before, String):
        return after.length is None or (before.length is not None and before.length <= after.length)
    if type(after) is Numeric and type(before) is Numeric:
        return after.precision is None or (before.precision is not None and _fits(before, after))
    return repr(after) == repr(before)


def _fits(before: Numeric[Any], after: Numeric[Any]) -> bool:
    decimals, whole = after.scale or 0, (after.precision or 0) - (after.scale or 0)
    return decimals >= (before.scale or 0) and whole >= (before.precision or 0) - (before.scale or 0)
