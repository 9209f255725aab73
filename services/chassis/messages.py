"""The tables that make messaging reliable; every service has them in its own database.

``outbox`` is written in the transaction that changes the state and is kept as the service's event log.
``inbox`` names what has been handled, so that nothing is handled twice. ``failed_event`` holds what could
not be handled, until it could or a person has decided. ``replay`` holds the requests to deliver a part of
the log to one consumer again. ``process`` holds which of the service's processes were seen last.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
    text,
)

from services.chassis.columns import Instant, RowNumber

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

_metadata = MetaData(naming_convention=_NAMES)

outbox = Table(
    "outbox",
    _metadata,
    Column("position", RowNumber, Identity(), primary_key=True),
    Column("event_id", Uuid, nullable=False, unique=True),
    Column("type", String(120), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("published_at", Instant),
    Column("refusal", Text, comment="why the broker did not take it, when it did not"),
)
# Only what still has to be published is in this index, so that its cost does not grow with the log.
Index(
    "ix_outbox_unpublished",
    outbox.c.position,
    postgresql_where=text("published_at IS NULL"),
    sqlite_where=text("published_at IS NULL"),
)
Index("ix_outbox_recorded_at", outbox.c.recorded_at)

inbox = Table(
    "inbox",
    _metadata,
    # CloudEvents makes an id unique within its source only.
    Column("source", String(80), primary_key=True),
    Column("event_id", Uuid, primary_key=True),
    Column("type", String(120), nullable=False),
    Column("handled_at", Instant, nullable=False),
)

failed_event = Table(
    "failed_event",
    _metadata,
    Column("id", Uuid, primary_key=True),
    Column(
        "key", String(160), nullable=False, unique=True, comment="source and id, or a digest of raw bytes"
    ),
    Column("type", String(120)),
    Column("body", LargeBinary, nullable=False),
    Column("replaying", Integer, nullable=False, default=0),
    Column("state", String(12), nullable=False, comment="retrying, parked, resolved or discarded"),
    Column("error", Text, nullable=False),
    Column("traceback", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("first_failed_at", Instant, nullable=False),
    Column("last_failed_at", Instant, nullable=False),
    Column("next_attempt_at", Instant),
    Column("decision", Text, comment="why it was discarded, and by whom"),
)
Index("ix_failed_event_state_next_attempt_at", failed_event.c.state, failed_event.c.next_attempt_at)

replay = Table(
    "replay",
    _metadata,
    Column("id", Uuid, primary_key=True),
    Column("consumer", String(40), nullable=False),
    Column("since", Instant),
    Column("until", Instant),
    Column("position", RowNumber, nullable=False, comment="the last position of the log that was sent"),
    Column("end_position", RowNumber, nullable=False),
    Column("sent", Integer, nullable=False),
    Column("requested_at", Instant, nullable=False),
    Column("done_at", Instant),
)

process = Table(
    "process",
    _metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", String(12), nullable=False, comment="web, worker or embedded"),
    Column("host", String(80), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("release", String(40), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("queue_length", Integer, comment="how many events this worker saw in the service's queue"),
)


# Not a message, but kept for the same reason: what came twice has its effect once.
answered_request = Table(
    "answered_request",
    _metadata,
    Column("caller", Uuid, primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("fingerprint", String(64), nullable=False, comment="of method, address and body"),
    Column("status", Integer, nullable=False, comment="0 while it is being answered"),
    Column("headers", JSON, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("answered_at", Instant, nullable=False),
)

# Kept for ever: see services/chassis/privacy/erasing.py.
erased_person = Table(
    "erased_person",
    _metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("address_digests", JSON, nullable=False),
    Column("erased_at", Instant, nullable=False),
)

retention_run = Table(
    "retention_run",
    _metadata,
    Column("rule", String(60), primary_key=True),
    Column("ran_at", Instant, primary_key=True),
    Column("before", Instant, nullable=False, comment="what was older was outlived"),
    Column("concerned", Integer, nullable=False, comment="rows, or people"),
)


# Who is signed in is written in what they show, so that no service asks another; what is not is here.
session_state = Table(
    "session_state",
    _metadata,
    Column("session_id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False, comment="how often this service told of its use"),
    Column("expires_at", Instant, nullable=False, index=True),
    Column("used_at", Instant, comment="when this service last told of its use"),
    Column("ended_at", Instant, comment="when it was ended before its time"),
)

# What people did here, from entry to entry; see services/chassis/audit.py.
audit_entry = Table(
    "audit_entry",
    _metadata,
    Column("position", RowNumber, Identity(), primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    Column("person_id", Uuid, index=True, comment="empty for who could not sign in, and for the console"),
    Column("person_name", String(200)),
    Column("role", String(24), comment="the role by which they were let in"),
    Column("organisation_id", Uuid, comment="the organisation that they acted for"),
    Column("programme", String(60), index=True),
    Column("channel", String(12), nullable=False, comment="page, api or console"),
    Column("route", String(200), nullable=False, comment="the way by which it was asked for, or the command"),
    Column("action", String(120), nullable=False, comment="the type of the event that it was, or the route"),
    Column("subject", Uuid, index=True, comment="what it was done to"),
    Column("outcome", String(12), nullable=False, comment="done or refused"),
    Column("address", String(45), comment="the network that it came from, no single address"),
    Column("correlation_id", Uuid, nullable=False),
)


def service_metadata() -> MetaData:
    """Metadata for one service's tables, with the messaging tables in it and constraints that have names."""
    metadata = MetaData(naming_convention=_NAMES)
    for table in _metadata.sorted_tables:
        table.to_metadata(metadata)
    return metadata
