"""What the cockpit shows first, and who is not in it."""

from __future__ import annotations

from services.enrolment.handlers import decisions
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.test_cockpit import COCKPIT, found
from tests.unit.enrolment.world import HELENE, World


def test_what_waits_for_the_team_comes_before_nothing_to_do(world: World, visit: Visit) -> None:
    world.accept(world.apply("Suez"))
    page = visit(HELENE).get(COCKPIT).text
    assert "1 acheteur vous attend" in page
    assert "Rien à faire" not in page
    assert "Trouver son SIRET" in page


def test_whoever_waits_for_a_place_is_no_buyer_of_the_cohort(world: World, visit: Visit) -> None:
    world.accept(world.apply("Suez"))
    world.do(decisions.put_on_waiting_list, world.apply("Purple").id, None)
    rows = visit(HELENE).get(f"/api{COCKPIT}").get_json()["items"]
    assert [row["name"] for row in rows] == ["Suez"]


def test_the_longest_silent_come_first_whoever_s_turn_it_is(world: World, visit: Visit) -> None:
    world.apply("Suez")
    world.clock.move(days=30)
    world.accept(world.apply("Purple"))
    world.clock.move(days=25)
    rows = visit(HELENE).get(f"/api{COCKPIT}").get_json()["items"]
    assert [(row["name"], row["is_stuck"]) for row in rows] == [("Suez", False), ("Purple", False)]


def test_an_empty_cohort_says_what_to_do(visit: Visit) -> None:
    assert "Pas encore d’acheteur" in visit(HELENE).get(COCKPIT).text


def test_whoever_was_declined_or_withdrew_is_not_in_it(world: World) -> None:
    world.do(decisions.decline, world.apply("Suez").id, None, "Trop loin")
    world.apply("Purple")
    assert list(found(world)) == ["Purple"]
