"""The agenda: a month of workshops and appointments, and the address by which calendar programs follow it."""

from __future__ import annotations

from calendar import Calendar
from dataclasses import dataclass, field
from datetime import date, timedelta

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from services.chassis.calendar_files import calendar_feed
from services.chassis.model import NotFound
from services.chassis.web.access import public, requires
from services.chassis.web.i18n import gettext as _
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import local_today, reading, runtime, unit_of_work
from services.enrolment.domain.calendar_feed import CalendarFeed
from services.enrolment.domain.local_time import day_of
from services.enrolment.handlers import calendar_feeds
from services.enrolment.storage import calendar_entries
from services.enrolment.storage.appointment_list import AppointmentRow
from services.enrolment.storage.workshop_list import WorkshopRow
from services.enrolment.web.agenda import agenda_between, month_named, new_feed_address

pages = Blueprint("agenda", __name__)


@dataclass
class Day:
    """A day of the grid; ``in_month`` is false for those of the months before and after."""

    date: date
    in_month: bool
    workshops: list[WorkshopRow] = field(default_factory=list)
    appointments: list[AppointmentRow] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.workshops or self.appointments)


@pages.get("/agenda")
@requires("manager", "adviser", "buyer")
def agenda() -> str:
    """A month: a grid of days, or a list of those with something on a phone."""
    month = month_named(request.args.get("month"))
    days = [Day(day, day.month == month.month) for day in Calendar().itermonthdates(month.year, month.month)]
    by_date = {day.date: day for day in days}
    found = agenda_between(days[0].date, days[-1].date)
    for workshop in found.workshops:
        by_date[day_of(workshop.workshop.starts_at)].workshops.append(workshop)
    for row in found.appointments:
        by_date[day_of(row.appointment.starts_at)].appointments.append(row)
    return render_template(
        "agenda.html",
        month=month,
        days=days,
        today=local_today(),
        previous=_named(month - timedelta(days=1)),
        next=_named(month + timedelta(days=31)),
    )


@pages.get("/agenda/address")
@requires()
def feed_page() -> str:
    return _feed_page(None)


@pages.post("/agenda/address")
@requires()
def make_feed() -> str:
    """A new address, which is shown this once."""
    return _feed_page(new_feed_address())


@pages.post("/agenda/address/revoke")
@requires()
def revoke_feed() -> AnyResponse:
    with unit_of_work() as work:
        calendar_feeds.revoke_feed(signed_in_person().person_id, work)
    flash(_("The address no longer works."), "info")
    return redirect(url_for("agenda.feed_page"), 303)


@pages.get("/calendar/<token>.ics")
@public
def feed(token: str) -> Response:
    """The calendar of whoever made the address."""
    with reading() as session:
        person = calendar_entries.person_of_feed(session, token)
        if person is None:
            raise NotFound("This calendar does not exist, or no longer.")
        content = calendar_feed(
            f"{runtime().settings.product_name} – {person.name}",
            calendar_entries.entries_of(session, person),
            runtime().clock(),
        )
    return Response(
        content, mimetype="text/calendar", headers={"Content-Disposition": 'inline; filename="agenda.ics"'}
    )


def _feed_page(address: str | None) -> str:
    with reading() as session:
        feed = session.get(CalendarFeed, signed_in_person().person_id)
    return render_template("calendar_address.html", feed=feed, address=address)


def _named(day: date) -> str:
    return f"{day:%Y-%m}"
