"""answered requests

Revision: ccdb18f44f40, after 91d6e8a70354
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "ccdb18f44f40"
down_revision = "91d6e8a70354"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answered_request",
        sa.Column("caller", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False, comment="of method, address and body"),
        sa.Column("status", sa.Integer(), nullable=False, comment="0 while it is being answered"),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("caller", "key", name=op.f("pk_answered_request")),
    )


def downgrade() -> None:
    op.drop_table("answered_request")
