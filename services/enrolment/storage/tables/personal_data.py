"""What people asked about their data, what the services answered, and when each account was last used."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text, Uuid

from services.chassis.columns import Instant, Word
from services.enrolment.domain.personal_data import ErasureState, PersonErasure, PersonExport
from services.enrolment.storage.tables.base import map_aggregate, metadata
from services.enrolment.storage.tables.people import people
from services.enrolment.storage.tables.programmes import programmes

person_exports = Table(
    "person_export",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("person_id", Uuid, ForeignKey(people.c.id), nullable=False, index=True),
    Column("asked_by", Uuid, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
    Column("public_key", Text, nullable=False),
    Column("private_key", Text, comment="gone when the copy has expired"),
    Column("ready_at", Instant),
)

person_export_pieces = Table(
    "person_export_piece",
    metadata,
    Column("request_id", Uuid, ForeignKey(person_exports.c.id), primary_key=True),
    Column("service", String(40), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("of", Integer, nullable=False),
    Column("sealed", Text, nullable=False),
)

person_erasures = Table(
    "person_erasure",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("person_id", Uuid, ForeignKey(people.c.id), nullable=False, index=True),
    Column("programme", String(60), ForeignKey(programmes.c.slug)),
    Column("asked_by", Uuid, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("token_digest", String(64), nullable=False, unique=True),
    Column("expires_at", Instant, nullable=False),
    Column("state", Word(ErasureState), nullable=False),
    Column("confirmed_at", Instant),
    Column("decided_by", Uuid),
    Column("decided_at", Instant),
    Column("reason", Text),
)

person_erasure_answers = Table(
    "person_erasure_answer",
    metadata,
    Column("request_id", Uuid, ForeignKey(person_erasures.c.id), primary_key=True),
    Column("service", String(40), primary_key=True),
    Column("rows", Integer, nullable=False),
    Column("answered_at", Instant, nullable=False),
)

# Apart from the person: using an account changes nothing that others need to know.
account_uses = Table(
    "account_use",
    metadata,
    Column("person_id", Uuid, ForeignKey(people.c.id), primary_key=True),
    Column("used_at", Instant, nullable=False, index=True),
    Column("warned_at", Instant),
)

map_aggregate(PersonExport, person_exports)
map_aggregate(PersonErasure, person_erasures)
