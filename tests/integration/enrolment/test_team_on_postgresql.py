"""What the team sees of thirty buyers and three hundred suppliers, on PostgreSQL."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from services.chassis.listing import ListQuery
from services.enrolment.domain.person import Role
from services.enrolment.handlers import decisions
from services.enrolment.handlers.assignments import assign_adviser
from services.enrolment.storage import cockpit, queries, supplier_list, views
from services.enrolment.storage.accompanied import Accompanied, followed_buyers
from services.enrolment.storage.supplier_list import SupplierFilter
from tests.integration.enrolment.at_once import postgres_world
from tests.support.postgres import Postgres
from tests.unit.enrolment.world import World

BUYERS, SUPPLIERS_OF_EACH = 30, 10
WHOLE = Accompanied(("cesar",))


@pytest.fixture(scope="module")
def world(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with postgres_world(postgres, tmp_path_factory.mktemp("team")) as world:
        world.cohort("2028", capacity=BUYERS)
        nadia = world.person("nadia@cci.example", Role.ADVISER, name="Nadia")
        for number in range(BUYERS):
            application = world.accept(world.apply(f"Ville {number:02}", cohort_label="2028"))
            world.do(decisions.enrol, application.id)
            if number < 3:
                world.do(assign_adviser, "cesar", application.organisation_id, nadia.id, None)
            for each in range(SUPPLIERS_OF_EACH):
                world.invite(
                    application.organisation_id,
                    organisation_name=f"Fournisseur {number}-{each}",
                    contact_email=f"f{number}-{each}@fournisseur.example",
                )
        world.invite(None, organisation_name="De la chambre", contact_email="c@fournisseur.example")
        yield world


def of_nadia(world: World) -> Accompanied:
    with world.runtime.read() as session:
        nadia = queries.person_by_email(session, "nadia@cci.example")
        assert nadia
        return Accompanied(followed=followed_buyers(session, nadia.id, ["cesar"]))


def test_the_cockpit_shows_all_to_a_manager_and_theirs_to_an_adviser_within_a_blink(world: World) -> None:
    with world.runtime.read() as session:
        cohort = queries.cohort_by_label(session, "cesar", "2028")
        cockpit.buyers_of(session, cohort, WHOLE)
        started = time.perf_counter()
        found = cockpit.buyers_of(session, cohort, WHOLE)
        took = time.perf_counter() - started
        theirs = cockpit.buyers_of(session, cohort, of_nadia(world))
    assert [each.suppliers for each in found] == [SUPPLIERS_OF_EACH] * BUYERS
    assert [each.name for each in theirs] == ["Ville 00", "Ville 01", "Ville 02"]
    print(f"The cockpit of {BUYERS} buyers took {took * 1000:.0f} ms.")
    assert took < 1


def test_an_adviser_is_listed_the_suppliers_of_their_buyers_and_of_nobody(world: World) -> None:
    chosen = SupplierFilter(of_nadia(world))
    with world.runtime.read() as session:
        rows, total = supplier_list.page(session, chosen, ListQuery(sort="name", per_page=200))
        counted = views.count_suppliers(session, "cesar", chosen.accompanied)
    assert total == len(rows) == sum(counted.values()) == 3 * SUPPLIERS_OF_EACH + 1
    assert {name for row in rows for name in [inviter.organisation_name for inviter in row.invited_by]} == {
        "Ville 00",
        "Ville 01",
        "Ville 02",
        "CCI Hérault",
    }
