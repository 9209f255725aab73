"""workshops and appointments

Revision: a08ebd8a4f56, after 015acf8133c7
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "a08ebd8a4f56"
down_revision = "015acf8133c7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "adviser_assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("programme", sa.String(length=60), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("adviser_id", sa.Uuid(), nullable=True),
        sa.Column("assigned_by", sa.Uuid(), nullable=True),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["adviser_id"], ["person.id"], name=op.f("fk_adviser_assignment_adviser_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_adviser_assignment_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.slug"], name=op.f("fk_adviser_assignment_programme_programme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adviser_assignment")),
        sa.UniqueConstraint(
            "programme", "organisation_id", name=op.f("uq_adviser_assignment_programme_organisation_id")
        ),
    )
    with op.batch_alter_table("adviser_assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_adviser_assignment_adviser_id"), ["adviser_id"], unique=False)

    op.create_table(
        "appointment_slot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("programme", sa.String(length=60), nullable=False),
        sa.Column("adviser_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("video_url", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["adviser_id"], ["person.id"], name=op.f("fk_appointment_slot_adviser_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.slug"], name=op.f("fk_appointment_slot_programme_programme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_slot")),
        sa.UniqueConstraint("adviser_id", "starts_at", name=op.f("uq_appointment_slot_adviser_id_starts_at")),
    )
    op.create_table(
        "calendar_feed",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calendar_feed_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_calendar_feed_token_digest")),
    )
    op.create_table(
        "appointment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("programme", sa.String(length=60), nullable=False),
        sa.Column("adviser_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("slot_id", sa.Uuid(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("video_url", sa.String(length=500), nullable=True),
        sa.Column("subject", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("report", sa.Text(), nullable=True),
        sa.Column("calendar_sequence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["adviser_id"], ["person.id"], name=op.f("fk_appointment_adviser_id_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_appointment_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_appointment_person_id_person")),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.slug"], name=op.f("fk_appointment_programme_programme")
        ),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["appointment_slot.id"], name=op.f("fk_appointment_slot_id_appointment_slot")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("slot_id", name=op.f("uq_appointment_slot_id")),
    )
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_appointment_adviser_id_starts_at"), ["adviser_id", "starts_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_appointment_organisation_id_starts_at"),
            ["organisation_id", "starts_at"],
            unique=False,
        )

    op.create_table(
        "workshop",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("programme", sa.String(length=60), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("theme", sa.String(length=200), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("video_url", sa.String(length=500), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("calendar_sequence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_workshop_cohort_id_cohort")),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.slug"], name=op.f("fk_workshop_programme_programme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop")),
    )
    with op.batch_alter_table("workshop", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_workshop_cohort_id_starts_at"), ["cohort_id", "starts_at"], unique=False
        )

    op.create_table(
        "adviser_note",
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("adviser_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["adviser_id"], ["person.id"], name=op.f("fk_adviser_note_adviser_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_adviser_note_appointment_id_appointment")
        ),
        sa.PrimaryKeyConstraint("appointment_id", name=op.f("pk_adviser_note")),
    )
    op.create_table(
        "attendance_sheet",
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name=op.f("fk_attendance_sheet_workshop_id_workshop")
        ),
        sa.PrimaryKeyConstraint("workshop_id", name=op.f("pk_attendance_sheet")),
    )
    op.create_table(
        "workshop_registration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("present_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("presence", sa.String(length=24), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_workshop_registration_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_workshop_registration_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name=op.f("fk_workshop_registration_workshop_id_workshop")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_registration")),
        sa.UniqueConstraint(
            "workshop_id", "person_id", name=op.f("uq_workshop_registration_workshop_id_person_id")
        ),
    )
    with op.batch_alter_table("workshop_registration", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workshop_registration_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("workshop_registration", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workshop_registration_person_id"))

    op.drop_table("workshop_registration")
    op.drop_table("attendance_sheet")
    op.drop_table("adviser_note")
    with op.batch_alter_table("workshop", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workshop_cohort_id_starts_at"))

    op.drop_table("workshop")
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appointment_organisation_id_starts_at"))
        batch_op.drop_index(batch_op.f("ix_appointment_adviser_id_starts_at"))

    op.drop_table("appointment")
    op.drop_table("calendar_feed")
    op.drop_table("appointment_slot")
    with op.batch_alter_table("adviser_assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_adviser_assignment_adviser_id"))

    op.drop_table("adviser_assignment")
