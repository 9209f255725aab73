"""Schema migrations (alembic), one history per service under ``storage/migrations``.

A service's ``env.py`` only calls ``run``; everything else is here once for all. Code of two releases runs
side by side while a service is updated, so a migration adds and does not take away (``rules``), and code
goes on with a schema that is newer than itself as long as it is told that it may (``compatibility``).
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Any, Literal

from alembic import command, context
from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from packaging.version import Version
from sqlalchemy import MetaData
from sqlalchemy.types import TypeDecorator

from services.chassis.columns import Instant
from services.chassis.database import Database
from services.chassis.migrations.compatibility import TABLE, SchemaState, leave_word, read_state
from services.chassis.migrations.rules import breaches, contracted_for
from services.chassis.release import RELEASE


class MigrationRefused(Exception):
    """The database was not touched; the text says why, in one sentence."""


def upgrade(package: str, database: Database, *, release: str = RELEASE, stopped: bool = False) -> None:
    """Bring the database of the service in ``package`` to the newest revision.

    Runs under a lock, so that processes that start together migrate once. ``stopped`` says that no process
    of an older release works with the database now. Raises MigrationRefused when a revision breaks the rules
    for code that runs beside it.
    """
    revisions = history(package)
    if broken := breaches(revisions, release):
        raise MigrationRefused(broken[0])
    serves_from = max(filter(None, map(contracted_for, revisions)), key=Version, default="0")
    with database.in_turn("migrate") as connection:
        state = read_state(connection)
        if state.revision == revisions[-1].revision and state.migrated_by == release:
            return
        if _is_ahead(state, revisions):
            serves_from = _of_newer_schema(package, state, release)
        else:
            _refuse_to_leave_behind(package, state, revisions, stopped=stopped)
            config = _config(package)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        leave_word(connection, serves_from, release)


def make_revision(package: str, database: Database, message: str) -> None:
    """Write the next revision of a service from what its models have and the database lacks."""
    with database.engine.connect() as connection:
        config = _config(package)
        config.attributes["connection"] = connection
        command.revision(config, message, autogenerate=True)


def problems(package: str, database: Database, *, release: str = RELEASE) -> list[str]:
    """What keeps this code from working with the database's schema, one sentence each.

    Raises driver errors.
    """
    name, revisions = _name(package), history(package)
    with database.read() as session:
        state = read_state(session.connection())
    needed = revisions[-1].revision
    if state.revision == needed:
        return []
    if not _is_ahead(state, revisions):
        return [
            f"The database of {name} is at schema {state.revision or 'none'} "
            f"but this release needs {needed}: run “cesar migrate {name}”."
        ]
    return [] if state.serves(release) else [_too_new(name, state, release)]


def history(package: str) -> Sequence[Script]:
    """The revisions of a service, the oldest first."""
    return [*ScriptDirectory.from_config(_config(package)).walk_revisions()][::-1]


def run(metadata: MetaData) -> None:
    """What every ``env.py`` does: apply the revisions on the connection that it is given."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=_render_item,
        include_name=is_ours,
        user_module_prefix="sa.",
    )
    with context.begin_transaction():
        context.run_migrations()


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Whether alembic should compare this part of the database with the models."""
    return not (kind == "table" and name == TABLE)


def _is_ahead(state: SchemaState, revisions: Sequence[Script]) -> bool:
    """Whether the schema was made by a newer release: nobody but it knows the revision."""
    return state.revision is not None and state.revision not in {known.revision for known in revisions}


def _of_newer_schema(package: str, state: SchemaState, release: str) -> str:
    """The oldest release that the newer schema serves. Raises MigrationRefused when it is not for us."""
    if state.serves_from is None or not state.serves(release):
        raise MigrationRefused(_too_new(_name(package), state, release))
    return state.serves_from


def _refuse_to_leave_behind(
    package: str, state: SchemaState, revisions: Sequence[Script], *, stopped: bool
) -> None:
    """Raises MigrationRefused when code that may still be running would lose what it needs."""
    if state.revision is None or stopped:
        return
    known = [revision.revision for revision in revisions]
    pending = revisions[known.index(state.revision) + 1 :]
    needed = max(filter(None, map(contracted_for, pending)), key=Version, default=None)
    if needed and (state.migrated_by is None or Version(state.migrated_by) < Version(needed)):
        name, by = _name(package), f"release {state.migrated_by}" if state.migrated_by else "an early release"
        raise MigrationRefused(
            f"The database of {name} comes from {by}, whose processes could not go on after this migration: "
            f"update to release {needed} first, or stop them all and run “cesar migrate {name} --stopped”."
        )


def _too_new(name: str, state: SchemaState, release: str) -> str:
    served = f"releases from {state.serves_from} on" if state.serves_from else "no release that it names"
    return (
        f"The database of {name} is at the newer schema {state.revision}, which serves {served}, "
        f"and this is {release}: install a newer release, or restore a backup."
    )


def _name(package: str) -> str:
    return package.rpartition(".")[2]


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
