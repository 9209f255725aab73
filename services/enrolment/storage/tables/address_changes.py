"""New addresses that were asked for, and the digests of those that somebody had before."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Uuid

from services.chassis.columns import Instant, Word
from services.enrolment.domain.address_change import AddressChange, AddressChangeState
from services.enrolment.storage.tables.base import map_aggregate, metadata
from services.enrolment.storage.tables.people import people

address_changes = Table(
    "address_change",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("person_id", Uuid, ForeignKey(people.c.id), nullable=False, index=True),
    Column("former_email", String(254), nullable=False),
    Column("new_email", String(254), nullable=False),
    Column("token_digest", String(64), nullable=False, unique=True),
    Column("asked_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("is_taken", Boolean, nullable=False),
    Column("state", Word(AddressChangeState), nullable=False),
    Column("confirmed_at", Instant),
)

# By these an export or an erasure still finds what was kept under an address that the person had once.
former_addresses = Table(
    "former_address",
    metadata,
    Column("person_id", Uuid, ForeignKey(people.c.id), primary_key=True),
    Column("address_digest", String(64), primary_key=True, comment="see chassis/privacy/subject.py"),
    Column("given_up_at", Instant, nullable=False),
)

map_aggregate(AddressChange, address_changes)
