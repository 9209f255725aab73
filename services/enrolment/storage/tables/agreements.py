"""Agreements, their documents byte for byte, and the signatures below them.

Documents, signatures and wordings are only ever added: no code of the house changes or removes one.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    Identity,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from services.chassis.columns import Instant, RowNumber, Word
from services.enrolment.domain.agreement import Agreement, AgreementState, Party
from services.enrolment.storage.tables.applications import applications
from services.enrolment.storage.tables.base import map_aggregate, metadata
from services.enrolment.storage.tables.people import people
from services.enrolment.storage.tables.programmes import programmes

agreements = Table(
    "agreement",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("application_id", Uuid, ForeignKey(applications.c.id), nullable=False, unique=True),
    Column("programme", String(60), ForeignKey(programmes.c.slug), nullable=False),
    Column("document_id", Uuid, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("state", Word(AgreementState), nullable=False),
    Column("proposed_at", Instant, nullable=False),
)

agreement_documents = Table(
    "agreement_document",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agreement_id", Uuid, ForeignKey(agreements.c.id), nullable=False, index=True),
    Column("name", String(200), nullable=False),
    Column("media_type", String(80), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("added_by", Uuid, ForeignKey(people.c.id), nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

agreement_signatures = Table(
    "agreement_signature",
    metadata,
    Column("position", RowNumber, Identity(), primary_key=True),
    Column("agreement_id", Uuid, ForeignKey(agreements.c.id), nullable=False),
    Column("party", Word(Party), nullable=False),
    Column("person_id", Uuid, ForeignKey(people.c.id), nullable=False),
    Column("name", String(200), nullable=False),
    Column("sha256", String(64), nullable=False, comment="of the document that was signed"),
    Column("way", String(12), nullable=False, comment="in_app or on_paper"),
    Column("address", String(45), nullable=False, comment="the IP address that signed"),
    Column("signed_at", Instant, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("seal", String(64), nullable=False),
    UniqueConstraint("agreement_id", "party"),
)

agreement_wordings = Table(
    "agreement_wording",
    metadata,
    Column("programme", String(60), ForeignKey(programmes.c.slug), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
    Column(
        "saved_by", Uuid, ForeignKey(people.c.id), comment="empty for what was there before versions were"
    ),
    Column("saved_at", Instant, nullable=False),
)

map_aggregate(Agreement, agreements)
