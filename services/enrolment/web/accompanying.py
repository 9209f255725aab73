"""Whom the person who asks accompanies; the rule is in ``storage/accompanied.py``."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.web.identity import Identity
from services.enrolment.domain.workshop import Workshop
from services.enrolment.storage import workshops
from services.enrolment.storage.accompanied import Accompanied, followed_buyers


def accompanied_by(person: Identity, session: Session) -> Accompanied:
    """A manager's whole programmes, an adviser's own buyers."""
    managed = person.programmes("manager")
    advised = [each for each in person.programmes("adviser") if not person.may("manager", each)]
    return Accompanied(managed, followed_buyers(session, person.person_id, advised) if advised else {})


def accompanies(person: Identity, session: Session, programme: str, organisation_id: UUID) -> bool:
    """Whether this organisation's way through the programme is the person's business."""
    if person.may("manager", programme):
        return True
    return person.may("adviser", programme) and organisation_id in _followed(person, session, programme)


def accompanied_at(person: Identity, session: Session, workshop: Workshop) -> list[UUID]:
    """Of the buyers whose people may come to a workshop those that the person accompanies."""
    everybody = [each.id for each in workshops.buyers_taking_part(session, workshop.cohort_id)]
    if person.may("manager", workshop.programme):
        return everybody
    if not person.may("adviser", workshop.programme):
        return []
    followed = _followed(person, session, workshop.programme)
    return [organisation_id for organisation_id in everybody if organisation_id in followed]


def accompanies_all_at(person: Identity, session: Session, workshop: Workshop) -> bool:
    """Whether nobody comes to the workshop whom the person may not see."""
    if person.may("manager", workshop.programme):
        return True
    mine = accompanied_at(person, session, workshop)
    return bool(mine) and len(mine) == len(workshops.buyers_taking_part(session, workshop.cohort_id))


def _followed(person: Identity, session: Session, programme: str) -> frozenset[UUID]:
    return followed_buyers(session, person.person_id, [programme])[programme]
