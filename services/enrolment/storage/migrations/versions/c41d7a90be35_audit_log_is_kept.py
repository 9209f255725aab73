"""Audit log is kept

Revision: c41d7a90be35, after 53af346cea8e
"""

from __future__ import annotations

from services.chassis.migrations.audit_guard import guard_audit_log, unguard_audit_log

revision = "c41d7a90be35"
down_revision = "53af346cea8e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    guard_audit_log()


def downgrade() -> None:
    unguard_audit_log()
