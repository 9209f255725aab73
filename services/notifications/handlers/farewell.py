"""The last mail to somebody who is erased: that it is done.

Whom it goes to is looked up before the tables forget them, and written down after: in this one message, which
is told as a mail to nobody and forgets the address itself as soon as it has left, or will not leave any more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import uuid5

from sqlalchemy import select

from services.chassis.events import Event
from services.chassis.privacy.subject import is_pseudonym
from services.chassis.unit_of_work import UnitOfWork
from services.notifications.domain.message import FAREWELL
from services.notifications.domain.occasion import occasion_of, plan
from services.notifications.french_calendar import OFFICE_HOURS
from services.notifications.storage import queries
from services.notifications.storage.tables import person_grants
from services.notifications.workflow_file import workflows


def farewell(event: Event, unit_of_work: UnitOfWork) -> Callable[[], None]:
    """To be called before an erasure; what it returns, after it."""
    session = unit_of_work.session
    known = queries.person_of(session, event.data["person_id"])
    theirs = person_grants.c.person_id == event.data["person_id"]
    programmes = select(person_grants.c.programme).where(theirs).order_by(person_grants.c.position)
    programme = next(filter(None, session.scalars(programmes)), None)

    def say() -> None:
        if known is None or is_pseudonym(known.address):
            return
        workflow = workflows()[FAREWELL]
        occasion = occasion_of(
            workflow,
            event_id=event.id,
            # What else is heard of the request does not take back that it was granted.
            subject_id=uuid5(event.subject, FAREWELL),
            sequence=event.sequence,
            occurred_at=unit_of_work.now,
            values={"programme": programme},
            correlation_id=event.correlation_id,
        )
        session.add(occasion)
        session.flush()
        nobody = replace(known, person_id=None)
        session.add_all(
            plan(occasion, workflow, [nobody], [], state={}, office_hours=OFFICE_HOURS, now=unit_of_work.now)
        )

    return say
