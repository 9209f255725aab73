"""Notifications' tables, and how its entities are mapped onto them.

The directory is what enrolment's events say about people, organisations and programmes, and only what letters
need of it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import registry
from sqlalchemy.types import TypeDecorator

from services.chassis.columns import Instant, Word
from services.chassis.messages import service_metadata
from services.notifications.domain.message import Message, Reason, State
from services.notifications.domain.occasion import Occasion
from services.notifications.domain.preferences import Choice, Preferences, Sent

metadata = service_metadata()


class RecentMails(TypeDecorator[list[Sent]]):
    """The mails of an address's last seven days, read and written as a whole with its preferences."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: list[Sent] | None, dialect: Dialect) -> Any:
        return [[str(sent.message_id), sent.at.isoformat()] for sent in value or ()]

    def process_result_value(self, value: Any, dialect: Dialect) -> list[Sent]:
        return [Sent(UUID(message_id), datetime.fromisoformat(at)) for message_id, at in value or ()]


people = Table(
    "person",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", String(200), nullable=False),
    Column("email", String(254), nullable=False),
    Column("locale", String(5), nullable=False),
)

person_grants = Table(
    "person_grant",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("role", String(24), nullable=False),
    Column("programme", String(60)),
    Column("organisation_id", Uuid),
    Index(None, "role", "programme", "organisation_id"),
)

organisations = Table(
    "organisation",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", String(200), nullable=False),
)

programmes = Table(
    "programme",
    metadata,
    Column("slug", String(60), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", String(200), nullable=False),
    Column("contact_email", String(254)),
)

subject_states = Table(
    "subject_state",
    metadata,
    Column("subject_id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("state", String(24)),
    Column("event", String(40), nullable=False),
)

PROJECTIONS = (people, person_grants, organisations, programmes, subject_states)

occasions = Table(
    "occasion",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("workflow", String(60), nullable=False),
    Column("programme", String(60)),
    Column("subject_id", Uuid, nullable=False, index=True),
    Column("cause", Uuid, nullable=False),
    Column("occurred_at", Instant, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("values", JSON, nullable=False),
    Column("open_until", Instant, nullable=False, index=True),
    Column("correlation_id", Uuid),
    Column("traceparent", String(55)),
)

messages = Table(
    "message",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("occasion_id", Uuid, ForeignKey(occasions.c.id), nullable=False),
    Column("workflow", String(60), nullable=False),
    Column("programme", String(60), index=True),
    Column("cause", Uuid, nullable=False),
    Column("recipient_id", Uuid),
    Column("name", String(200), nullable=False),
    Column("address", String(254), nullable=False),
    Column("locale", String(5), nullable=False),
    Column("is_urgent", Boolean, nullable=False),
    Column("state", Word(State), nullable=False),
    Column("reason", Word(Reason)),
    Column("detail", Text),
    Column("planned_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("claimed_at", Instant),
    Column("sent_at", Instant),
    Column("attempts", Integer, nullable=False),
    Column("interruptions", Integer, nullable=False),
    Column("subject_line", Text),
    Column("digest_id", Uuid, index=True),
    UniqueConstraint("occasion_id", "address"),
    Index(None, "state", "due_at"),
)

# The files of mails that were written to, or speak of, somebody who has been erased since.
forgotten_mails = Table("forgotten_mail", metadata, Column("message_id", Uuid, primary_key=True))

preferences = Table(
    "preferences",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("address", String(254), nullable=False, unique=True),
    Column("choice", Word(Choice), nullable=False),
    Column("recent", RecentMails, nullable=False),
)

_mapper = registry(metadata=metadata)
for _entity, _table in ((Occasion, occasions), (Message, messages), (Preferences, preferences)):
    # Most changes here publish nothing, so that it is not the version but every update that is counted.
    _mapper.map_imperatively(_entity, _table, version_id_col=_table.c.revision)
