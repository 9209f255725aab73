"""Sign-ins and API tokens, and the accounts at the OpenID Connect provider that sign people in."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Uuid

from services.chassis.columns import Instant, Word
from services.enrolment.domain.openid_account import OpenIdAccount
from services.enrolment.domain.user_session import SessionKind, SignInWay, UserSession
from services.enrolment.storage.tables.base import map_aggregate, mapper, metadata
from services.enrolment.storage.tables.people import Grants, people

user_sessions = Table(
    "user_session",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("person_id", Uuid, ForeignKey(people.c.id), nullable=False, index=True),
    Column("kind", Word(SessionKind), nullable=False),
    Column("way", Word(SignInWay), nullable=False),
    Column("label", String(200), nullable=False, comment="the device in words, or the name of a token"),
    Column("grants", Grants, nullable=False),
    Column("acting_for", Uuid),
    Column("started_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("ended_at", Instant),
)

openid_accounts = Table(
    "openid_account",
    metadata,
    Column("issuer", String(255), primary_key=True),
    Column("subject", String(255), primary_key=True),
    Column("person_id", Uuid, ForeignKey(people.c.id), nullable=False, index=True),
    Column("linked_at", Instant, nullable=False),
)

map_aggregate(UserSession, user_sessions)
mapper.map_imperatively(OpenIdAccount, openid_accounts)
