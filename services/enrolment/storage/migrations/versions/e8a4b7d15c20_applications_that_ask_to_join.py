"""Applications that ask to join an organisation

Revision: e8a4b7d15c20, after d3f2a8c61b47
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "e8a4b7d15c20"
down_revision = "d3f2a8c61b47"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("join_request", schema=None) as batch_op:
        batch_op.add_column(sa.Column("application_id", sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f("ix_join_request_application_id"), ["application_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("join_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_join_request_application_id"))
        batch_op.drop_column("application_id")
