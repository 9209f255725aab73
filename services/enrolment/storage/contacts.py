"""What the team has noted of its contact with buyers, and who their people are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Text, cast, func, select
from sqlalchemy.orm import Session

from services.enrolment.domain.contacts import Call, TeamNote
from services.enrolment.domain.person import Person, Role
from services.enrolment.storage.tables import calls, people, phones, team_notes


def calls_of(session: Session, programme: str, organisation_id: UUID) -> list[tuple[Call, str, str]]:
    """The calls to a buyer with the names of who was called and who called, the latest first."""
    callers = people.alias("caller")
    query = (
        select(calls, people.c.name.label("person"), callers.c.name.label("caller"))
        .join(people, people.c.id == calls.c.person_id)
        .join(callers, callers.c.id == calls.c.called_by)
        .where(calls.c.programme == programme, calls.c.organisation_id == organisation_id)
        .order_by(calls.c.called_at.desc())
    )
    return [(_call(row), row.person, row.caller) for row in session.execute(query)]


def last_calls(session: Session, programme: str, ids: Sequence[UUID]) -> dict[UUID, Call]:
    """The last call to each of these buyers that was ever called."""
    query = (
        select(calls)
        .where(calls.c.programme == programme, calls.c.organisation_id.in_(ids))
        .order_by(calls.c.called_at)
    )
    return {row.organisation_id: _call(row) for row in session.execute(query)}


def notes_of(session: Session, programme: str, organisation_id: UUID) -> list[tuple[TeamNote, str]]:
    """The team's notes on a buyer with the names of who wrote them, the latest first."""
    query = (
        select(team_notes, people.c.name.label("author"))
        .join(people, people.c.id == team_notes.c.written_by)
        .where(team_notes.c.programme == programme, team_notes.c.organisation_id == organisation_id)
        .order_by(team_notes.c.written_at.desc())
    )
    columns = team_notes.c.keys()
    return [
        (TeamNote(**{name: getattr(row, name) for name in columns}), row.author)
        for row in session.execute(query)
    ]


def count_notes(session: Session, programme: str, ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many notes there are on each of these buyers that has any."""
    query = (
        select(team_notes.c.organisation_id, func.count())
        .where(team_notes.c.programme == programme, team_notes.c.organisation_id.in_(ids))
        .group_by(team_notes.c.organisation_id)
    )
    return dict(session.execute(query).all())


def people_of_buyers(session: Session, programme: str) -> dict[UUID, list[Person]]:
    """The people of each buyer of a programme."""
    # Grants are a JSON list; the text narrows down to few people, whose grants are then looked at.
    query = select(Person).where(cast(people.c.grants, Text).contains(f'"{Role.BUYER}"'))
    found: dict[UUID, list[Person]] = {}
    for person in session.scalars(query.order_by(people.c.name)):
        for grant in person.grants:
            if grant.role is Role.BUYER and grant.programme == programme and grant.organisation_id:
                found.setdefault(grant.organisation_id, []).append(person)
    return found


def _call(row: Row[Any]) -> Call:
    return Call(**{name: getattr(row, name) for name in calls.c.keys()})  # noqa: SIM118


def phone_of(session: Session, person_id: UUID) -> str:
    """The number at which the team reaches somebody, empty when there is none."""
    return session.scalar(select(phones.c.number).where(phones.c.person_id == person_id)) or ""
