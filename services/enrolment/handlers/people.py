"""People: registration, sign-in links, what they may do."""

from __future__ import annotations

from dataclasses import dataclass

from services.chassis.events import new_id
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.person import (
    MOST_OPEN_LINKS,
    SIGN_IN_LINK_LIFETIME,
    Person,
    PersonGrant,
    SignInLink,
    digest,
    new_token,
    normalise_email,
)
from services.enrolment.events.people import person_snapshot
from services.enrolment.storage import queries


@dataclass(frozen=True, kw_only=True)
class RegisterPerson:
    """``email`` decides who it is: somebody who is known keeps name and language, and gets the grant.

    With their first role they are called as they say now: until then, others said it for them.
    """

    name: str
    email: str
    grant: PersonGrant | None
    locale: str = "fr"


def register_person(command: RegisterPerson, unit_of_work: UnitOfWork) -> Person:
    """The person with this address, new or known, with the grant."""
    session = unit_of_work.session
    person = queries.person_by_email(session, command.email)
    if person is None:
        person = queries.person_by_email_in_turn(session, command.email)
    if person is None:
        person = Person(
            id=new_id(), name=command.name, email=normalise_email(command.email), locale=command.locale
        )
        if command.grant is not None:
            person.grant(command.grant)
        session.add(person)
        unit_of_work.record(person, "enrolment.person.registered", person_snapshot(person))
    elif command.grant is not None and person.grant(command.grant):
        if len(person.grants) == 1:
            person.name = command.name
        unit_of_work.record(person, "enrolment.person.updated", person_snapshot(person))
    return person


def request_sign_in(email: str, public_url: str, unit_of_work: UnitOfWork) -> bool:
    """Have a sign-in link sent. The page does not tell whether it was.

    False when nobody has this address, or when enough links are open for this person.
    """
    session = unit_of_work.session
    person = queries.person_by_email(session, email)
    if person is None:
        return False
    if queries.count_open_sign_in_links(session, person.id, unit_of_work.now) >= MOST_OPEN_LINKS:
        return False
    token = new_token()
    link = SignInLink(
        id=new_id(),
        person_id=person.id,
        token_digest=digest(token),
        expires_at=unit_of_work.now + SIGN_IN_LINK_LIFETIME,
    )
    session.add(link)
    unit_of_work.record(
        link,
        "enrolment.sign_in.requested",
        {
            "id": link.id,
            "person_id": person.id,
            "name": person.name,
            "email": person.email,
            "locale": person.locale,
            "url": f"{public_url}/sign-in/{token}",
            "expires_at": link.expires_at,
        },
    )
    return True


def sign_in(token: str, unit_of_work: UnitOfWork) -> Person:
    """The person whom the link belongs to; the link is used up. Raises NotFound or Gone."""
    link = queries.sign_in_link_by_token(unit_of_work.session, token, lock=True)
    link.use(unit_of_work.now)
    return unit_of_work.get(Person, link.person_id)
