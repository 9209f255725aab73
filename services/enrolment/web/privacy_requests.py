"""Which of people's requests somebody of the team sees."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.model import NotFound
from services.chassis.web.identity import Identity
from services.enrolment.domain.personal_data import PersonErasure


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
