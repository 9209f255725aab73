"""Suppliers in a programme, who invited them, and the invitations."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Identity, Index, Integer, String, Table, UniqueConstraint, Uuid
from sqlalchemy.orm import relationship

from services.chassis.columns import Instant, RowNumber, Word
from services.enrolment.domain.supplier import Invitation, Inviter, SupplierEnrolment, SupplierState
from services.enrolment.storage.tables.base import map_aggregate, mapper, metadata
from services.enrolment.storage.tables.organisations import organisations
from services.enrolment.storage.tables.people import people
from services.enrolment.storage.tables.programmes import programmes

supplier_enrolments = Table(
    "supplier_enrolment",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("programme", String(60), ForeignKey(programmes.c.slug), nullable=False),
    Column("organisation_id", Uuid, ForeignKey(organisations.c.id), nullable=False, index=True),
    Column("contact_name", String(200), nullable=False),
    Column("contact_email", String(254), nullable=False),
    Column("contact_phone", String(30)),
    Column("contact_locale", String(5), nullable=False),
    Column("contact_id", Uuid, ForeignKey(people.c.id)),
    Column("state", Word(SupplierState), nullable=False),
    Column("invited_at", Instant),
    Column("enrolled_at", Instant),
    Column("merged_into", Uuid),
    UniqueConstraint("programme", "organisation_id"),
    Index("ix_supplier_enrolment_contact_email", "contact_email"),
)

supplier_inviters = Table(
    "supplier_inviter",
    metadata,
    Column("position", RowNumber, Identity(), primary_key=True),
    Column("supplier_id", Uuid, ForeignKey(supplier_enrolments.c.id), nullable=False, index=True),
    Column("organisation_id", Uuid, index=True),
    Column("organisation_name", String(200), nullable=False),
    Column("invited_at", Instant, nullable=False),
)

invitations = Table(
    "invitation",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("supplier_id", Uuid, ForeignKey(supplier_enrolments.c.id), nullable=False, index=True),
    Column("email", String(254), nullable=False),
    Column("token_digest", String(64), nullable=False, unique=True),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)

mapper.map_imperatively(Inviter, supplier_inviters)
map_aggregate(Invitation, invitations)
map_aggregate(
    SupplierEnrolment,
    supplier_enrolments,
    properties={"invited_by": relationship(Inviter, order_by=supplier_inviters.c.position, lazy="selectin")},
)
