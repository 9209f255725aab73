"""What the team notes of its contact with buyers, and how far suppliers have come with their assessment."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table, Text, Uuid

from services.chassis.columns import Instant, Word
from services.enrolment.domain.contacts import CallOutcome
from services.enrolment.storage.tables.base import metadata
from services.enrolment.storage.tables.organisations import organisations
from services.enrolment.storage.tables.people import people
from services.enrolment.storage.tables.programmes import programmes

calls = Table(
    "contact_call",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("programme", String(60), ForeignKey(programmes.c.slug), nullable=False),
    Column("organisation_id", Uuid, ForeignKey(organisations.c.id), nullable=False),
    Column("person_id", Uuid, ForeignKey(people.c.id), nullable=False),
    Column("outcome", Word(CallOutcome), nullable=False),
    Column("note", Text, nullable=False),
    Column("called_by", Uuid, ForeignKey(people.c.id), nullable=False),
    Column("called_at", Instant, nullable=False),
    Column("next_on", Date),
    Index(None, "organisation_id", "called_at"),
)

team_notes = Table(
    "team_note",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("programme", String(60), ForeignKey(programmes.c.slug), nullable=False),
    Column("organisation_id", Uuid, ForeignKey(organisations.c.id), nullable=False, index=True),
    Column("written_by", Uuid, ForeignKey(people.c.id), nullable=False),
    Column("text", Text, nullable=False),
    Column("written_at", Instant, nullable=False),
)

phones = Table(
    "person_phone",
    metadata,
    Column("person_id", Uuid, ForeignKey(people.c.id), primary_key=True),
    Column("number", String(30), nullable=False),
    Column("written_at", Instant, nullable=False),
)

# Learnt from assessment's events. No foreign keys: an event may come before what it is about.
supplier_assessments = Table(
    "supplier_assessment",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("programme", String(60), nullable=False),
    Column("organisation_id", Uuid, nullable=False, index=True),
    Column("state", String(24), nullable=False),
    Column("submitted_at", Instant),
    Column("validated_at", Instant),
)
