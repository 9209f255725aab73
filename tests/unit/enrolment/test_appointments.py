"""Appointments: who follows whom, times published, booked, moved and cancelled, and what is private."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from services.chassis.model import Conflict, DomainError, Forbidden, NotFound
from services.enrolment.domain.appointment import Appointment, AppointmentState
from services.enrolment.domain.local_time import PARIS
from services.enrolment.handlers import appointments, assignments
from services.enrolment.storage import appointments as queries
from tests.unit.enrolment.meeting_world import JULIEN, NADIA, MeetingWorld
from tests.unit.enrolment.world import World


@pytest.fixture
def meetings(world: World) -> MeetingWorld:
    return MeetingWorld(world)


def test_a_manager_says_which_adviser_follows_which_buyer_and_it_is_told_once(
    world: World, meetings: MeetingWorld
) -> None:
    mauguio, julien = meetings.buyer(), meetings.adviser()
    for _ in range(2):
        meetings.follow(julien, mauguio)
    [event] = world.told("adviser_assignment.changed")
    assert (event["organisation_id"], event["adviser_id"]) == (str(mauguio), str(julien.id))
    world.do(assignments.assign_adviser, "cesar", mauguio, None, None)
    assert world.told("adviser_assignment.changed")[-1]["adviser_id"] is None


def test_only_advisers_follow_and_only_buyers_are_followed(world: World, meetings: MeetingWorld) -> None:
    mauguio, julien = meetings.buyer(), meetings.adviser()
    with pytest.raises(DomainError, match="not an adviser"):
        world.do(assignments.assign_adviser, "cesar", mauguio, uuid4(), None)
    with pytest.raises(Forbidden):
        world.do(assignments.assign_adviser, "cesar", uuid4(), julien.id, None)
    world.programme("other")
    with pytest.raises(Forbidden):
        world.do(assignments.assign_adviser, "other", mauguio, julien.id, None)


def test_a_weekly_series_keeps_its_hour_when_the_clocks_change(world: World, meetings: MeetingWorld) -> None:
    world.clock.move(days=110)
    slots = meetings.slots(meetings.adviser(), days=5, weeks=4)
    hours = {slot.starts_at.astimezone(PARIS).strftime("%a %H:%M") for slot in slots}
    assert len(slots) == 4
    assert len(hours) == 1
    assert len({slot.starts_at.hour for slot in slots}) == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ends_at": timedelta(0)}, "ends"),
        ({"starts_at": timedelta(days=-9)}, "day"),
        ({"place": None}, "place"),
        ({"weeks": 53}, "weeks"),
    ],
)
def test_times_that_make_no_sense_are_refused_at_the_field(
    world: World, meetings: MeetingWorld, changes: dict[str, object], field: str
) -> None:
    start = meetings.in_days(5)
    details = {
        "programme": "cesar",
        "adviser_id": meetings.adviser().id,
        "starts_at": start,
        "ends_at": start + timedelta(hours=1),
        "place": "CCI",
        "video_url": None,
        **{name: start + shift if isinstance(shift, timedelta) else shift for name, shift in changes.items()},
    }
    with pytest.raises(DomainError) as refusal:
        world.do(appointments.publish_slots, appointments.PublishSlots(**details))
    assert refusal.value.field == field


def test_an_adviser_cannot_publish_overlapping_times_but_two_advisers_can(meetings: MeetingWorld) -> None:
    julien, nadia = meetings.adviser(), meetings.adviser(NADIA, "Nadia")
    meetings.slot(julien)
    meetings.slot(nadia)
    with pytest.raises(Conflict, match="overlaps"):
        meetings.slot(julien, days=5 + 0.5 / 24)


def test_a_buyer_books_a_time_of_the_adviser_who_follows_it_and_of_no_other(
    world: World, meetings: MeetingWorld
) -> None:
    mauguio, julien, nadia = meetings.buyer(), meetings.adviser(), meetings.adviser(NADIA, "Nadia")
    meetings.follow(julien, mauguio)
    foreign = meetings.slot(nadia)
    with pytest.raises(Forbidden):
        meetings.book(foreign, mauguio)
    appointment = meetings.book(meetings.slot(julien), mauguio)
    [event] = world.told("appointment.booked")
    assert event["state"] == "scheduled"
    assert (event["adviser"]["email"], event["meeting"]["id"]) == (JULIEN, str(appointment.id))


def test_a_time_is_booked_once(world: World, meetings: MeetingWorld) -> None:
    mauguio, suez, julien = meetings.buyer(), meetings.buyer("Suez"), meetings.adviser()
    meetings.follow(julien, mauguio)
    meetings.follow(julien, suez)
    slot = meetings.slot(julien)
    meetings.book(slot, mauguio)
    with pytest.raises(Conflict, match="just booked"):
        meetings.book(slot, suez, "jean@suez.example")
    with pytest.raises(Conflict, match="booked: cancel"):
        world.do(appointments.withdraw_slot, slot.id, julien.id)


def test_an_appointment_is_moved_and_its_old_time_is_free_again(world: World, meetings: MeetingWorld) -> None:
    mauguio, julien = meetings.buyer(), meetings.adviser()
    meetings.follow(julien, mauguio)
    first, second = meetings.slots(julien, weeks=2)
    appointment = meetings.book(first, mauguio)
    world.do(appointments.move, appointment.id, second.id)
    moved = world.read(Appointment, appointment.id)
    assert (moved.starts_at, moved.slot_id, moved.calendar_sequence) == (second.starts_at, second.id, 1)
    assert world.told("appointment.moved")[0]["meeting"]["sequence"] == 1
    with world.runtime.read() as session:
        [free] = queries.free_slots(session, "cesar", julien.id, world.clock())
    assert free.id == first.id


def test_a_cancelled_appointment_has_a_reason_and_frees_its_time(
    world: World, meetings: MeetingWorld
) -> None:
    mauguio, julien = meetings.buyer(), meetings.adviser()
    meetings.follow(julien, mauguio)
    slot = meetings.slot(julien)
    appointment = meetings.book(slot, mauguio)
    with pytest.raises(DomainError) as refusal:
        world.do(appointments.cancel, appointment.id, "")
    assert refusal.value.field == "reason"
    world.do(appointments.cancel, appointment.id, "Conseil municipal")
    assert world.read(Appointment, appointment.id).state is AppointmentState.CANCELLED
    meetings.book(slot, mauguio)
    with pytest.raises(Conflict):
        world.do(appointments.cancel, appointment.id, "encore")


def test_what_has_begun_is_neither_moved_nor_cancelled_but_held(world: World, meetings: MeetingWorld) -> None:
    mauguio, julien = meetings.buyer(), meetings.adviser()
    meetings.follow(julien, mauguio)
    first, second = meetings.slots(julien, weeks=2)
    appointment = meetings.book(first, mauguio)
    with pytest.raises(Conflict):
        world.do(appointments.hold, appointment.id)
    world.clock.move(days=5, minutes=1)
    with pytest.raises(Conflict):
        world.do(appointments.move, appointment.id, second.id)
    world.do(appointments.hold, appointment.id)
    assert world.told("appointment.held")[0]["state"] == "held"


def test_a_buyer_cannot_be_at_two_appointments_at_once(world: World, meetings: MeetingWorld) -> None:
    mauguio, julien, nadia = meetings.buyer(), meetings.adviser(), meetings.adviser(NADIA, "Nadia")
    meetings.follow(julien, mauguio)
    meetings.book(meetings.slot(julien), mauguio)
    meetings.follow(nadia, mauguio)
    with pytest.raises(Conflict, match="another appointment"):
        meetings.book(meetings.slot(nadia), mauguio)


def test_a_note_is_the_advisers_alone_and_the_report_is_for_both(
    world: World, meetings: MeetingWorld
) -> None:
    mauguio, julien, nadia = meetings.buyer(), meetings.adviser(), meetings.adviser(NADIA, "Nadia")
    meetings.follow(julien, mauguio)
    appointment = meetings.book(meetings.slot(julien), mauguio)
    world.do(appointments.write_note, appointment.id, julien.id, "Secret: la direction hésite.")
    with pytest.raises(NotFound):
        world.do(appointments.write_note, appointment.id, nadia.id, "Je regarde.")
    world.do(appointments.write_report, appointment.id, "Deux critères retenus.")
    with world.runtime.read() as session:
        assert queries.note_of(session, appointment.id, julien.id) == "Secret: la direction hésite."
        assert queries.note_of(session, appointment.id, nadia.id) == ""
    assert world.told("appointment.reported")[0]["reported"] is True
    everything = [event for kind in ("booked", "reported") for event in world.told(f"appointment.{kind}")]
    assert not any("hésite" in str(event) or "critères retenus" in str(event) for event in everything)
