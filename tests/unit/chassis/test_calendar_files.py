"""Calendar files: readable by others, the same entry for ever, the right hour on both sides of a change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from services.chassis.calendar_files import Entry, Mailbox, Method, calendar_feed, invitation

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
TEAM = Mailbox("C.E.S.A.R.", "cesar@cci.example")


def entry(starts_at: datetime = NOW + timedelta(days=30), **changes: object) -> Entry:
    details = {
        "uid": "3f2b8f3e-9d0e-4d2b-8a52-5a9a4ad0a1b2",
        "sequence": 0,
        "title": "Atelier ; clauses, critères\nsuite",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=3),
        "place": "CCI Hérault, salle « Méditerranée »",
        **changes,
    }
    return Entry(**details)  # type: ignore[arg-type]


def read(file: bytes) -> Calendar:
    calendar = Calendar.from_ical(file)
    assert isinstance(calendar, Calendar)
    return calendar


@pytest.mark.parametrize("day", [datetime(2027, 3, 27), datetime(2027, 3, 29), datetime(2027, 10, 31, 4)])
def test_a_meeting_is_at_the_hour_that_was_said_in_winter_and_in_summer(day: datetime) -> None:
    local = day.replace(hour=14, tzinfo=PARIS)
    [event] = read(calendar_feed("Agenda", [entry(local.astimezone(UTC))], NOW)).events
    assert event.start.astimezone(PARIS).replace(tzinfo=None) == day.replace(hour=14)
    assert event.end - event.start == timedelta(hours=3)


def test_an_invitation_says_who_invites_whom_and_what_to_do() -> None:
    guest = Mailbox('Léa "Lou" Vidal', "lea@mairie.example")
    file = invitation(Method.REQUEST, entry(sequence=2), organiser=TEAM, guest=guest, at=NOW)
    calendar = read(file)
    assert calendar["METHOD"] == "REQUEST"
    [event] = calendar.events
    assert (str(event["UID"]), event["SEQUENCE"], event["STATUS"]) == (entry().uid, 2, "CONFIRMED")
    assert event["ORGANIZER"] == "mailto:cesar@cci.example"
    assert event["ATTENDEE"] == "mailto:lea@mairie.example"
    assert event["ATTENDEE"].params["CN"] == "Léa ’Lou’ Vidal"
    assert str(event["SUMMARY"]) == entry().title
    assert str(event["LOCATION"]) == entry().place


def test_a_cancellation_is_of_the_same_entry() -> None:
    cancelled = entry(sequence=3, is_cancelled=True)
    file = invitation(Method.CANCEL, cancelled, organiser=TEAM, guest=TEAM, at=NOW)
    calendar = read(file)
    [event] = calendar.events
    assert (calendar["METHOD"], str(event["UID"])) == ("CANCEL", entry().uid)
    assert (event["SEQUENCE"], event["STATUS"]) == (3, "CANCELLED")


def test_lines_are_folded_and_ended_as_the_standard_says() -> None:
    file = calendar_feed("Agenda de Zoë", [entry(description="é" * 500)], NOW)
    lines = file.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert b"\n" not in file.replace(b"\r\n", b"")


def test_the_same_meeting_gives_the_same_file() -> None:
    assert calendar_feed("Agenda", [entry()], NOW) == calendar_feed("Agenda", [entry()], NOW)
