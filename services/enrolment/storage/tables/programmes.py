"""Programmes and their cohorts."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Integer, Numeric, String, Table, Text, UniqueConstraint, Uuid

from services.chassis.columns import Word
from services.enrolment.domain.programme import Cohort, CohortState, Programme
from services.enrolment.storage.tables.base import map_aggregate, metadata

programmes = Table(
    "programme",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("slug", String(60), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("description", Text, nullable=False),
    Column("chamber", String(200), nullable=False),
    Column("contact_email", String(254), nullable=False),
    Column("buyer_target", Integer, nullable=False),
    Column("supplier_target", Integer, nullable=False),
    Column("budget_total", Numeric(12, 2), nullable=False),
    Column("budget_funded", Numeric(12, 2), nullable=False),
)

cohorts = Table(
    "cohort",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("programme", String(60), ForeignKey(programmes.c.slug), nullable=False),
    Column("label", String(40), nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("state", Word(CohortState), nullable=False),
    Column("call_opens_on", Date),
    Column("call_closes_on", Date),
    UniqueConstraint("programme", "label"),
)

map_aggregate(Programme, programmes)
map_aggregate(Cohort, cohorts)
