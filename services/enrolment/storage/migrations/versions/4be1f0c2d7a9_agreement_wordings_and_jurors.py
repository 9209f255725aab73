"""agreement wordings and jurors

Revision: 4be1f0c2d7a9, after 7ac5937c0b57
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "4be1f0c2d7a9"
down_revision = "7ac5937c0b57"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agreement_wording",
        sa.Column("programme", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "saved_by", sa.Uuid(), nullable=True, comment="empty for what was there before versions were"
        ),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.slug"], name=op.f("fk_agreement_wording_programme_programme")
        ),
        sa.ForeignKeyConstraint(
            ["saved_by"], ["person.id"], name=op.f("fk_agreement_wording_saved_by_person")
        ),
        sa.PrimaryKeyConstraint("programme", "number", name=op.f("pk_agreement_wording")),
    )
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.add_column(sa.Column("offer_end", sa.String(length=12), nullable=True))

    with op.batch_alter_table("application_decision", schema=None) as batch_op:
        batch_op.alter_column(
            "application_id",
            existing_type=sa.Uuid(),
            nullable=True,
            comment="empty for what concerns the whole cohort",
        )

    with op.batch_alter_table("juror", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "id", sa.Uuid(), nullable=True, comment="empty for members whom an earlier release seated"
            )
        )
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("juror", schema=None) as batch_op:
        batch_op.drop_column("removed_at")
        batch_op.drop_column("version")
        batch_op.drop_column("id")

    op.execute("DELETE FROM application_decision WHERE application_id IS NULL")
    with op.batch_alter_table("application_decision", schema=None) as batch_op:
        batch_op.alter_column("application_id", existing_type=sa.Uuid(), nullable=False, comment=None)

    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_column("offer_end")

    op.drop_table("agreement_wording")
