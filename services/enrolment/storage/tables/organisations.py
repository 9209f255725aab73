"""Organisations of every kind."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Float, Integer, String, Table, Uuid

from services.enrolment.domain.organisation import Organisation
from services.enrolment.storage.tables.base import map_aggregate, metadata

organisations = Table(
    "organisation",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", String(200), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("legal_form", String(12), nullable=False),
    Column("siret", String(14), unique=True),
    Column("email", String(254)),
    Column("commune_code", String(5)),
    Column("commune_name", String(100)),
    Column("department", String(3)),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("naf_code", String(6)),
    Column("size", String(12)),
    Column("proven", JSON(none_as_null=True), comment="what a public register proves"),
    Column("merged_into", Uuid, index=True),
)

map_aggregate(Organisation, organisations)
