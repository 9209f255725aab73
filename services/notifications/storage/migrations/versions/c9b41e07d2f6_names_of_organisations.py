"""Names of organisations

Revision: c9b41e07d2f6, after b80c5d21f74e
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c9b41e07d2f6"
down_revision = "b80c5d21f74e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )


def downgrade() -> None:
    op.drop_table("organisation")
