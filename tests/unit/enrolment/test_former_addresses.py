"""Addresses that somebody had: an erasure and a copy still find what was kept under them."""

import pytest
from sqlalchemy import select

from services.chassis.messages import outbox
from services.chassis.privacy.subject import address_digest
from services.enrolment.domain.person import Person, Role
from services.enrolment.handlers.personal_data import erasures, exports
from services.enrolment.handlers.personal_data.outliving import OUTLIVED
from services.enrolment.handlers.profile import addresses
from tests.support.services import PUBLIC_URL
from tests.unit.enrolment.test_address_changes import NEW, ask, confirm
from tests.unit.enrolment.test_own_data import hear_own_events
from tests.unit.enrolment.world import World

FORMER = "ana@mairie.example"


@pytest.fixture
def ana(world: World) -> Person:
    return world.person(FORMER, Role.JURY, name="Ana Ruiz")


def log_of(world: World) -> bytes:
    """All that enrolment has published."""
    with world.runtime.read() as session:
        return b"".join(session.scalars(select(outbox.c.body)))


def digests_told(world: World, ana: Person) -> list[str]:
    """By what the other services recognise her, when she asks for her copy."""
    world.do(exports.request_export, ana.id, ana.id)
    return list(world.told("person.export_requested")[-1]["address_digests"])


def test_a_former_address_is_recognised_beside_the_present_one(world: World, ana: Person) -> None:
    ask(world, ana)
    confirm(world, ana)
    assert digests_told(world, ana) == [address_digest(ana.id, NEW), address_digest(ana.id, FORMER)]


def test_what_is_kept_under_an_address_that_is_somebody_elses_today_is_theirs(
    world: World, ana: Person
) -> None:
    ask(world, ana)
    confirm(world, ana)
    world.person(FORMER, Role.FUNDER, name="Ana’s successor")
    assert digests_told(world, ana) == [address_digest(ana.id, NEW)]


def test_the_address_of_a_stranger_who_was_stopped_never_becomes_a_former_one(
    world: World, ana: Person
) -> None:
    change = ask(world, ana, "thief@elsewhere.example")
    confirm(world, ana)
    world.do(addresses.object_to_change, change.id)
    assert digests_told(world, ana) == [address_digest(ana.id, FORMER)]


def test_an_erasure_leaves_no_address_that_she_had_or_asked_for_in_the_log(world: World, ana: Person) -> None:
    ask(world, ana, "mistyped@elsewhere.example")
    ask(world, ana)
    confirm(world, ana)
    world.do(erasures.request_erasure, ana.id, ana.id, PUBLIC_URL)
    token = str(world.told("person.erasure_requested")[-1]["url"]).rpartition("/")[2]
    erasure = world.do(erasures.confirm_erasure, token)
    world.do(erasures.grant_erasure, erasure.id, ana.id)
    hear_own_events(world)
    for text in (FORMER, NEW, "mistyped@elsewhere.example", ana.name):
        assert text.encode() not in log_of(world), text


def test_addresses_that_were_asked_for_are_forgotten_after_their_period(world: World, ana: Person) -> None:
    ask(world, ana, "mistyped@elsewhere.example")
    world.clock.move(days=40)
    with world.work() as work:
        assert OUTLIVED["forget-address-changes"].end(work, world.clock()) == 1
    assert b"mistyped@elsewhere.example" not in log_of(world)
