"""applications, jury and agreements

Revision: 9630ecca306d, after a08ebd8a4f56
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "9630ecca306d"
down_revision = "a08ebd8a4f56"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "application_attachment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False, comment="bytes"),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_attachment")),
    )
    with op.batch_alter_table("application_attachment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_application_attachment_application_id"), ["application_id"], unique=False
        )

    op.create_table(
        "application_attachment_content",
        sa.Column("attachment_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"],
            ["application_attachment.id"],
            name=op.f("fk_application_attachment_content_attachment_id_application_attachment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("attachment_id", name=op.f("pk_application_attachment_content")),
    )
    op.create_table(
        "application_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("programme", sa.String(length=60), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("link_sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_application_draft_cohort_id_cohort")
        ),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.slug"], name=op.f("fk_application_draft_programme_programme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_draft")),
        sa.UniqueConstraint("cohort_id", "email", name=op.f("uq_application_draft_cohort_id_email")),
    )
    op.create_table(
        "juror",
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_juror_cohort_id_cohort")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_juror_person_id_person")),
        sa.PrimaryKeyConstraint("cohort_id", "person_id", name=op.f("pk_juror")),
    )
    op.create_table(
        "agreement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("programme", sa.String(length=60), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_agreement_application_id_application")
        ),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.slug"], name=op.f("fk_agreement_programme_programme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("application_id", name=op.f("uq_agreement_application_id")),
    )
    op.create_table(
        "application_decision",
        sa.Column(
            "position",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True, comment="empty when the calendar decided"),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_application_decision_application_id_application"),
        ),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_application_decision_by_person")),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_application_decision_cohort_id_cohort")
        ),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_application_decision")),
    )
    with op.batch_alter_table("application_decision", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_application_decision_application_id"), ["application_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_application_decision_cohort_id"), ["cohort_id"], unique=False)

    op.create_table(
        "jury_review",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("has_conflict", sa.Boolean(), nullable=False),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("comments", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_jury_review_application_id_application")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_jury_review_person_id_person")),
        sa.PrimaryKeyConstraint("application_id", "person_id", name=op.f("pk_jury_review")),
    )
    op.create_table(
        "agreement_document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by"], ["person.id"], name=op.f("fk_agreement_document_added_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_document_agreement_id_agreement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_document")),
    )
    with op.batch_alter_table("agreement_document", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_agreement_document_agreement_id"), ["agreement_id"], unique=False
        )

    op.create_table(
        "agreement_signature",
        sa.Column(
            "position",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("party", sa.String(length=24), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="of the document that was signed"),
        sa.Column("way", sa.String(length=12), nullable=False, comment="in_app or on_paper"),
        sa.Column("address", sa.String(length=45), nullable=False, comment="the IP address that signed"),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_signature_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_agreement_signature_person_id_person")
        ),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_agreement_signature")),
        sa.UniqueConstraint("agreement_id", "party", name=op.f("uq_agreement_signature_agreement_id_party")),
    )
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.add_column(sa.Column("answers", sa.JSON(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("waiting_rank", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("offered_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_column("offered_until")
        batch_op.drop_column("waiting_rank")
        batch_op.drop_column("answers")

    op.drop_table("agreement_signature")
    with op.batch_alter_table("agreement_document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreement_document_agreement_id"))

    op.drop_table("agreement_document")
    op.drop_table("jury_review")
    with op.batch_alter_table("application_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_application_decision_cohort_id"))
        batch_op.drop_index(batch_op.f("ix_application_decision_application_id"))

    op.drop_table("application_decision")
    op.drop_table("agreement")
    op.drop_table("juror")
    op.drop_table("application_draft")
    op.drop_table("application_attachment_content")
    with op.batch_alter_table("application_attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_application_attachment_application_id"))

    op.drop_table("application_attachment")
