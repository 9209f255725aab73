"""On PostgreSQL, what happens at the same instant to one person's address, and to the place of one buyer."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from services.chassis.model import Conflict
from services.enrolment.domain.address_change import AddressChange
from services.enrolment.domain.application import Application
from services.enrolment.domain.person import Person, Role
from services.enrolment.handlers import decisions, leaving
from services.enrolment.handlers.profile import addresses
from services.enrolment.storage.address_changes import waiting_change
from tests.integration.enrolment.at_once import at_once, postgres_world
from tests.support.postgres import Postgres
from tests.support.services import PUBLIC_URL
from tests.unit.enrolment.test_address_changes import NEW, ask, confirm, objection_at
from tests.unit.enrolment.world import HELENE, World


@pytest.fixture
def world(postgres: Postgres, tmp_path: Path) -> Iterator[World]:
    with postgres_world(postgres, tmp_path) as world:
        yield world


@pytest.fixture
def manager(world: World) -> Person:
    return world.person(HELENE, Role.MANAGER)


def test_of_several_requests_one_waits_in_the_end(world: World, manager: Person) -> None:
    asks = [
        partial(
            world.do,
            addresses.ask_for_address,
            addresses.AskForAddress(person_id=manager.id, email=f"helene{number}@cci.example"),
            PUBLIC_URL,
            objection_at,
        )
        for number in range(4)
    ]
    assert all(isinstance(each, AddressChange) for each in at_once(asks))
    with world.runtime.read() as session:
        assert waiting_change(session, manager.id, world.clock()) is not None
    assert len(world.told("address_change.cancelled")) == 3


def test_a_double_click_on_the_link_confirms_once(world: World, manager: Person) -> None:
    ask(world, manager)
    results = at_once([partial(confirm, world, manager)] * 4)
    assert [each.email for each in results if isinstance(each, Person)] == [NEW] * 4
    assert len(world.told("address_change.confirmed")) == 1


def test_of_two_who_want_one_address_one_gets_it(world: World, manager: Person) -> None:
    other = world.person("ana@mairie.example", Role.JURY, name="Ana Ruiz")
    clicks = []
    for person in (manager, other):
        ask(world, person)
        token = str(world.told("address_change.requested")[-1]["url"]).rpartition("/")[2]
        clicks.append(partial(confirm, world, person, token))
    results = at_once(clicks)
    assert sum(isinstance(each, Person) for each in results) == 1
    assert sum(isinstance(each, Conflict) for each in results) == 1


def test_two_managers_note_one_departure_once(world: World, manager: Person) -> None:
    buyer = world.do(decisions.enrol, world.accept(world.apply()).id)
    command = leaving.NoteLeaving(
        application_id=buyer.id, left_on=world.today(), reason="Fusion", by=manager.id, today=world.today()
    )
    results = at_once([partial(world.do, leaving.note_leaving, command)] * 3)
    assert sum(isinstance(each, Application) for each in results) == 1
    assert sum(isinstance(each, Conflict) for each in results) == 2
