"""Rows of known suppliers

Revision: c5f8e1d20b64, after a9d4c6e17f02
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c5f8e1d20b64"
down_revision = "a9d4c6e17f02"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("supplier_import_error", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("outcome", sa.String(length=12), nullable=True, comment="empty for a row that is wrong")
        )
        batch_op.add_column(sa.Column("supplier_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("supplier_import_error", schema=None) as batch_op:
        batch_op.drop_column("supplier_id")
        batch_op.drop_column("outcome")
