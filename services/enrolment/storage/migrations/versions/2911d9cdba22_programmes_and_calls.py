"""programmes and calls

Revision: 2911d9cdba22, after be0ab8a3521d
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2911d9cdba22"
down_revision = "be0ab8a3521d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.add_column(sa.Column("jury_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("starts_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("ends_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("offer_days", sa.Integer(), server_default="7", nullable=False))
        batch_op.add_column(sa.Column("call_text", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("questions", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("criteria", sa.JSON(), server_default="[]", nullable=False))

    with op.batch_alter_table("programme", schema=None) as batch_op:
        batch_op.add_column(sa.Column("funders", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("agreement_template", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("programme", schema=None) as batch_op:
        batch_op.drop_column("agreement_template")
        batch_op.drop_column("funders")

    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.drop_column("criteria")
        batch_op.drop_column("questions")
        batch_op.drop_column("call_text")
        batch_op.drop_column("offer_days")
        batch_op.drop_column("ends_on")
        batch_op.drop_column("starts_on")
        batch_op.drop_column("jury_on")
