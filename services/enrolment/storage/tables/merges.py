"""Merges of organisations, and the pairs of which somebody said that they are two."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, String, Table, Uuid

from services.chassis.columns import Instant
from services.enrolment.domain.merging import Merge
from services.enrolment.storage.tables.base import mapper, metadata
from services.enrolment.storage.tables.organisations import organisations
from services.enrolment.storage.tables.programmes import programmes

merges = Table(
    "organisation_merge",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("programme", String(60), ForeignKey(programmes.c.slug), nullable=False, index=True),
    Column("kept_id", Uuid, ForeignKey(organisations.c.id), nullable=False, index=True),
    Column("merged_id", Uuid, ForeignKey(organisations.c.id), nullable=False, index=True),
    Column("merged_by", Uuid, nullable=False),
    Column("merged_at", Instant, nullable=False),
    Column("moved", JSON, nullable=False, comment="what was moved, so that it can be put back"),
    Column("undone_by", Uuid),
    Column("undone_at", Instant),
)

distinct_pairs = Table(
    "distinct_organisations",
    metadata,
    Column("first_id", Uuid, ForeignKey(organisations.c.id), primary_key=True, comment="the smaller id"),
    Column("second_id", Uuid, ForeignKey(organisations.c.id), primary_key=True),
    Column("said_by", Uuid, nullable=False),
    Column("said_at", Instant, nullable=False),
)

mapper.map_imperatively(Merge, merges)
