"""Mails about workshops and appointments, and the calendar files that go with them."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar, Event

from services.chassis.events import Event as Told
from tests.unit.notifications.meeting_samples import (
    WORKSHOP_ID,
    appointment,
    meeting,
    registration,
    workshop,
)
from tests.unit.notifications.service_examples import World, new_world, programme, told


@pytest.fixture
def world(tmp_path: Path) -> World:
    """On Thursday 12 March 2026; the workshop is on Thursday 9 April."""
    world = new_world(tmp_path)
    world.hears(programme())
    return world


def registered(what: str, sequence: int = 1, **changes: Any) -> Told:
    return told(f"enrolment.workshop_registration.{what}", registration(**changes), sequence)


def booked(what: str, sequence: int = 1, **changes: Any) -> Told:
    return told(f"enrolment.appointment.{what}", appointment(**changes), sequence)


def calendar_of(mail: EmailMessage) -> tuple[str, Event]:
    """What the mail's calendar file asks for, and its entry; the form and the attachment say the same."""
    [form] = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    [attachment] = mail.iter_attachments()
    assert form.get_payload(decode=True) == attachment.get_payload(decode=True)
    calendar = Calendar.from_ical(form.get_payload(decode=True))
    [entry] = calendar.events
    assert form.get_param("method") == calendar["METHOD"]
    return str(calendar["METHOD"]), entry


def test_a_workshop_is_announced_to_each_contact_that_may_come(world: World) -> None:
    world.hears(told("enrolment.workshop.scheduled", workshop()))
    mails = world.sends()
    assert sorted(str(mail["To"]) for mail in mails) == [
        "Claire Martin <claire@mauguio.example>",
        "Paul Roux <paul@sete.example>",
    ]
    assert not any(part.get_content_type() == "text/calendar" for part in mails[0].walk())


def test_whoever_is_registered_gets_an_invitation_for_their_calendar(world: World) -> None:
    world.hears(registered("registered"))
    [mail] = world.sends()
    method, entry = calendar_of(mail)
    assert (method, str(entry["UID"]), entry["SEQUENCE"]) == ("REQUEST", WORKSHOP_ID, 0)
    assert entry["ORGANIZER"] == "mailto:cesar@cci.example"
    assert entry["ATTENDEE"] == "mailto:claire@mauguio.example"
    assert entry.start.isoformat() == "2026-04-09T07:00:00+00:00"


def test_a_change_is_a_newer_version_of_the_same_entry(world: World) -> None:
    world.hears(registered("registered"))
    world.sends()
    moved = meeting(sequence=1, starts_at="2026-04-10T07:00:00+00:00", ends_at="2026-04-10T10:00:00+00:00")
    world.hears(registered("changed", 2, meeting=moved))
    [mail] = world.sends()
    method, entry = calendar_of(mail)
    assert (method, str(entry["UID"]), entry["SEQUENCE"]) == ("REQUEST", WORKSHOP_ID, 1)


@pytest.mark.parametrize(
    ("what", "state", "method"), [("changed", "registered", "REQUEST"), ("cancelled", "cancelled", "CANCEL")]
)
def test_a_moved_or_cancelled_workshop_is_told_at_once_whatever_else_came_this_week(
    world: World, what: str, state: str, method: str
) -> None:
    for number in range(4):
        other = f"{WORKSHOP_ID[:-2]}8{number}"
        world.hears(told("enrolment.workshop.scheduled", workshop(id=other, meeting=meeting(id=other))))
    world.hears(registered("registered"))
    world.sends()
    world.hears(registered(what, 2, state=state, reason="Souffrante", meeting=meeting(sequence=1)))
    [mail] = world.sends()
    called_for, entry = calendar_of(mail)
    assert (called_for, str(entry["UID"]), entry["SEQUENCE"]) == (method, WORKSHOP_ID, 1)
    assert mail["List-Unsubscribe"] is None


def test_a_workshop_that_is_cancelled_in_the_evening_is_told_the_next_morning(world: World) -> None:
    world.hears(registered("registered"))
    world.sends()
    world.passes(hours=6)
    world.hears(registered("cancelled", 2, state="cancelled", reason="Souffrante"))
    assert world.sends() == []
    world.passes(hours=12)
    [mail] = world.sends()
    assert calendar_of(mail)[0] == "CANCEL"


def test_who_waits_for_a_place_is_told_of_a_change_and_gets_nothing_for_the_calendar(world: World) -> None:
    world.hears(registered("changed", state="waiting", meeting=meeting(sequence=1)))
    [mail] = world.sends()
    assert not any(part.get_content_type() == "text/calendar" for part in mail.walk())
    text = mail.get_body(("plain",))
    assert text is not None
    assert "liste d’attente" in text.get_content()
    assert "fichier joint" not in text.get_content()


@pytest.mark.parametrize(("what", "state"), [("withdrawn", "withdrawn"), ("cancelled", "cancelled")])
def test_what_is_given_back_or_cancelled_leaves_the_calendar(world: World, what: str, state: str) -> None:
    world.hears(registered("registered"))
    world.sends()
    world.hears(registered(what, 2, state=state, reason="Souffrante", meeting=meeting(sequence=1)))
    [mail] = world.sends()
    method, entry = calendar_of(mail)
    assert (method, entry["STATUS"], entry["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)


def test_a_reminder_leaves_two_days_before(world: World) -> None:
    world.hears(registered("registered"))
    world.sends()
    world.passes(days=25)
    assert world.sends() == []
    world.passes(days=1)
    [mail] = world.sends()
    assert "bientôt" in str(mail["Subject"])


def test_a_reminder_follows_the_workshop_to_its_new_day(world: World) -> None:
    world.hears(registered("registered"))
    world.sends()
    later = meeting(sequence=1, starts_at="2026-04-23T07:00:00+00:00", ends_at="2026-04-23T10:00:00+00:00")
    world.hears(registered("changed", 2, meeting=later))
    world.sends()
    world.passes(days=30)
    assert world.sends() == []
    world.passes(days=10)
    assert len(world.sends()) == 1


def test_nobody_is_reminded_of_what_they_gave_back(world: World) -> None:
    world.hears(registered("registered"), registered("withdrawn", 2, state="withdrawn"))
    world.sends()
    world.passes(days=26)
    assert world.sends() == []


def test_before_a_monday_the_reminder_leaves_on_friday(world: World) -> None:
    monday = meeting(starts_at="2026-03-30T07:00:00+00:00", ends_at="2026-03-30T10:00:00+00:00")
    world.hears(registered("registered", meeting=monday))
    world.sends()
    reminder = world.the("workshop-reminder")
    assert reminder.due_at.isoformat() == "2026-03-27T07:30:00+00:00"


def test_whoever_registers_the_day_before_gets_the_invitation_and_no_reminder(world: World) -> None:
    tomorrow = meeting(starts_at="2026-03-13T08:00:00+00:00", ends_at="2026-03-13T10:00:00+00:00")
    world.hears(registered("registered", meeting=tomorrow))
    assert len(world.sends()) == 1
    world.passes(hours=15)
    assert world.sends() == []


@pytest.mark.parametrize(
    ("what", "changes", "method"),
    [
        ("booked", {}, "REQUEST"),
        ("moved", {}, "REQUEST"),
        ("cancelled", {"state": "cancelled", "reason": "Conseil municipal"}, "CANCEL"),
    ],
)
def test_buyer_and_adviser_both_hear_of_their_appointment_with_a_calendar_file(
    world: World, what: str, changes: dict[str, Any], method: str
) -> None:
    world.hears(booked(what, **changes))
    mails = world.sends()
    assert {str(mail["To"]) for mail in mails} == {
        "Claire Martin <claire@mauguio.example>",
        "Julien Valmary <julien@cci.example>",
    }
    assert {calendar_of(mail)[0] for mail in mails} == {method}


def test_the_buyer_is_told_that_there_is_a_report(world: World) -> None:
    world.hears(booked("reported", state="held"))
    [mail] = world.sends()
    assert str(mail["To"]) == "Claire Martin <claire@mauguio.example>"
