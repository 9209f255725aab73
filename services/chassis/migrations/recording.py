"""What a revision would do, found by running it: nothing is done, everything is noted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import BatchOperations, Operations
from alembic.operations.ops import CreateTableOp, ExecuteSQLOp, MigrateOperation
from alembic.script import Script
from sqlalchemy import create_mock_engine


def operations_of(revision: Script) -> list[MigrateOperation]:
    """What ``upgrade()`` asks alembic to do, in its order.

    Raises whatever a revision raises that reads from the database before it decides.
    """
    recorded: list[MigrateOperation] = []
    context = MigrationContext.configure(dialect_name="postgresql", opts={"as_sql": True})
    with Operations.context(context) as operations:
        _listen(operations, context, recorded)
        revision.module.upgrade()
    return recorded


def _listen(operations: Any, context: MigrationContext, recorded: list[MigrateOperation]) -> None:
    """Have the functions of ``alembic.op`` only note what they are asked for."""

    def record(operation: MigrateOperation) -> Any:
        recorded.append(operation)
        return operation.to_table(context) if isinstance(operation, CreateTableOp) else None

    def record_statement(statement: Any, *_parameters: Any, **_named: Any) -> None:
        recorded.append(ExecuteSQLOp(statement))

    @contextmanager
    def batch_alter_table(table: str, schema: str | None = None, **_: Any) -> Iterator[BatchOperations]:
        of_table: Any = SimpleNamespace(table_name=table, schema=schema)
        batch: Any = BatchOperations(context, impl=of_table)
        batch.invoke = record
        yield batch

    operations.invoke = record
    operations.batch_alter_table = batch_alter_table
    operations.get_bind = lambda: create_mock_engine("postgresql+psycopg://", record_statement)
