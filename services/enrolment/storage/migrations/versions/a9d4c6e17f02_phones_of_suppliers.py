"""Phones of suppliers

Revision: a9d4c6e17f02, after f2c7a91e5b38
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "a9d4c6e17f02"
down_revision = "f2c7a91e5b38"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("supplier_enrolment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("contact_phone", sa.String(length=30), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("supplier_enrolment", schema=None) as batch_op:
        batch_op.drop_column("contact_phone")
