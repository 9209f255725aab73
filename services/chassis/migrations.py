"""Schema migrations (alembic), one history per service under ``storage/migrations``.

A service's ``env.py`` only calls ``run``; everything else is here once for all.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any, Literal

from alembic import command, context
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData
from sqlalchemy.types import TypeDecorator

from services.chassis.columns import Instant
from services.chassis.database import Database


def upgrade(package: str, database: Database) -> None:
    """Bring the database of the service in ``package`` to the newest revision.

    Runs under a lock, so that processes that start together migrate once.
    """
    if not problems(package, database):
        return
    with database.in_turn("migrate") as connection:
        config = _config(package)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def make_revision(package: str, database: Database, message: str) -> None:
    """Write the next revision of a service from what its models have and the database lacks."""
    with database.engine.connect() as connection:
        config = _config(package)
        config.attributes["connection"] = connection
        command.revision(config, message, autogenerate=True)


def problems(package: str, database: Database) -> list[str]:
    """In what the database's schema and this code differ, one sentence each. Raises driver errors."""
    name = package.rpartition(".")[2]
    head = ScriptDirectory.from_config(_config(package)).get_current_head()
    with database.engine.connect() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
    if revision == head:
        return []
    return [
        f"The database of {name} is at schema {revision or 'none'} but this release needs {head}: "
        f"run “cesar migrate {name}”."
    ]


def run(metadata: MetaData) -> None:
    """What every ``env.py`` does: apply the revisions on the connection that it is given."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=_render_item,
        user_module_prefix="sa.",
    )
    with context.begin_transaction():
        context.run_migrations()


def _config(package: str) -> Config:
    config = Config()
    folder = str(files(package) / "storage" / "migrations")
    config.set_main_option("script_location", folder)
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


def _render_item(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    """Write our own column types in a revision as what they are to the database."""
    if kind != "type":
        return False
    if isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False
