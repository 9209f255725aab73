"""The agenda, and the address by which calendar programs follow it, for programs."""

from __future__ import annotations

from calendar import monthrange
from itertools import chain
from typing import Any

from flask import request
from flask_smorest import Blueprint

from services.chassis.model import NotFound
from services.chassis.web.access import requires
from services.chassis.web.lists import lists, page_of, page_of_rows
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, unit_of_work
from services.enrolment.domain.appointment import Appointment
from services.enrolment.domain.calendar_feed import CalendarFeed
from services.enrolment.domain.workshop import Workshop
from services.enrolment.handlers import calendar_feeds
from services.enrolment.web.agenda import agenda_between, month_named, new_feed_address
from services.enrolment.web.schemas.agenda import EntryOutput, FeedOutput, NewFeedOutput

agenda_api = Blueprint(
    "agenda_api", __name__, url_prefix="/agenda", description="What is on in one's calendar."
)


@agenda_api.get("")
@requires("manager", "adviser", "buyer")
@lists((), "month")
@agenda_api.response(200, page_of(EntryOutput))
def get_agenda() -> dict[str, Any]:
    """The workshops and appointments of a ``month`` (2026-11; this one without), in the order of time."""
    first = month_named(request.args.get("month"))
    found = agenda_between(first, first.replace(day=monthrange(first.year, first.month)[1]))
    entries = chain(
        (_entry("workshop", row.workshop.title, row.workshop) for row in found.workshops),
        (_entry("appointment", row.organisation.name, row.appointment) for row in found.appointments),
    )
    return page_of_rows(sorted(entries, key=lambda entry: (entry["starts_at"], str(entry["id"]))))


@agenda_api.get("/address")
@requires()
@agenda_api.response(200, FeedOutput)
@agenda_api.alt_response(404, "NOT_FOUND")
def get_feed() -> CalendarFeed:
    """Since when calendar programs can follow the caller's agenda. 404 when they cannot."""
    with reading() as session:
        found = session.get(CalendarFeed, signed_in_person().person_id)
    if found is None:
        raise NotFound("This calendar does not exist, or no longer.")
    return found


@agenda_api.put("/address")
@requires()
@agenda_api.response(200, NewFeedOutput)
def make_feed() -> dict[str, str]:
    """A new address, in place of an earlier one. 403 for a token: the address would outlive it."""
    return {"address": new_feed_address()}


@agenda_api.delete("/address")
@requires()
@agenda_api.response(204)
def revoke_feed() -> None:
    """Whoever has the address sees nothing any more."""
    with unit_of_work() as work:
        calendar_feeds.revoke_feed(signed_in_person().person_id, work)


def _entry(kind: str, title: str, meeting: Workshop | Appointment) -> dict[str, Any]:
    names = ("id", "starts_at", "ends_at", "place", "video_url", "state")
    return {"kind": kind, "title": title, **{name: getattr(meeting, name) for name in names}}
