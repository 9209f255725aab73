"""Audit log is kept

Revision: 46f9d3e8a1b7, after e562da9a87df
"""

from __future__ import annotations

from services.chassis.migrations.audit_guard import guard_audit_log, unguard_audit_log

revision = "46f9d3e8a1b7"
down_revision = "e562da9a87df"
branch_labels = None
depends_on = None


def upgrade() -> None:
    guard_audit_log()


def downgrade() -> None:
    unguard_audit_log()
