"""On PostgreSQL, many people at the same instant: places hold, a time is booked once, a closed list stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import pytest
from sqlalchemy import func, select

from services.chassis.model import Conflict
from services.enrolment.domain.appointment import Appointment
from services.enrolment.domain.person import Role
from services.enrolment.domain.workshop import Workshop
from services.enrolment.domain.workshop_registration import Registration, RegistrationState
from services.enrolment.handlers import appointments, workshop_registrations, workshops
from services.enrolment.storage.tables import appointments as appointment_table
from services.enrolment.storage.tables import workshop_registrations as registration_table
from tests.integration.enrolment.at_once import at_once, postgres_world
from tests.support.postgres import Postgres
from tests.unit.enrolment.meeting_world import MeetingWorld
from tests.unit.enrolment.world import World

Result = TypeVar("Result")


@pytest.fixture
def world(postgres: Postgres, tmp_path: Path) -> Iterator[World]:
    with postgres_world(postgres, tmp_path) as world:
        yield world


def registered(meetings: MeetingWorld, workshop: Workshop, buyer: UUID, number: int) -> Registration:
    return meetings.register(workshop, buyer, f"p{number}@mauguio.example", f"P {number}")


def count(world: World, state: RegistrationState) -> int:
    with world.runtime.read() as session:
        query = select(func.count()).where(registration_table.c.state == state)
        return session.scalar(query) or 0


def test_sixteen_who_register_at_the_same_instant_share_five_places(world: World) -> None:
    meetings = MeetingWorld(world)
    mauguio, workshop = meetings.buyer(), meetings.workshop(capacity=5)

    def register(number: int) -> Callable[[], object]:
        return lambda: registered(meetings, workshop, mauguio, number)

    outcomes = at_once([register(number) for number in range(16)])
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert count(world, RegistrationState.REGISTERED) == 5
    assert count(world, RegistrationState.WAITING) == 11


def test_places_that_are_given_back_at_the_same_instant_are_filled_and_no_more(world: World) -> None:
    meetings = MeetingWorld(world)
    mauguio, workshop = meetings.buyer(), meetings.workshop(capacity=6)
    registrations = [
        meetings.register(workshop, mauguio, f"p{number}@mauguio.example", f"P {number}")
        for number in range(9)
    ]

    def give_back(number: int) -> Callable[[], object]:
        return lambda: world.do(workshop_registrations.unregister, registrations[number].id)

    at_once([give_back(number) for number in range(4)])
    assert count(world, RegistrationState.REGISTERED) == 5
    assert count(world, RegistrationState.WAITING) == 0


def test_one_time_that_eight_buyers_book_at_the_same_instant_is_booked_once(world: World) -> None:
    meetings = MeetingWorld(world)
    julien = meetings.adviser()
    buyers = [meetings.buyer(f"Acheteur {number}") for number in range(8)]
    for buyer in buyers:
        meetings.follow(julien, buyer)
    slot = meetings.slot(julien)
    people = [world.person(f"b{number}@acheteur.example", Role.BUYER) for number in range(8)]

    def book(number: int) -> Callable[[], Appointment]:
        command = appointments.Book(
            slot_id=slot.id, organisation_id=buyers[number], person_id=people[number].id, subject="Clauses"
        )
        return lambda: world.do(appointments.book, command)

    outcomes = at_once([book(number) for number in range(8)])
    assert sum(isinstance(outcome, Appointment) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 7
    with world.runtime.read() as session:
        query = select(func.count()).where(appointment_table.c.slot_id == slot.id)
        assert session.scalar(query) == 1


def test_the_same_weekly_times_published_twice_at_the_same_instant_are_there_once(world: World) -> None:
    meetings = MeetingWorld(world)
    julien = meetings.adviser()
    outcomes = at_once([lambda: meetings.slots(julien, weeks=4) for _ in range(4)])
    assert sum(isinstance(outcome, list) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 3


def test_whoever_ticks_while_the_workshop_is_closed_is_on_the_sheet_or_refused(world: World) -> None:
    meetings = MeetingWorld(world)
    mauguio, workshop = meetings.buyer(), meetings.workshop()
    registrations = [
        meetings.register(workshop, mauguio, f"p{number}@mauguio.example", f"P {number}")
        for number in range(6)
    ]
    world.clock.move(days=10, hours=3)

    def mark() -> object:
        present = {registration.id for registration in registrations}
        return world.do(workshop_registrations.mark_attendance, workshop.id, present)

    def close() -> object:
        return world.do(workshops.hold_workshop, workshop.id, None)

    at_once([mark, close, mark, close])
    [held] = world.told("workshop.held")
    with world.runtime.read() as session:
        query = select(func.count()).where(registration_table.c.present_at.is_not(None))
        assert session.scalar(query) == held["present"]
