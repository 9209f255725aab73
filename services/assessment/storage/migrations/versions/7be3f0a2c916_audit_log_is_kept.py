"""Audit log is kept

Revision: 7be3f0a2c916, after 0def0a46cbf0
"""

from __future__ import annotations

from services.chassis.migrations.audit_guard import guard_audit_log, unguard_audit_log

revision = "7be3f0a2c916"
down_revision = "0def0a46cbf0"
branch_labels = None
depends_on = None


def upgrade() -> None:
    guard_audit_log()


def downgrade() -> None:
    unguard_audit_log()
