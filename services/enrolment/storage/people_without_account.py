"""Whose data are kept under an address alone: invited, imported, applying, without ever having signed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Label, Select, String, and_, exists, literal, or_, select, union_all
from sqlalchemy.orm import Session

from services.enrolment.domain.person import normalise_email
from services.enrolment.storage.tables import (
    application_drafts,
    invitations,
    join_requests,
    organisations,
    people,
    role_invitations,
    self_registrations,
    supplier_enrolments,
    supplier_inviters,
)


@dataclass(frozen=True)
class Held:
    """A row under somebody's address: the programme that holds it, and what it calls them, if anything."""

    programme: str
    name: str
    locale: str


@dataclass(frozen=True)
class Silent:
    """A contact of suppliers who never answered, and when they were last invited or noted."""

    email: str
    name: str
    locale: str
    since: datetime


def held_under(session: Session, email: str) -> Sequence[Held]:
    """What enrolment holds under an address, besides an account; rows that give a name come first."""
    enrolments, drafts = supplier_enrolments.c, application_drafts.c
    nameless: Label[str] = literal("", String).label("name")
    address = normalise_email(email)
    found: list[Select[str, str, str]] = [
        select(enrolments.programme, enrolments.contact_name, enrolments.contact_locale).where(
            enrolments.contact_email == address
        ),
        *(
            select(table.c.programme, table.c[name], table.c.locale).where(table.c[column] == address)
            for table, name, column in (
                (self_registrations, "contact_name", "contact_email"),
                (join_requests, "name", "email"),
                (role_invitations, "name", "email"),
            )
        ),
        select(enrolments.programme, nameless, enrolments.contact_locale)
        .join(invitations, invitations.c.supplier_id == enrolments.id)
        .where(invitations.c.email == address),
        select(enrolments.programme, nameless, enrolments.contact_locale)
        .join(organisations, organisations.c.id == enrolments.organisation_id)
        .where(organisations.c.email == address),
        select(drafts.programme, nameless, drafts.locale).where(drafts.email == address),
    ]
    rows = [Held(*row) for row in session.execute(union_all(*found))]
    return sorted(rows, key=lambda held: not held.name)


def silent_contacts(session: Session, before: datetime, most: int) -> Sequence[Silent]:
    """Those of whom nothing was heard since they were invited, all of it before that instant.

    Who has an account, or is the contact of a supplier that was invited since, is not among them.
    """
    enrolments, later = supplier_enrolments, supplier_enrolments.alias()
    of_today = exists().where(
        later.c.contact_email == enrolments.c.contact_email,
        or_(later.c.contact_id.is_not(None), _is_since(later.c.id, before)),
    )
    query = (
        select(
            enrolments.c.id,
            enrolments.c.contact_email,
            enrolments.c.contact_name,
            enrolments.c.contact_locale,
        )
        .where(
            enrolments.c.contact_id.is_(None),
            enrolments.c.contact_email.contains("@"),
            ~exists().where(people.c.email == enrolments.c.contact_email),
            ~of_today,
        )
        .order_by(enrolments.c.id)
        .limit(most)
    )
    found: dict[str, Silent] = {}
    for row in session.execute(query).all():
        since = _last_invited_at(session, row.id)
        known = found.get(row.contact_email)
        if known is None or known.since < since:
            found[row.contact_email] = Silent(row.contact_email, row.contact_name, row.contact_locale, since)
    return list(found.values())


def _is_since(enrolment_id: ColumnElement[UUID], before: datetime) -> ColumnElement[bool]:
    """Whether it was invited since; who was only noted, by an import, is as old as the row's id."""
    inviters = supplier_inviters.c
    theirs = exists().where(inviters.supplier_id == enrolment_id)
    since = exists().where(inviters.supplier_id == enrolment_id, inviters.invited_at >= before)
    return or_(since, and_(~theirs, enrolment_id >= _first_id_of(before)))


def _last_invited_at(session: Session, enrolment_id: UUID) -> datetime:
    inviters = supplier_inviters.c
    instants = session.scalars(select(inviters.invited_at).where(inviters.supplier_id == enrolment_id))
    return max(instants, default=datetime.fromtimestamp((enrolment_id.int >> 80) / 1000, UTC))


def _first_id_of(instant: datetime) -> UUID:
    """No id that was made since is smaller (RFC 9562, version 7: it begins with milliseconds)."""
    return UUID(int=int(instant.timestamp() * 1000) << 80)
