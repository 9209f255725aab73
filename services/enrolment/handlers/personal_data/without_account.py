"""People whose data are kept under an address alone: they have the rights that everybody has.

As soon as they ask, or are about to be forgotten, they get an account without any role: by it they are
recognised in every service, fetch their copy and are erased like anybody else.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from services.chassis.model import NotFound
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.person import Person
from services.enrolment.handlers.people import RegisterPerson, register_person, request_sign_in
from services.enrolment.storage import queries
from services.enrolment.storage.people_without_account import held_under, silent_contacts
from services.enrolment.storage.tables import account_uses

_AT_ONCE = 200


def person_asked_for(email: str, programmes: Collection[str] | None, unit_of_work: UnitOfWork) -> Person:
    """The person with this address of whom one of the programmes holds something; None for any.

    Raises NotFound.
    """
    session = unit_of_work.session
    person = queries.person_by_email(session, email)
    held = held_under(session, email)
    known_in = {each.programme for each in held}
    if person is not None:
        known_in.update(grant.programme for grant in person.grants if grant.programme)
    is_known = (person is not None or held) if programmes is None else known_in.intersection(programmes)
    if not is_known:
        raise NotFound("Your programmes hold nothing under this address.")
    if person is None:
        called = RegisterPerson(name=held[0].name or email, email=email, locale=held[0].locale, grant=None)
        person = register_person(called, unit_of_work)
        session.flush()
    return person


def request_own_link(email: str, public_url: str, unit_of_work: UnitOfWork) -> bool:
    """Have a link sent by which somebody sees what is held of them. The page does not tell whether it was."""
    try:
        person_asked_for(email, None, unit_of_work)
    except NotFound:
        return False
    return request_sign_in(email, public_url, unit_of_work)


def count_silent_contacts(session: Session, before: datetime) -> int:
    return len(silent_contacts(session, before, _AT_ONCE))


def count_as_unused_accounts(unit_of_work: UnitOfWork, before: datetime) -> int:
    """Who was invited and never answered is warned and erased like the owner of an account nobody uses.

    How many people it concerned.
    """
    session = unit_of_work.session
    found = silent_contacts(session, before, _AT_ONCE)
    for contact in found:
        called = RegisterPerson(name=contact.name, email=contact.email, locale=contact.locale, grant=None)
        person = register_person(called, unit_of_work)
        session.flush()
        session.execute(insert(account_uses).values(person_id=person.id, used_at=contact.since))
    return len(found)
