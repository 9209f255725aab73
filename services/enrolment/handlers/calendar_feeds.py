"""People's calendar addresses: made, replaced, revoked."""

from __future__ import annotations

from uuid import UUID

from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.calendar_feed import CalendarFeed
from services.enrolment.domain.person import Person, digest, new_token


def make_feed(person_id: UUID, unit_of_work: UnitOfWork) -> str:
    """A new secret for the person's calendar address; an earlier one is of no use from now on.

    Raises NotFound for somebody who is not known (any more).
    """
    token = new_token()
    person = unit_of_work.get(Person, person_id)
    feed = CalendarFeed(person_id=person.id, token_digest=digest(token), made_at=unit_of_work.now)
    unit_of_work.session.merge(feed)
    return token


def revoke_feed(person_id: UUID, unit_of_work: UnitOfWork) -> bool:
    """Whoever has the address sees nothing any more; false when there was none."""
    feed = unit_of_work.session.get(CalendarFeed, person_id)
    if feed is None:
        return False
    unit_of_work.session.delete(feed)
    return True
