"""The secret addresses of people's calendars."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String, Table, Uuid

from services.chassis.columns import Instant
from services.enrolment.domain.calendar_feed import CalendarFeed
from services.enrolment.storage.tables.base import mapper, metadata
from services.enrolment.storage.tables.people import people

calendar_feeds = Table(
    "calendar_feed",
    metadata,
    Column("person_id", Uuid, ForeignKey(people.c.id), primary_key=True),
    Column("token_digest", String(64), nullable=False, unique=True),
    Column("made_at", Instant, nullable=False),
)

mapper.map_imperatively(CalendarFeed, calendar_feeds)
