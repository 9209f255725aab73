"""Buyers' applications: drafts, what was handed in, attachments, and the log of decisions."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    Date,
    ForeignKey,
    Identity,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from services.chassis.columns import Instant, RowNumber, Word
from services.enrolment.domain.application import Application, ApplicationState
from services.enrolment.domain.decision import LoggedDecision, Verdict
from services.enrolment.domain.draft import ApplicationDraft, Attachment
from services.enrolment.storage.tables.base import map_aggregate, mapper, metadata
from services.enrolment.storage.tables.organisations import organisations
from services.enrolment.storage.tables.people import people
from services.enrolment.storage.tables.programmes import cohorts, programmes

applications = Table(
    "application",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("programme", String(60), ForeignKey(programmes.c.slug), nullable=False),
    Column("cohort_id", Uuid, ForeignKey(cohorts.c.id), nullable=False, index=True),
    Column("organisation_id", Uuid, ForeignKey(organisations.c.id), nullable=False, index=True),
    Column("contact_id", Uuid, ForeignKey(people.c.id), nullable=False),
    Column("motivation", Text, nullable=False),
    Column("answers", JSON, nullable=False, server_default="{}"),
    Column("state", Word(ApplicationState), nullable=False),
    Column("return_reason", String(12)),
    Column("reason", Text),
    Column("submitted_at", Instant),
    Column("decided_at", Instant),
    Column("decided_by", Uuid),
    Column("waiting_rank", Integer),
    Column("offered_until", Instant),
    Column("offer_end", String(12)),
    Column("withdrawn_by", String(12)),
    Column("left_on", Date),
    Column("left_noted_at", Instant),
    UniqueConstraint("cohort_id", "organisation_id"),
)

application_drafts = Table(
    "application_draft",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("programme", String(60), ForeignKey(programmes.c.slug), nullable=False),
    Column("cohort_id", Uuid, ForeignKey(cohorts.c.id), nullable=False),
    Column("email", String(254), nullable=False),
    Column("locale", String(5), nullable=False),
    Column("typed", JSON, nullable=False),
    Column("saved_at", Instant, nullable=False),
    Column("link_sent_at", Instant, nullable=False),
    Column("submitted_at", Instant),
    Column("reminded_at", Instant),
    UniqueConstraint("cohort_id", "email"),
)

# ``application_id`` names the draft until it is handed in, and the application that it becomes after that.
attachments = Table(
    "application_attachment",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("application_id", Uuid, nullable=False, index=True),
    Column("question", String(24), nullable=False),
    Column("name", String(200), nullable=False),
    Column("media_type", String(80), nullable=False),
    Column("size", Integer, nullable=False, comment="bytes"),
    Column("added_at", Instant, nullable=False),
)

# Apart from the attachment, so that reading applications never reads files.
attachment_contents = Table(
    "application_attachment_content",
    metadata,
    Column("attachment_id", Uuid, ForeignKey(attachments.c.id, ondelete="CASCADE"), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

decisions = Table(
    "application_decision",
    metadata,
    Column("position", RowNumber, Identity(), primary_key=True),
    Column(
        "application_id",
        Uuid,
        ForeignKey(applications.c.id),
        index=True,
        comment="empty for what concerns the whole cohort",
    ),
    Column("cohort_id", Uuid, ForeignKey(cohorts.c.id), nullable=False, index=True),
    Column("verdict", Word(Verdict), nullable=False),
    Column("reason", Text, nullable=False),
    Column("by", Uuid, ForeignKey(people.c.id), comment="empty when the calendar decided"),
    Column("decided_at", Instant, nullable=False),
)

map_aggregate(Application, applications)
map_aggregate(ApplicationDraft, application_drafts)
mapper.map_imperatively(Attachment, attachments)
mapper.map_imperatively(LoggedDecision, decisions)
