"""What is on in somebody's calendar: the workshops and appointments that they see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import url_for

from services.chassis.model import DomainError
from services.chassis.web.session import refuse_programs, signed_in_person
from services.chassis.web.work import LOCAL_TIME, local_today, reading, runtime, unit_of_work
from services.enrolment.handlers import calendar_feeds
from services.enrolment.storage import appointment_list, workshop_list
from services.enrolment.storage.appointment_list import AppointmentRow
from services.enrolment.storage.workshop_list import WorkshopRow
from services.enrolment.web.meetings import visible_appointments, visible_workshops

_FIRST_YEAR, _LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class Agenda:
    workshops: list[WorkshopRow]
    appointments: list[AppointmentRow]


def agenda_between(first: date, last: date) -> Agenda:
    """What the person who asks sees from one day to another, that day included."""
    person, begin, end = signed_in_person(), _midnight(first), _midnight(last + timedelta(days=1))
    with reading() as session:
        chosen = visible_workshops(person, session, {})
        return Agenda(
            workshop_list.between(session, chosen, begin, end),
            appointment_list.between(session, visible_appointments(person, {}), begin, end),
        )


def month_named(text: str | None) -> date:
    """The first day of a month written as in 2026-11; of this month without one. Raises DomainError."""
    if not text:
        return local_today().replace(day=1)
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        month = date.min
    if not _FIRST_YEAR <= month.year <= _LAST_YEAR:
        raise DomainError("Write the month as in 2026-11.", field="month")
    return month


def new_feed_address() -> str:
    """A new address for calendar programs; an earlier one is of no use from now on.

    It shows all of the person's calendar, without an end: a token, which has some roles for some time, does
    not make one. Raises Forbidden.
    """
    refuse_programs()
    with unit_of_work() as work:
        token = calendar_feeds.make_feed(signed_in_person().person_id, work)
    return f"{runtime().settings.public_url}{url_for('agenda.feed', token=token)}"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL_TIME)
