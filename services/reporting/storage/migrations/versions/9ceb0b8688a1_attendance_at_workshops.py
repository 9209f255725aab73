"""attendance at workshops

Revision: 9ceb0b8688a1, after 760e10628120
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "9ceb0b8688a1"
down_revision = "760e10628120"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "workshop",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("programme", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop")),
    )
    with op.batch_alter_table("workshop", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workshop_programme"), ["programme"], unique=False)

    op.create_table(
        "workshop_registration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("programme", sa.String(length=60), nullable=False),
        sa.Column("cohort_label", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False, comment="of the workshop"),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("present_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_registration")),
    )
    with op.batch_alter_table("workshop_registration", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workshop_registration_programme"), ["programme"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("workshop_registration", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workshop_registration_programme"))

    op.drop_table("workshop_registration")
    with op.batch_alter_table("workshop", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workshop_programme"))

    op.drop_table("workshop")
