"""Who has which role, and who is invited into one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Text, cast, func, or_, select
from sqlalchemy.orm import Session

from services.chassis.listing import ListQuery
from services.chassis.model import NotFound
from services.enrolment.domain.person import Person, PersonGrant, digest, normalise_email
from services.enrolment.domain.role_invitation import RoleInvitation, RoleInvitationState
from services.enrolment.storage.tables import organisations, people, role_invitations

SORTABLE: Mapping[str, Any] = {
    "name": lambda row: row.person.name.casefold(),
    "role": lambda row: row.grant.role,
    "organisation": lambda row: (row.organisation_name or "").casefold(),
}


@dataclass(frozen=True)
class RoleRow:
    """One role of one person."""

    person: Person
    grant: PersonGrant
    organisation_name: str | None


def people_with(session: Session, grant: PersonGrant) -> list[Person]:
    """Everybody who has exactly this role."""
    wanted = str(grant.organisation_id or grant.programme or grant.role)
    return [person for person in _mentioning(session, wanted) if grant in person.grants]


def left_without(session: Session, person: Person) -> list[str]:
    """The names of the organisations that nobody else acts for."""
    alone = [
        each for each in person.organisations if [one.id for one in people_of(session, each)] == [person.id]
    ]
    names = select(organisations.c.name).where(organisations.c.id.in_(alone))
    return list(session.scalars(names.order_by(organisations.c.name)))


def people_of(session: Session, organisation_id: UUID) -> list[Person]:
    """Everybody who may act for this organisation, in alphabetical order."""
    found = _mentioning(session, str(organisation_id))
    return [person for person in found if organisation_id in person.organisations]


def roles_in(
    session: Session, programme: str | None, query: ListQuery, role: str | None = None
) -> list[RoleRow]:
    """The roles in one programme, or all that there are for None; searched, filtered and sorted."""
    found = [
        (person, grant)
        for person in _mentioning(session, programme or "", query.search)
        for grant in person.grants
        if programme in (None, grant.programme) and role in (None, "", grant.role)
    ]
    names = _names(session, {grant.organisation_id for _person, grant in found})
    rows = [RoleRow(person, grant, names.get(grant.organisation_id)) for person, grant in found]
    return sorted(rows, key=SORTABLE[query.sort or "name"], reverse=query.descending)


def invitation_by_token(session: Session, token: str, *, lock: bool = False) -> RoleInvitation:
    """Raises NotFound."""
    query = select(RoleInvitation).where(role_invitations.c.token_digest == digest(token))
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound("This invitation is not valid. Check that the whole link was copied.")
    return found


def open_invitations(
    session: Session, programme: str | None, organisation_id: UUID | None
) -> Sequence[RoleInvitation]:
    """Those that wait for an answer: into a programme's team, or into an organisation for None."""
    query = select(RoleInvitation).where(
        role_invitations.c.state == RoleInvitationState.OPEN,
        role_invitations.c.organisation_id.is_(None)
        if organisation_id is None
        else role_invitations.c.organisation_id == organisation_id,
    )
    if programme is not None:
        query = query.where(role_invitations.c.programme == programme)
    return session.scalars(query.order_by(role_invitations.c.sent_at.desc())).all()


def open_invitation(session: Session, grant: PersonGrant, email: str) -> RoleInvitation | None:
    """The invitation of this address into this role that waits for an answer."""
    waiting = open_invitations(session, grant.programme, grant.organisation_id)
    address = normalise_email(email)
    return next((each for each in waiting if each.email == address and each.grant == grant), None)


def _mentioning(session: Session, text: str, search: str = "") -> Iterator[Person]:
    """Those whose roles name this text somewhere, in alphabetical order."""
    # Roles are a JSON list; the text narrows down to few people, whose roles are then looked at.
    query = select(Person).order_by(func.lower(people.c.name), people.c.id)
    if text:
        query = query.where(cast(people.c.grants, Text).contains(f'"{text}"', autoescape=True))
    if search:
        columns = (people.c.name, people.c.email)
        query = query.where(or_(*(column.icontains(search, autoescape=True) for column in columns)))
    return iter(session.scalars(query))


def _names(session: Session, identifiers: set[UUID | None]) -> dict[UUID | None, str]:
    query = select(organisations.c.id, organisations.c.name).where(
        organisations.c.id.in_([each for each in identifiers if each is not None])
    )
    return {identifier: name for identifier, name in session.execute(query)}
