"""Buyers' applications."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint, Uuid

from services.chassis.columns import Instant, Word
from services.enrolment.domain.application import Application, ApplicationState
from services.enrolment.storage.tables.base import map_aggregate, metadata
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
    Column("state", Word(ApplicationState), nullable=False),
    Column("return_reason", String(12)),
    Column("reason", Text),
    Column("submitted_at", Instant),
    Column("decided_at", Instant),
    Column("decided_by", Uuid),
    UniqueConstraint("cohort_id", "organisation_id"),
)

map_aggregate(Application, applications)
