"""How a browser becomes a person's, and stops being it."""

from __future__ import annotations

from uuid import UUID

from flask import request
from sqlalchemy.orm import Session

from services.chassis.unit_of_work import UnitOfWork
from services.chassis.web.identity import Identity
from services.chassis.web.session import current_person
from services.enrolment.domain.person import Person
from services.enrolment.domain.user_session import SignInWay
from services.enrolment.handlers import user_sessions
from services.enrolment.storage import queries
from services.enrolment.web.devices import device_in_words
from services.enrolment.web.identities import identity_in


def start_session(
    person: Person, way: SignInWay, work: UnitOfWork, *, acting_for: UUID | None = None
) -> Identity:
    """Let the person in with this browser, to act for an organisation or for the one that they chose last.

    The identity is for ``issue_session`` once this is committed.
    """
    here = current_person()
    command = user_sessions.StartSession(
        person=person,
        way=way,
        device=device_in_words(request.user_agent.string),
        replaces=here.session.id if here and here.session else None,
        acting_for=acting_for,
    )
    begun = user_sessions.start_session(command, work)
    return identity_in(begun, person, work.session)


def is_another_account(session: Session, email: str) -> bool:
    """Whether somebody has an account with this address who is not signed in here.

    An invitation sent there signs in who is new. Who has an account signs in by themselves before: their link
    by mail is good for minutes, an invitation for days, and it would open all that they may do.
    """
    person, here = queries.person_by_email(session, email), current_person()
    return person is not None and bool(person.grants) and (here is None or here.person_id != person.id)
