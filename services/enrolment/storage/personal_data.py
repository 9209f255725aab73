"""What is asked of the database about people's requests."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from services.chassis.model import NotFound
from services.chassis.privacy.declaration import holdings_of
from services.chassis.privacy.holdings import OnErasure
from services.chassis.privacy.subject import Subject, belongs
from services.enrolment.domain.person import Person, Role, digest
from services.enrolment.domain.personal_data import HOLDERS, ErasureState, PersonErasure, PersonExport
from services.enrolment.storage.tables import (
    attendance_sheets,
    metadata,
    people,
    person_erasure_answers,
    person_erasures,
    person_export_pieces,
    person_exports,
    workshop_registrations,
)


@dataclass(frozen=True)
class Kept:
    """What stays after an erasure, because of a law. ``number`` counts rows."""

    title: str
    because: str
    number: int


@dataclass(frozen=True)
class Answer:
    """Whether a service has answered a request, and when if it says so."""

    service: str
    is_there: bool
    at: datetime | None = None


def latest_export(session: Session, person_id: UUID) -> PersonExport | None:
    query = select(PersonExport).where(person_exports.c.person_id == person_id)
    return session.scalars(query.order_by(person_exports.c.asked_at.desc()).limit(1)).one_or_none()


def exports_of(session: Session, person_id: UUID) -> Sequence[PersonExport]:
    """All that the person ever got or waits for, the latest first."""
    query = select(PersonExport).where(person_exports.c.person_id == person_id)
    return session.scalars(query.order_by(person_exports.c.asked_at.desc(), person_exports.c.id)).all()


def export_answers(session: Session, request_id: UUID) -> list[Answer]:
    """For each service whether all its pieces are there."""
    pieces = person_export_pieces
    query = (
        select(pieces.c.service)
        .where(pieces.c.request_id == request_id)
        .group_by(pieces.c.service)
        .having(func.count() == func.max(pieces.c.of))
    )
    complete = set(session.scalars(query))
    return [Answer(service, service in complete) for service in HOLDERS]


def holders_awaited(session: Session, request_id: UUID) -> list[str]:
    return [answer.service for answer in export_answers(session, request_id) if not answer.is_there]


def sealed_parts(session: Session, request_id: UUID) -> dict[str, str]:
    """What each service has sealed, put together from its pieces."""
    pieces = person_export_pieces
    query = select(pieces.c.service, pieces.c.sealed).where(pieces.c.request_id == request_id)
    parts: dict[str, str] = {}
    for service, sealed in session.execute(query.order_by(pieces.c.service, pieces.c.number)):
        parts[service] = parts.get(service, "") + sealed
    return parts


def latest_erasure(session: Session, person_id: UUID) -> PersonErasure | None:
    query = select(PersonErasure).where(person_erasures.c.person_id == person_id)
    return session.scalars(query.order_by(person_erasures.c.asked_at.desc()).limit(1)).one_or_none()


def erasure_by_token(session: Session, token: str, *, lock: bool = False) -> PersonErasure:
    """Raises NotFound."""
    query = select(PersonErasure).where(person_erasures.c.token_digest == digest(token))
    found = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise NotFound("This link is not valid. Check that the whole link was copied.")
    return found


def erasure_answers(session: Session, request_id: UUID) -> list[Answer]:
    answers = person_erasure_answers
    query = select(answers.c.service, answers.c.answered_at).where(answers.c.request_id == request_id)
    at = {service: instant for service, instant in session.execute(query)}
    return [Answer(service, service in at, at.get(service)) for service in HOLDERS]


def erasers_awaited(session: Session, request_id: UUID) -> list[str]:
    return [answer.service for answer in erasure_answers(session, request_id) if not answer.is_there]


def requests_to_show(
    session: Session, programmes: Collection[str] | None, most: int
) -> Sequence[tuple[PersonErasure, Person]]:
    """Requests to be erased, those that wait for a decision first. None shows those of all programmes."""
    query = select(PersonErasure, Person).join(people, people.c.id == person_erasures.c.person_id)
    if programmes is not None:
        query = query.where(person_erasures.c.programme.in_(programmes))
    waits = person_erasures.c.state == ErasureState.CONFIRMED
    rows = session.execute(query.order_by(waits.desc(), person_erasures.c.asked_at.desc()).limit(most))
    return [(erasure, person) for erasure, person in rows]


def managed_by_nobody_else(session: Session, person: Person) -> list[str]:
    """The programmes that would be left without a manager."""
    managed = [grant.programme for grant in person.grants if grant.role is Role.MANAGER and grant.programme]
    if not managed:
        return []
    others = {
        grant.programme
        for other in session.scalars(select(Person).where(people.c.id != person.id))
        for grant in other.grants
        if grant.role is Role.MANAGER
    }
    return [programme for programme in managed if programme not in others and None not in others]


def kept_of(session: Session, person: Person) -> list[Kept]:
    """What would stay of this person's, and why."""
    subject = Subject(person.id, frozenset({person.email}))
    kept = []
    for holding in holdings_of("enrolment", metadata):
        if holding.on_erasure is not OnErasure.KEEP:
            continue
        theirs = belongs(holding, subject)
        if holding.table is attendance_sheets:
            theirs = or_(theirs, _shows_as_present(person))
        number = session.scalar(select(func.count()).select_from(holding.table).where(theirs)) or 0
        if number:
            kept.append(Kept(holding.title, holding.because or "", number))
    return kept


def _shows_as_present(person: Person) -> ColumnElement[bool]:
    registrations = workshop_registrations.c
    return exists().where(
        and_(
            registrations.workshop_id == attendance_sheets.c.workshop_id,
            registrations.person_id == person.id,
            registrations.present_at.is_not(None),
        )
    )
