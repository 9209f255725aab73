"""supplier log

Revision: b7d1c94e5a20, after c41d7a90be35
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "b7d1c94e5a20"
down_revision = "c41d7a90be35"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "supplier_log",
        sa.Column(
            "position",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=24), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True, comment="empty for what happened by itself"),
        sa.Column("reason", sa.Text(), nullable=False, comment="for the team alone"),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_supplier_log_by_person")),
        sa.ForeignKeyConstraint(
            ["supplier_id"],
            ["supplier_enrolment.id"],
            name=op.f("fk_supplier_log_supplier_id_supplier_enrolment"),
        ),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_supplier_log")),
    )
    op.create_index(op.f("ix_supplier_log_supplier_id"), "supplier_log", ["supplier_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_supplier_log_supplier_id"), table_name="supplier_log")
    op.drop_table("supplier_log")
