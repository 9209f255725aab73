"""What happened to suppliers, the first thing first."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Identity, Table, Text, Uuid

from services.chassis.columns import Instant, RowNumber, Word
from services.enrolment.domain.supplier_log import SupplierDeed, SupplierLogEntry
from services.enrolment.storage.tables.base import mapper, metadata
from services.enrolment.storage.tables.people import people
from services.enrolment.storage.tables.suppliers import supplier_enrolments

supplier_log = Table(
    "supplier_log",
    metadata,
    Column("position", RowNumber, Identity(), primary_key=True),
    Column("supplier_id", Uuid, ForeignKey(supplier_enrolments.c.id), nullable=False, index=True),
    Column("what", Word(SupplierDeed), nullable=False),
    Column("happened_at", Instant, nullable=False),
    Column("by", Uuid, ForeignKey(people.c.id), comment="empty for what happened by itself"),
    Column("reason", Text, nullable=False, comment="for the team alone"),
)

mapper.map_imperatively(SupplierLogEntry, supplier_log)
