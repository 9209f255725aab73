"""How a browser becomes a person's, and stops being it."""

from __future__ import annotations

from flask import request

from services.chassis.unit_of_work import UnitOfWork
from services.chassis.web.identity import Identity
from services.chassis.web.session import current_person
from services.enrolment.domain.person import Person
from services.enrolment.domain.user_session import SignInWay
from services.enrolment.handlers import user_sessions
from services.enrolment.web.devices import device_in_words
from services.enrolment.web.identities import identity_in


def start_session(person: Person, way: SignInWay, work: UnitOfWork) -> Identity:
    """Let the person in with this browser; the identity is for ``issue_session`` once this is committed."""
    here = current_person()
    command = user_sessions.StartSession(
        person=person,
        way=way,
        device=device_in_words(request.user_agent.string),
        replaces=here.session.id if here and here.session else None,
    )
    begun = user_sessions.start_session(command, work)
    return identity_in(begun, person, work.session)
