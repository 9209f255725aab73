"""Which releases can work with a database: what its newest migration left word of, in the database itself.

During a rolling update the schema is ahead of the code that still runs. That code does not know the newer
revisions, but it can read here whether they took anything away that it needs.
"""

from __future__ import annotations

from dataclasses import dataclass

from alembic.migration import MigrationContext
from packaging.version import Version
from sqlalchemy import Column, Connection, MetaData, String, Table, delete, insert, inspect, select

# Beside alembic's own table, and like it no part of any service's models: migrating makes and keeps it.
TABLE = "schema_compatibility"
_compatibility = Table(
    TABLE,
    MetaData(),
    Column("serves_from", String(40), nullable=False),
    Column("migrated_by", String(40), nullable=False),
)


@dataclass(frozen=True)
class SchemaState:
    """How a database stands: alembic's ``revision``, None in an empty one.

    ``serves_from`` is the oldest release that can work with it, ``migrated_by`` the one whose migration ran
    last; both are None where only a release that did not leave word has migrated.
    """

    revision: str | None
    serves_from: str | None = None
    migrated_by: str | None = None

    def serves(self, release: str) -> bool:
        """Whether code of this release, which is older than the schema, can work with it."""
        return self.serves_from is not None and Version(self.serves_from) <= Version(release)


def read_state(connection: Connection) -> SchemaState:
    """How the database stands now."""
    revision = MigrationContext.configure(connection).get_current_revision()
    if not inspect(connection).has_table(TABLE):
        return SchemaState(revision)
    row = connection.execute(select(_compatibility)).one_or_none()
    return SchemaState(revision, *row) if row else SchemaState(revision)


def leave_word(connection: Connection, serves_from: str, migrated_by: str) -> None:
    """Note, for code that is older or newer, what this migration makes of the database."""
    _compatibility.create(connection, checkfirst=True)
    connection.execute(delete(_compatibility))
    connection.execute(insert(_compatibility).values(serves_from=serves_from, migrated_by=migrated_by))
