"""Imports of suppliers: the file's rows in parts, and the rows that were wrong or known already."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, LargeBinary, String, Table, Uuid

from services.chassis.columns import Instant, Word
from services.enrolment.domain.importing import ImportState, SupplierImport
from services.enrolment.storage.tables.base import mapper, metadata
from services.enrolment.storage.tables.programmes import programmes

supplier_imports = Table(
    "supplier_import",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("programme", String(60), ForeignKey(programmes.c.slug), nullable=False, index=True),
    Column("inviter_id", Uuid),
    Column("created_by", Uuid, nullable=False),
    Column("file_name", String(200), nullable=False),
    Column("header", JSON, nullable=False, comment="the texts of the header row"),
    Column("header_row", Integer, nullable=False, comment="its number in the file, from 1"),
    Column("total", Integer, nullable=False),
    Column("parts", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("locale", String(5), nullable=False),
    Column("state", Word(ImportState), nullable=False, index=True),
    Column("invites", Boolean, nullable=False),
    Column("columns", JSON, nullable=False, comment="what stands in which column"),
    Column("parts_done", Integer, nullable=False),
    Column("added", Integer, nullable=False),
    Column("renewed", Integer, nullable=False),
    Column("known", Integer, nullable=False),
    Column("wrong", Integer, nullable=False),
    Column("finished_at", Instant),
)

import_parts = Table(
    "supplier_import_part",
    metadata,
    Column("import_id", Uuid, ForeignKey(supplier_imports.c.id), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("rows", LargeBinary, nullable=False, comment="compressed JSON: a list of lists of texts"),
)

import_errors = Table(
    "supplier_import_error",
    metadata,
    Column("import_id", Uuid, ForeignKey(supplier_imports.c.id), primary_key=True),
    Column("row", Integer, primary_key=True, autoincrement=False, comment="its number in the file, from 1"),
    Column("cells", JSON, nullable=False),
    Column("messages", JSON, nullable=False, comment="list of [column, msgid, values]"),
    Column("outcome", String(12), comment="empty for a row that is wrong"),
    Column("supplier_id", Uuid),
)

mapper.map_imperatively(SupplierImport, supplier_imports)
