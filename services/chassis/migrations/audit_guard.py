"""The audit log in the database: entries are added, never changed, and go when they have outlived their time.

No code of the house does otherwise. The guard is for what is none of its code: a mistake by hand, or somebody
who has come as far as the database's console and wants to leave no trace. What has outlived its time is what
a run of the retention has written down (``retention_run``): so the period stays data and no trigger knows it.
"""

from __future__ import annotations

from alembic import op
from alembic.operations import MigrateOperation, Operations

RULE = "audit-log"
"""The rule in ``privacy/retention.yaml`` whose runs say what may go."""

_POSTGRESQL = (
    """
    CREATE FUNCTION audit_entry_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation',
            MESSAGE = 'Entries of the audit log are never changed.';
    END $$
    """,
    f"""
    CREATE FUNCTION audit_entry_has_outlived() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.at < (SELECT max("before") FROM retention_run WHERE rule = '{RULE}') THEN
            RETURN NULL;
        END IF;
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation',
            MESSAGE = 'Entries of the audit log go only when they have outlived their period.';
    END $$
    """,
    """
    CREATE TRIGGER audit_entry_unchanged BEFORE UPDATE ON audit_entry
        FOR EACH ROW EXECUTE FUNCTION audit_entry_is_kept()
    """,
    """
    CREATE TRIGGER audit_entry_not_emptied BEFORE TRUNCATE ON audit_entry
        FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_is_kept()
    """,
    # At the commit, because the release before writes its run down after it has removed what was due.
    """
    CREATE CONSTRAINT TRIGGER audit_entry_outlived AFTER DELETE ON audit_entry
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_entry_has_outlived()
    """,
)
_SQLITE = (
    """
    CREATE TRIGGER audit_entry_unchanged BEFORE UPDATE ON audit_entry
    BEGIN SELECT RAISE(ABORT, 'Entries of the audit log are never changed.'); END
    """,
    f"""
    CREATE TRIGGER audit_entry_outlived BEFORE DELETE ON audit_entry
    WHEN OLD.at >= coalesce((SELECT max("before") FROM retention_run WHERE rule = '{RULE}'), '')
    BEGIN SELECT RAISE(ABORT, 'Entries of the audit log go only when they have outlived their period.'); END
    """,
)
_TRIGGERS = ("audit_entry_unchanged", "audit_entry_not_emptied", "audit_entry_outlived")
_FUNCTIONS = ("audit_entry_is_kept", "audit_entry_has_outlived")


class GuardAuditLog(MigrateOperation):
    """Has the database refuse what no release ever does."""


class UnguardAuditLog(MigrateOperation):
    """Undoes ``GuardAuditLog``."""


def guard_audit_log() -> None:
    """To be called by a migration. One that rebuilds the table on SQLite has to call it again."""
    op.invoke(GuardAuditLog())


def unguard_audit_log() -> None:
    op.invoke(UnguardAuditLog())


@Operations.implementation_for(GuardAuditLog)
def _guard(operations: Operations, _operation: GuardAuditLog) -> None:
    for statement in _SQLITE if _is_sqlite(operations) else _POSTGRESQL:
        operations.execute(statement)


@Operations.implementation_for(UnguardAuditLog)
def _unguard(operations: Operations, _operation: UnguardAuditLog) -> None:
    if _is_sqlite(operations):
        for trigger in _TRIGGERS:
            operations.execute(f"DROP TRIGGER IF EXISTS {trigger}")
        return
    for trigger in _TRIGGERS:
        operations.execute(f"DROP TRIGGER {trigger} ON audit_entry")
    for function in _FUNCTIONS:
        operations.execute(f"DROP FUNCTION {function}()")


def _is_sqlite(operations: Operations) -> bool:
    return operations.get_context().dialect.name == "sqlite"
