"""Who follows whom, the slots of advisers, and the appointments in them."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, Uuid

from services.chassis.columns import Instant, Word
from services.enrolment.domain.appointment import AdviserNote, Appointment, AppointmentState, Slot
from services.enrolment.domain.assignment import Assignment
from services.enrolment.storage.tables.base import map_aggregate, mapper, metadata
from services.enrolment.storage.tables.organisations import organisations
from services.enrolment.storage.tables.people import people
from services.enrolment.storage.tables.programmes import programmes

assignments = Table(
    "adviser_assignment",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("programme", String(60), ForeignKey(programmes.c.slug), nullable=False),
    Column("organisation_id", Uuid, ForeignKey(organisations.c.id), nullable=False),
    Column("adviser_id", Uuid, ForeignKey(people.c.id), index=True),
    Column("assigned_by", Uuid),
    Column("assigned_at", Instant, nullable=False),
    UniqueConstraint("programme", "organisation_id"),
)

slots = Table(
    "appointment_slot",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("programme", String(60), ForeignKey(programmes.c.slug), nullable=False),
    Column("adviser_id", Uuid, ForeignKey(people.c.id), nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("place", String(200)),
    Column("video_url", String(500)),
    UniqueConstraint("adviser_id", "starts_at"),
)

appointments = Table(
    "appointment",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("programme", String(60), ForeignKey(programmes.c.slug), nullable=False),
    Column("adviser_id", Uuid, ForeignKey(people.c.id), nullable=False),
    Column("organisation_id", Uuid, ForeignKey(organisations.c.id), nullable=False),
    Column("person_id", Uuid, ForeignKey(people.c.id), nullable=False),
    # Unique, so that whatever happens at the same instant a slot is booked once. Cancelled ones have none.
    Column("slot_id", Uuid, ForeignKey(slots.c.id), unique=True),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("place", String(200)),
    Column("video_url", String(500)),
    Column("subject", String(500), nullable=False),
    Column("state", Word(AppointmentState), nullable=False),
    Column("reason", Text),
    Column("report", Text),
    Column("calendar_sequence", Integer, nullable=False),
    Index(None, "adviser_id", "starts_at"),
    Index(None, "organisation_id", "starts_at"),
)

# Apart from the appointment, so that whoever reads appointments does not even read notes.
adviser_notes = Table(
    "adviser_note",
    metadata,
    Column("appointment_id", Uuid, ForeignKey(appointments.c.id), primary_key=True),
    Column("adviser_id", Uuid, ForeignKey(people.c.id), nullable=False),
    Column("text", Text, nullable=False),
    Column("written_at", Instant, nullable=False),
)

map_aggregate(Assignment, assignments)
map_aggregate(Slot, slots)
map_aggregate(Appointment, appointments)
mapper.map_imperatively(AdviserNote, adviser_notes)
