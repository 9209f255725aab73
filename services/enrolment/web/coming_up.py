"""What stands next in a person's agenda, for their home page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from services.chassis.web.identity import Identity
from services.chassis.web.work import runtime
from services.enrolment.domain.organisation import Organisation
from services.enrolment.storage import appointment_list, appointments, workshop_list
from services.enrolment.storage.appointment_list import AppointmentRow
from services.enrolment.storage.workshop_list import WorkshopRow
from services.enrolment.web.meetings import visible_appointments, visible_workshops

_HOW_FAR = timedelta(weeks=8)
_MOST = 3


@dataclass(frozen=True)
class ComingUp:
    """The next few of each, and the buyers whom the person follows as an adviser."""

    workshops: Sequence[WorkshopRow]
    appointments: Sequence[AppointmentRow]
    buyers: Sequence[Organisation]


def coming_up(person: Identity, session: Session) -> ComingUp:
    now = runtime().clock()
    chosen = visible_workshops(person, session, {"state": "scheduled"})
    own = visible_appointments(person, {"state": "scheduled"})
    return ComingUp(
        workshop_list.between(session, chosen, now, now + _HOW_FAR)[:_MOST],
        appointment_list.between(session, own, now, now + _HOW_FAR)[:_MOST],
        appointments.followed_by(session, person.person_id) if "adviser" in person.roles else (),
    )
