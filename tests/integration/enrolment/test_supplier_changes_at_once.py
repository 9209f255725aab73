"""On PostgreSQL, what several put right about one supplier at the same instant."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from services.chassis.model import Conflict, DomainError, Gone
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person, Role
from services.enrolment.domain.supplier import SupplierEnrolment
from services.enrolment.handlers import organisation_changes, supplier_changes, suppliers
from services.enrolment.handlers.organisation_changes import CorrectOrganisation
from services.enrolment.handlers.supplier_changes import CorrectContact
from tests.integration.enrolment.at_once import at_once, postgres_world
from tests.support.postgres import Postgres
from tests.support.services import PUBLIC_URL
from tests.unit.enrolment.world import HELENE, World


@pytest.fixture
def world(postgres: Postgres, tmp_path: Path) -> Iterator[World]:
    with postgres_world(postgres, tmp_path) as world:
        yield world


@pytest.fixture
def manager(world: World) -> Person:
    return world.person(HELENE, Role.MANAGER)


def test_many_clicks_send_one_invitation(world: World, manager: Person) -> None:
    supplier, _ = world.invite()
    world.clock.move(days=2)
    click = partial(world.do, supplier_changes.invite_again, supplier.id, manager.id, PUBLIC_URL)
    results = at_once([click] * 6)
    assert sum(isinstance(each, SupplierEnrolment) for each in results) == 1
    assert sum(isinstance(each, Conflict) for each in results) == 5
    assert len(world.told("supplier.invited")) == 2


def test_of_who_accepts_and_who_corrects_the_address_one_comes_first(world: World, manager: Person) -> None:
    supplier, secret = world.invite()
    command = CorrectContact(
        supplier_id=supplier.id, name="Marie Vidal", email="other@jardins.example", by=manager.id
    )

    def accept() -> Person | Exception:
        try:
            return world.do(suppliers.accept_invitation, secret, "Marie Vidal")
        except Gone as refusal:
            return refusal

    correct = partial(world.do, supplier_changes.correct_contact, command, PUBLIC_URL)
    accepted, corrected = at_once([accept, correct])
    assert isinstance(accepted, DomainError) != isinstance(corrected, DomainError)
    kept = world.read(SupplierEnrolment, supplier.id)
    assert (kept.state == "enrolled") == isinstance(accepted, Person)


def test_of_two_who_have_seen_the_same_the_later_is_told(world: World, manager: Person) -> None:
    supplier, _ = world.invite()
    seen = world.read(Organisation, supplier.organisation_id).version

    def correct(name: str) -> Organisation:
        command = CorrectOrganisation(
            organisation_id=supplier.organisation_id,
            name=name,
            commune="34172",
            size=None,
            siret=None,
            by=manager.id,
            seen_version=seen,
        )
        return world.do(organisation_changes.correct_by_team, command, ("cesar",))

    results = at_once([partial(correct, "Les Jardins du Lez"), partial(correct, "Jardin du Lez")])
    assert sorted(isinstance(each, Conflict) for each in results) == [False, True]
    assert len(world.told("organisation.updated")) == 1
