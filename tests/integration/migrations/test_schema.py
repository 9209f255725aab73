"""The migrations of a service end in exactly the tables that its models describe."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, DefaultClause, MetaData, inspect

from services.chassis import migrations
from services.chassis.database import Database
from services.chassis.service import Service
from services.console.installed import NAMES, load_service
from tests.support.postgres import Postgres


@contextmanager
def migrated(service: Service, url: str) -> Iterator[Connection]:
    """A connection to a new database of the service."""
    database = Database(url)
    migrations.upgrade(service.package, database)
    with database.engine.connect() as connection:
        yield connection
    database.close()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["SQLite", "PostgreSQL"])
def test_migrations_and_models_agree(name: str, kind: str, tmp_path: Path, postgres: Postgres) -> None:
    service = load_service(name)
    url = f"sqlite:///{tmp_path}/{name}.db" if kind == "SQLite" else postgres.create_database(name)
    with migrated(service, url) as connection:
        context = MigrationContext.configure(connection, opts={"include_name": migrations.is_ours})
        differences = compare_metadata(context, service.metadata)
    assert differences == []


@pytest.mark.parametrize("name", NAMES)
def test_the_server_fills_in_what_the_models_say(name: str, postgres: Postgres) -> None:
    """What code of the release before leaves out."""
    service = load_service(name)
    with migrated(service, postgres.create_database(name)) as connection:
        assert defaults_of(connection) == defaults_in(service.metadata)


def defaults_of(connection: Connection) -> dict[str, str]:
    """The defaults of all columns as plain text: '7', [] for '[]'::json."""
    tables = inspect(connection).get_multi_columns()
    return {
        f"{table}.{column['name']}": column["default"].partition("::")[0].strip("'")
        for (_, table), columns in tables.items()
        for column in columns
        if column["default"] is not None
    }


def defaults_in(metadata: MetaData) -> dict[str, str]:
    return {
        f"{table.name}.{column.name}": str(column.server_default.arg)
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.server_default, DefaultClause)
    }
