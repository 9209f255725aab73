"""Invitations of colleagues into a role."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Uuid

from services.chassis.columns import Instant, Word
from services.enrolment.domain.person import Role
from services.enrolment.domain.role_invitation import RoleInvitation, RoleInvitationState
from services.enrolment.storage.tables.base import map_aggregate, metadata
from services.enrolment.storage.tables.organisations import organisations
from services.enrolment.storage.tables.people import people
from services.enrolment.storage.tables.programmes import programmes

role_invitations = Table(
    "role_invitation",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("programme", String(60), ForeignKey(programmes.c.slug), nullable=False),
    Column("role", Word(Role), nullable=False),
    Column("organisation_id", Uuid, ForeignKey(organisations.c.id), index=True),
    Column("name", String(200), nullable=False),
    Column("email", String(254), nullable=False, index=True),
    Column("locale", String(5), nullable=False),
    Column("inviter_id", Uuid, ForeignKey(people.c.id), nullable=False),
    Column("inviter_name", String(200), nullable=False),
    Column("token_digest", String(64), nullable=False, unique=True),
    Column("sent_at", Instant, nullable=False),
    Column("sent_count", Integer, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("state", Word(RoleInvitationState), nullable=False),
    Column("answered_at", Instant),
    Index("ix_role_invitation_programme_state", "programme", "state"),
)

map_aggregate(RoleInvitation, role_invitations)
