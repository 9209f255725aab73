"""Withdrawals by the team

Revision: d3f2a8c61b47, after b7d1c94e5a20
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "d3f2a8c61b47"
down_revision = "b7d1c94e5a20"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.add_column(sa.Column("withdrawn_by", sa.String(length=12), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_column("withdrawn_by")
