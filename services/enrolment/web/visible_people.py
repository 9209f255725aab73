"""Whom, and which invitations, a manager or an organisation's people may change."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.model import NotFound
from services.chassis.web.session import signed_in_person
from services.enrolment.domain.person import Person
from services.enrolment.domain.role_invitation import RoleInvitation


def visible_person(session: Session, person_id: UUID, programme: str) -> Person:
    """Raises NotFound for who has no role in the programme."""
    found = session.get(Person, person_id)
    if found is None or all(grant.programme != programme for grant in found.grants):
        raise NotFound("This person does not exist, or no longer.")
    return found


def visible_invitation(
    session: Session, invitation_id: UUID, programme: str | None, organisation_id: UUID | None = None
) -> RoleInvitation:
    """Raises NotFound, also for what is another programme's or another organisation's."""
    found = session.get(RoleInvitation, invitation_id)
    is_own = found is not None and found.organisation_id == organisation_id
    if found is None or not is_own or programme not in (None, found.programme):
        raise NotFound("This invitation does not exist, or no longer.")
    return found


def own_account(session: Session) -> Person:
    """The person who is signed in. Raises NotFound for a session that has outlived its person."""
    found = session.get(Person, signed_in_person().person_id)
    if found is None:
        raise NotFound("This does not exist, or no longer.")
    return found
