"""Attendance corrected and signed on paper

Revision: f2c7a91e5b38, after e8a4b7d15c20
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "f2c7a91e5b38"
down_revision = "e8a4b7d15c20"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attendance_correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("corrected_by", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "changes",
            sa.JSON(),
            nullable=False,
            comment="who came after all, and who did not, by registration",
        ),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name=op.f("fk_attendance_correction_workshop_id_workshop")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_correction")),
    )
    op.create_index(op.f("ix_attendance_correction_workshop_id"), "attendance_correction", ["workshop_id"])
    op.create_table(
        "signed_sheet",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name=op.f("fk_signed_sheet_workshop_id_workshop")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_sheet")),
    )
    op.create_index(op.f("ix_signed_sheet_workshop_id"), "signed_sheet", ["workshop_id"])


def downgrade() -> None:
    op.drop_table("signed_sheet")
    op.drop_table("attendance_correction")
