"""Somebody's address changes: who is told where, and what was planned for the former one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.chassis.events import Event
from services.notifications.domain.message import State
from services.notifications.domain.preferences import Choice, Preferences, preferences_id
from tests.unit.notifications import samples
from tests.unit.notifications.examples import SATURDAY, THURSDAY
from tests.unit.notifications.service_examples import (
    TEAM,
    World,
    addresses,
    application,
    new_world,
    person,
    sign_in,
    told,
)

HELENE = "Hélène Çelik"
CONTACT = {**samples.HELENE, "person_id": "0190c1a0-0000-7000-8000-000000008101"}
FORMER, NEW = "helene@lunel.example", "helene.c@lunel.example"


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = new_world(tmp_path)
    world.hears(*TEAM, helene())
    return world


def helene(email: str = FORMER, sequence: int = 1) -> Event:
    found = person(HELENE, sequence=sequence)
    identity = {"id": CONTACT["person_id"], "email": email}
    return told(found.type, {**found.data, **identity}, sequence)


def of_helene(what: str, sequence: int = 1, **known: Any) -> Event:
    """What happens to her application."""
    return application(what, sequence, contact=CONTACT, **known)


def planned(world: World, workflow: str) -> list[str]:
    return [message.address for message in world.messages(workflow) if message.state is State.PLANNED]


def changes(what: str, sequence: int = 1, **known: Any) -> Event:
    return told(f"enrolment.address_change.{what}", samples.address_change(**known), sequence, THURSDAY)


def test_what_is_planned_goes_to_the_new_address(world: World) -> None:
    world.now = SATURDAY
    world.hears(of_helene("accepted", at=SATURDAY))
    assert planned(world, "application-accepted") == [FORMER]
    world.hears(helene(NEW, 2))
    assert planned(world, "application-accepted") == [NEW]


def test_what_happened_before_and_is_heard_of_later_goes_there_too(world: World) -> None:
    world.hears(helene(NEW, 2), of_helene("accepted"))
    assert planned(world, "application-accepted") == [NEW]


def test_nobody_is_written_to_twice_because_the_address_is_another(world: World) -> None:
    world.hears(of_helene("accepted"))
    world.sends()
    assert addresses(world.post.taken) == [FORMER]
    world.hears(helene(NEW, 2), of_helene("enrolled", 2))
    world.sends()
    assert addresses(world.post.taken) == [FORMER]


def test_a_sign_in_link_goes_to_the_address_that_asked_for_it(world: World) -> None:
    asked = sign_in()
    elsewhere = {**asked.data, "email": NEW, "person_id": helene().data["id"]}
    world.hears(replace(asked, data=elsewhere))
    assert planned(world, "sign-in-link") == [NEW]


def test_what_somebody_chose_to_receive_goes_with_them(world: World) -> None:
    with world.runtime.unit_of_work() as work:
        chosen = Preferences.of(FORMER)
        chosen.choose("digest")
        work.session.add(chosen)
    world.hears(helene(NEW, 2))
    with world.runtime.read() as session:
        assert session.get_one(Preferences, preferences_id(NEW)).choice is Choice.DIGEST


def test_both_addresses_are_told_and_each_gets_its_own_link(world: World) -> None:
    world.hears(changes("requested"))
    assert planned(world, "address-to-confirm") == [NEW]
    assert planned(world, "address-change-asked") == [FORMER]
    assert planned(world, "address-is-taken") == []
    world.hears(changes("confirmed", 2, state="confirmed", url=None))
    assert planned(world, "address-changed") == [FORMER]


def test_an_address_with_an_account_is_told_and_not_asked_to_confirm(world: World) -> None:
    world.hears(changes("requested", is_taken=True, url=None))
    assert planned(world, "address-is-taken") == [NEW]
    assert planned(world, "address-to-confirm") == []
    assert planned(world, "address-change-asked") == [FORMER]


def test_they_leave_at_any_hour(world: World) -> None:
    world.now = SATURDAY + timedelta(hours=12)
    world.hears(replace(changes("requested"), time=world.now))
    world.sends()
    assert addresses(world.post.taken) == sorted([FORMER, NEW])


def test_nothing_is_to_be_confirmed_once_it_was_taken_back(world: World) -> None:
    world.hears(changes("requested"), changes("cancelled", 2, state="cancelled", url=None))
    assert planned(world, "address-to-confirm") == []
    assert planned(world, "address-change-asked") == [FORMER]


def test_the_contact_of_a_buyer_is_told_that_it_has_left_and_that_it_was_a_mistake(world: World) -> None:
    world.hears(of_helene("left", left_on="2026-03-10"))
    assert planned(world, "application-left") == [FORMER]
    world.hears(of_helene("resumed", 2))
    assert planned(world, "application-left") == []
    assert planned(world, "application-resumed") == [FORMER]
