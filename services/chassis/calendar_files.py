"""Calendar files: what people's calendar programs read (RFC 5545, and RFC 5546 for invitations).

Times are written in UTC, so that no program has to know the time zones of another.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from icalendar import STATUS, Calendar, Event, vCalAddress, vDuration, vText

_PRODUCT = "-//Cesar//Cesar//FR"
# How often programs that follow a calendar look for changes (RFC 7986).
_REFRESH = timedelta(hours=1)


class Method(StrEnum):
    """What a file asks of whoever receives it: come, do not come, or only know."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    PUBLISH = "PUBLISH"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One meeting. ``uid`` stays the same for ever, ``sequence`` grows with each change."""

    uid: str
    sequence: int
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str | None = None
    url: str | None = None
    description: str = ""
    is_cancelled: bool = False


@dataclass(frozen=True)
class Mailbox:
    """Who invites, or who is invited."""

    name: str
    address: str


def invitation(method: Method, entry: Entry, *, organiser: Mailbox, guest: Mailbox, at: datetime) -> bytes:
    """The file that goes with the mail to one guest."""
    event = _event(entry, at)
    event.organizer = _address(organiser)
    attendee = _address(guest)
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText("ACCEPTED")
    attendee.params["RSVP"] = vText("FALSE")
    event.attendees = [attendee]
    calendar = _calendar(method)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def calendar_feed(name: str, entries: Iterable[Entry], at: datetime) -> bytes:
    """All meetings of one person, for a program that comes back for them."""
    calendar = _calendar(Method.PUBLISH)
    calendar.add("X-WR-CALNAME", name)
    calendar.add("NAME", name)
    calendar.add("REFRESH-INTERVAL", vDuration(_REFRESH, params={"VALUE": "DURATION"}))
    for entry in entries:
        calendar.add_component(_event(entry, at))
    return bytes(calendar.to_ical())


def _calendar(method: Method) -> Calendar:
    calendar = Calendar()
    calendar.add("PRODID", _PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", method.value)
    return calendar


def _event(entry: Entry, at: datetime) -> Event:
    return Event.new(
        uid=entry.uid,
        sequence=entry.sequence,
        stamp=at,
        summary=entry.title,
        start=entry.starts_at,
        end=entry.ends_at,
        location=entry.place or entry.url,
        url=entry.url,
        description=entry.description or None,
        status=STATUS.CANCELLED if entry.is_cancelled else STATUS.CONFIRMED,
    )


def _address(mailbox: Mailbox) -> vCalAddress:
    address = vCalAddress(f"mailto:{mailbox.address}")
    # Quotes cannot be written in a parameter, not even quoted (RFC 5545, 3.2).
    address.params["CN"] = vText(mailbox.name.replace('"', "’"))
    return address
