"""The migrations of a service end in exactly the tables that its models describe."""

from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import JSON, Column

from services.chassis import migrations
from services.chassis.database import Database
from services.console.installed import NAMES, load_service
from tests.support.postgres import Postgres


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["SQLite", "PostgreSQL"])
def test_migrations_and_models_agree(name: str, kind: str, tmp_path: Path, postgres: Postgres) -> None:
    service = load_service(name)
    database = Database(
        f"sqlite:///{tmp_path}/{name}.db" if kind == "SQLite" else postgres.create_database(name)
    )
    migrations.upgrade(service.package, database)
    options = {
        # SQLite numbers rows without being told to.
        "compare_server_default": have_other_defaults if kind == "PostgreSQL" else False,
        "include_name": migrations.is_ours,
    }
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        differences = compare_metadata(context, service.metadata)
    database.close()
    assert differences == []


def have_other_defaults(
    _context: object, found: Column[Any], _ours: object, default: str | None, _: object, wanted: str | None
) -> bool | None:
    """None: alembic compares by itself. PostgreSQL cannot compare what is of the type json."""
    if isinstance(found.type, JSON):
        return (default or "").removesuffix("::json") != (wanted or "")
    return None
