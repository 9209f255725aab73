"""The juries of the cohorts, and what their members think of the applications."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, Table, Uuid

from services.chassis.columns import Instant
from services.enrolment.domain.jury import Juror, JuryReview
from services.enrolment.storage.tables.applications import applications
from services.enrolment.storage.tables.base import map_aggregate, mapper, metadata
from services.enrolment.storage.tables.people import people
from services.enrolment.storage.tables.programmes import cohorts

jurors = Table(
    "juror",
    metadata,
    Column("cohort_id", Uuid, ForeignKey(cohorts.c.id), primary_key=True),
    Column("person_id", Uuid, ForeignKey(people.c.id), primary_key=True),
    Column("id", Uuid, comment="empty for members whom an earlier release seated"),
    Column("version", Integer, nullable=False, server_default="0"),
    Column("invited_at", Instant, nullable=False),
    Column("removed_at", Instant),
)

jury_reviews = Table(
    "jury_review",
    metadata,
    Column("application_id", Uuid, ForeignKey(applications.c.id), primary_key=True),
    Column("person_id", Uuid, ForeignKey(people.c.id), primary_key=True),
    Column("has_conflict", Boolean, nullable=False),
    Column("is_complete", Boolean, nullable=False),
    Column("scores", JSON, nullable=False),
    Column("comments", JSON, nullable=False),
    Column("saved_at", Instant, nullable=False),
)

map_aggregate(Juror, jurors)
mapper.map_imperatively(JuryReview, jury_reviews)
