"""Workshops, who is registered for them, and their attendance sheets."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from services.chassis.columns import Instant, Word
from services.enrolment.domain.workshop import Workshop, WorkshopState
from services.enrolment.domain.workshop_registration import Presence, Registration, RegistrationState
from services.enrolment.storage.tables.base import map_aggregate, metadata
from services.enrolment.storage.tables.organisations import organisations
from services.enrolment.storage.tables.people import people
from services.enrolment.storage.tables.programmes import cohorts, programmes

workshops = Table(
    "workshop",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("programme", String(60), ForeignKey(programmes.c.slug), nullable=False),
    Column("cohort_id", Uuid, ForeignKey(cohorts.c.id), nullable=False),
    Column("title", String(200), nullable=False),
    Column("theme", String(200), nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("place", String(200)),
    Column("video_url", String(500)),
    Column("capacity", Integer, nullable=False),
    Column("description", Text, nullable=False),
    Column("state", Word(WorkshopState), nullable=False),
    Column("reason", Text),
    Column("calendar_sequence", Integer, nullable=False),
    Index(None, "cohort_id", "starts_at"),
)

workshop_registrations = Table(
    "workshop_registration",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("workshop_id", Uuid, ForeignKey(workshops.c.id), nullable=False),
    Column("person_id", Uuid, ForeignKey(people.c.id), nullable=False, index=True),
    Column("organisation_id", Uuid, ForeignKey(organisations.c.id), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("state", Word(RegistrationState), nullable=False),
    Column("present_at", Instant),
    Column("presence", Word(Presence)),
    UniqueConstraint("workshop_id", "person_id"),
)

# The sheet as it was when its workshop was closed: a row is written once and never changed.
attendance_sheets = Table(
    "attendance_sheet",
    metadata,
    Column("workshop_id", Uuid, ForeignKey(workshops.c.id), primary_key=True),
    Column("made_at", Instant, nullable=False),
    Column("made_by", Uuid),
    Column("sha256", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
)

# What was corrected after that, by whom and why, and the sheet that is the proof from then on.
attendance_corrections = Table(
    "attendance_correction",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("workshop_id", Uuid, ForeignKey(workshops.c.id), nullable=False, index=True),
    Column("corrected_at", Instant, nullable=False),
    Column("corrected_by", Uuid, nullable=False),
    Column("reason", Text, nullable=False),
    Column("changes", JSON, nullable=False, comment="who came after all, and who did not, by registration"),
    Column("sha256", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
)

# The sheet as people signed it, on paper: a file for each page or photo.
signed_sheets = Table(
    "signed_sheet",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("workshop_id", Uuid, ForeignKey(workshops.c.id), nullable=False, index=True),
    Column("added_at", Instant, nullable=False),
    Column("added_by", Uuid, nullable=False),
    Column("name", String(200), nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
)

map_aggregate(Workshop, workshops)
map_aggregate(Registration, workshop_registrations)
