"""What notifications' handlers and pages ask of the database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from services.notifications.domain.message import Message, Recipient, State
from services.notifications.domain.occasion import Occasion
from services.notifications.domain.preferences import Preferences, preferences_id
from services.notifications.storage.tables import (
    messages,
    occasions,
    organisations,
    people,
    person_grants,
    programmes,
    subject_states,
)


@dataclass(frozen=True)
class Programme:
    """How a programme signs its letters."""

    name: str
    contact_email: str | None


def people_with_role(
    session: Session, role: str, programme: str | None, organisation_id: UUID | None
) -> list[Recipient]:
    """Who has a role in a programme, whether it was granted for this programme or for all.

    With ``organisation_id`` those of that organisation, otherwise those who are limited to none.
    """
    query = (
        select(people.c.id, people.c.name, people.c.email, people.c.locale)
        .where(
            exists().where(
                person_grants.c.person_id == people.c.id,
                person_grants.c.role == role,
                or_(person_grants.c.programme == programme, person_grants.c.programme.is_(None)),
                person_grants.c.organisation_id == organisation_id
                if organisation_id
                else person_grants.c.organisation_id.is_(None),
            )
        )
        .order_by(people.c.id)
    )
    return [Recipient(*row) for row in session.execute(query)]


def person_of(session: Session, person_id: UUID) -> Recipient | None:
    """Somebody of the directory."""
    query = select(people.c.id, people.c.name, people.c.email, people.c.locale)
    row = session.execute(query.where(people.c.id == person_id)).one_or_none()
    return None if row is None else Recipient(*row)


def names_of(session: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of those of these people and organisations that are known, by id."""
    if not ids:
        return {}
    found = (
        session.execute(select(table.c.id, table.c.name).where(table.c.id.in_(ids)))
        for table in (people, organisations)
    )
    return {identifier: name for rows in found for identifier, name in rows}


def person_with_address(session: Session, address: str) -> UUID | None:
    """The person who signs in with this address, if somebody does."""
    return session.scalar(select(people.c.id).where(people.c.email == address))


def programme_of(session: Session, slug: str | None) -> Programme | None:
    """The programme in whose name to write: this one, or the only one there is."""
    query = select(programmes.c.name, programmes.c.contact_email)
    if slug is not None:
        query = query.where(programmes.c.slug == slug)
    rows = session.execute(query.limit(2)).all()
    return Programme(*rows[0]) if len(rows) == 1 else None


def state_of(session: Session, subject_id: UUID) -> Mapping[str, Any] | None:
    """The latest known state of what an event was about; None when nothing is known."""
    query = select(subject_states.c.state, subject_states.c.event)
    row = session.execute(query.where(subject_states.c.subject_id == subject_id)).one_or_none()
    return None if row is None else {"state": row.state, "event": row.event}


def open_occasions_about(session: Session, subject_id: UUID, now: datetime) -> Sequence[Occasion]:
    query = select(Occasion).where(occasions.c.subject_id == subject_id, occasions.c.open_until >= now)
    return session.scalars(query).all()


def is_superseded(session: Session, occasion: Occasion) -> bool:
    """Whether the same has happened again since to what the occasion is about."""
    newer = exists().where(
        occasions.c.subject_id == occasion.subject_id,
        occasions.c.workflow == occasion.workflow,
        occasions.c.sequence > occasion.sequence,
    )
    return bool(session.scalar(select(newer)))


def open_occasions_of(session: Session, workflows: Collection[str], now: datetime) -> Sequence[Occasion]:
    query = select(Occasion).where(occasions.c.workflow.in_(workflows), occasions.c.open_until >= now)
    return session.scalars(query).all()


def occasions_waiting_for(session: Session, person_id: UUID) -> Sequence[Occasion]:
    """Those of which a message to this person has not left yet."""
    waiting = exists().where(
        messages.c.occasion_id == occasions.c.id,
        messages.c.recipient_id == person_id,
        messages.c.state == State.PLANNED,
    )
    return session.scalars(select(Occasion).where(waiting).order_by(occasions.c.id)).all()


def messages_of(session: Session, occasion_id: UUID) -> Sequence[Message]:
    return session.scalars(select(Message).where(messages.c.occasion_id == occasion_id)).all()


def is_anything_due(session: Session, now: datetime) -> bool:
    """Whether there is anything to send: a message is due, or was left in the middle of its delivery."""
    due = (messages.c.state == State.PLANNED) & (messages.c.due_at <= now)
    query = select(exists().where(or_(due, messages.c.state == State.SENDING)))
    return bool(session.scalar(query))


def due_messages(session: Session, now: datetime, limit: int) -> Sequence[Message]:
    """Messages whose moment has come, those first for which somebody is waiting."""
    query = (
        select(Message)
        .where(messages.c.state == State.PLANNED, messages.c.due_at <= now)
        .order_by(messages.c.is_urgent.desc(), messages.c.due_at, messages.c.id)
        .limit(limit)
    )
    return session.scalars(query).all()


def messages_in_delivery(session: Session) -> Sequence[Message]:
    return session.scalars(select(Message).where(messages.c.state == State.SENDING)).all()


def messages_in_digest(session: Session, digest_id: UUID) -> Sequence[Message]:
    """The messages that a digest stands for, the oldest first."""
    query = select(Message).where(messages.c.digest_id == digest_id, messages.c.state == State.DIGESTED)
    return session.scalars(query.order_by(messages.c.planned_at, messages.c.id)).all()


def preferences_of(session: Session, address: str) -> Preferences:
    """The preferences of an address, made if it has none yet."""
    known = session.get(Preferences, preferences_id(address))
    if known is None:
        known = Preferences.of(address)
        session.add(known)
        session.flush()
    return known
