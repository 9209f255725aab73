"""Which requests to join a manager sees and answers."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.model import NotFound
from services.chassis.web.identity import Identity
from services.enrolment.domain.self_registration import JoinRequest


def visible_request(session: Session, person: Identity, request_id: UUID) -> JoinRequest:
    """Raises NotFound, also for what is another programme's."""
    found = session.get(JoinRequest, request_id)
    if found is None or not person.may("manager", found.programme):
        raise NotFound("This request does not exist, or no longer.")
    return found
