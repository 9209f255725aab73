"""Audit log is kept

Revision: b80c5d21f74e, after 12359eb53e05
"""

from __future__ import annotations

from services.chassis.migrations.audit_guard import guard_audit_log, unguard_audit_log

revision = "b80c5d21f74e"
down_revision = "12359eb53e05"
branch_labels = None
depends_on = None


def upgrade() -> None:
    guard_audit_log()


def downgrade() -> None:
    unguard_audit_log()
