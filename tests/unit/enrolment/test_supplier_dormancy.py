"""Suppliers of which nothing is heard fall dormant by the calendar, and wake when their people come."""

from datetime import timedelta
from uuid import uuid4

import pytest

from services.chassis import inbox
from services.chassis.events import Event, new_id
from services.chassis.inbox import Delivery
from services.chassis.privacy import retention
from services.enrolment.domain.person import Person
from services.enrolment.domain.supplier import SupplierEnrolment
from services.enrolment.handlers import supplier_changes, supplier_dormancy, suppliers
from services.enrolment.handlers.personal_data.accounts import note_account_use
from tests.unit.enrolment.world import World

RULE = "silent-suppliers"


@pytest.fixture
def enrolled(world: World) -> tuple[SupplierEnrolment, Person]:
    supplier, secret = world.invite()
    person = world.do(suppliers.accept_invitation, secret, "Marie Vidal")
    world.do(note_account_use, person.id, world.clock())
    return supplier, person


def state(world: World, supplier: SupplierEnrolment) -> str:
    return world.read(SupplierEnrolment, supplier.id).state


def run(world: World) -> int:
    world.clock.move(seconds=1)
    return retention.run(world.runtime)[RULE]


def come(world: World, person: Person) -> None:
    """One of its people uses a page of assessment."""
    event = Event(
        id=new_id(),
        source="assessment",
        type="assessment.session.used",
        version=1,
        subject=uuid4(),
        sequence=1,
        time=world.clock(),
        data={"id": str(uuid4()), "person_id": str(person.id), "used_at": world.clock().isoformat()},
        correlation_id=uuid4(),
        causation_id=None,
        traceparent=None,
    )
    inbox.handle(world.runtime, [Delivery(event.to_bytes())])


def test_a_year_without_a_sign_of_life_makes_dormant(
    world: World, enrolled: tuple[SupplierEnrolment, Person]
) -> None:
    supplier, _ = enrolled
    world.clock.move(days=364)
    assert run(world) == 0
    assert state(world, supplier) == "enrolled"
    world.clock.move(days=2)
    assert run(world) == 1
    assert world.told("supplier.fell_dormant")[-1]["state"] == "dormant"
    assert run(world) == 0, "it is told once"


def test_who_signs_in_wakes_the_supplier(world: World, enrolled: tuple[SupplierEnrolment, Person]) -> None:
    supplier, person = enrolled
    world.clock.move(days=366)
    run(world)
    world.clock.move(days=1)
    come(world, person)
    assert state(world, supplier) == "active"
    world.clock.move(days=300)
    assert run(world) == 0


def test_what_happened_before_and_is_heard_late_wakes_nobody(
    world: World, enrolled: tuple[SupplierEnrolment, Person]
) -> None:
    supplier, _ = enrolled
    world.clock.move(days=366)
    run(world)
    before = world.clock() - timedelta(days=370)
    world.do(supplier_dormancy.activate_supplier, "cesar", supplier.organisation_id, before)
    assert state(world, supplier) == "dormant"
    world.clock.move(days=1)
    world.do(supplier_dormancy.activate_supplier, "cesar", supplier.organisation_id, world.clock())
    assert state(world, supplier) == "active"


def test_a_colleague_keeps_it_awake(world: World, enrolled: tuple[SupplierEnrolment, Person]) -> None:
    supplier, person = enrolled
    colleague = world.do(
        suppliers.register_person,
        suppliers.RegisterPerson(name="Paul", email="paul@jardins.example", grant=person.grants[0]),
    )
    world.clock.move(days=200)
    world.do(note_account_use, colleague.id, world.clock())
    world.clock.move(days=200)
    assert run(world) == 0
    assert state(world, supplier) == "enrolled"


def test_who_waits_for_an_answer_or_has_left_does_not_fall_dormant(
    world: World, enrolled: tuple[SupplierEnrolment, Person]
) -> None:
    waiting, _ = world.invite(organisation_name="Autre", contact_email="autre@autre.example")
    world.do(supplier_changes.leave, enrolled[0].id)
    world.clock.move(days=800)
    assert run(world) == 0
    assert state(world, waiting) == "invited"
