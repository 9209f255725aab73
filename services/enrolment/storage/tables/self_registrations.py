"""Suppliers who come by themselves, and requests to join an organisation that is registered."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Uuid

from services.chassis.columns import Instant, Word
from services.enrolment.domain.self_registration import JoinRequest, JoinState, SelfRegistration
from services.enrolment.storage.tables.base import map_aggregate, metadata
from services.enrolment.storage.tables.organisations import organisations
from services.enrolment.storage.tables.programmes import programmes

self_registrations = Table(
    "supplier_registration",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("programme", String(60), ForeignKey(programmes.c.slug), nullable=False),
    Column("organisation_name", String(200), nullable=False),
    Column("siret", String(14)),
    Column("commune", String(5)),
    Column("contact_name", String(200), nullable=False),
    Column("contact_email", String(254), nullable=False, index=True),
    Column("locale", String(5), nullable=False),
    Column("token_digest", String(64), nullable=False, unique=True),
    Column("expires_at", Instant, nullable=False),
    Column("confirmed_at", Instant),
)

join_requests = Table(
    "join_request",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("programme", String(60), ForeignKey(programmes.c.slug), nullable=False),
    Column("organisation_id", Uuid, ForeignKey(organisations.c.id), nullable=False),
    Column("application_id", Uuid, index=True),
    Column("name", String(200), nullable=False),
    Column("email", String(254), nullable=False),
    Column("locale", String(5), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("state", Word(JoinState), nullable=False),
    Column("decided_by", Uuid),
    Column("decided_at", Instant),
    Index("ix_join_request_programme_state", "programme", "state"),
)

map_aggregate(SelfRegistration, self_registrations)
map_aggregate(JoinRequest, join_requests)
