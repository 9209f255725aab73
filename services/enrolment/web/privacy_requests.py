"""Which of people's requests somebody of the team sees, and for whom they ask."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.model import NotFound
from services.chassis.unit_of_work import UnitOfWork
from services.chassis.web.identity import Identity
from services.chassis.web.work import runtime
from services.enrolment.domain.personal_data import PersonErasure, PersonExport
from services.enrolment.handlers.personal_data import erasures, exports
from services.enrolment.handlers.personal_data.without_account import person_asked_for
from services.enrolment.storage import personal_data


def programmes_shown(person: Identity) -> Collection[str] | None:
    """Of whose people the requests are shown; None for those of all, which an operator sees."""
    return None if "operator" in person.roles else person.programmes("manager")


def visible_request(session: Session, erasure_id: UUID, person: Identity) -> PersonErasure:
    """Raises NotFound for what is no request of the person's programmes."""
    erasure = session.get(PersonErasure, erasure_id)
    programmes = programmes_shown(person)
    if erasure is None or (programmes is not None and erasure.programme not in programmes):
        raise NotFound("This does not exist, or no longer.")
    return erasure


def ask_on_behalf(email: str, what: str, by: Identity, work: UnitOfWork) -> PersonExport | PersonErasure:
    """Ask for somebody who cannot do it: the copy or the confirmation goes to their own address.

    Raises NotFound for an address under which the programmes of the asker hold nothing, and Conflict while
    an erasure is under way.
    """
    person = person_asked_for(email, programmes_shown(by), work)
    if what == "copy":
        return exports.request_export(person.id, by.person_id, work)
    return erasures.request_erasure(person.id, by.person_id, runtime().settings.public_url, work)


def withdraw_latest(person: Identity, work: UnitOfWork) -> PersonErasure:
    """The person has thought again. Raises NotFound, Conflict once it was decided."""
    latest = personal_data.latest_erasure(work.session, person.person_id)
    if latest is None:
        raise NotFound("This does not exist, or no longer.")
    return erasures.withdraw_erasure(latest.id, work)
