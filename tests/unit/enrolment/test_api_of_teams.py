"""What managers, juries and funders ask of the API about people: roles, progress, presence."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from services.enrolment.domain.person import Person, Role
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.meeting_world import CLAIRE, JULIEN, MeetingWorld
from tests.unit.enrolment.test_api_of_applications import ANNE, BOB, COHORT, PROGRAMME
from tests.unit.enrolment.test_jury import ALL, jury, score
from tests.unit.enrolment.world import HELENE, World


def test_another_role_is_given_in_one_call(world: World, visit: Visit) -> None:
    julien = world.person(JULIEN, Role.ADVISER)
    address = f"{PROGRAMME}/people/{julien.id}/roles"
    change = {"role": "manager", "instead_of": "adviser"}
    assert visit(JULIEN).put(address, json=change).status_code == 403
    manager = visit(HELENE)
    assert manager.put(address, json={**change, "role": "buyer"}).status_code == 422
    assert manager.put(address, json=change).status_code == 204
    assert [grant.role for grant in world.read(Person, julien.id).grants] == [Role.MANAGER]
    assert manager.put(address, json=change).status_code == 404, "that role is not theirs any more"
    mine = f"{PROGRAMME}/people/{world.person(HELENE, Role.MANAGER).id}/roles"
    visit(JULIEN).put(mine, json={"role": "adviser", "instead_of": "manager"})
    last = {"role": "adviser", "instead_of": "manager"}
    assert visit(JULIEN).put(address, json=last).status_code == 409, "somebody has to manage"


def test_a_role_is_taken_away_and_its_sign_ins_end(world: World, visit: Visit) -> None:
    julien = world.person(JULIEN, Role.ADVISER)
    here, manager = f"{PROGRAMME}/people/{julien.id}", visit(HELENE)
    adviser = visit(JULIEN)
    assert adviser.get("/api/agenda").status_code == 200
    assert manager.delete(f"{here}/sign-ins").status_code == 204
    assert adviser.get("/api/agenda").status_code == 401
    assert manager.delete(f"{here}/roles?role=prince").status_code == 422
    assert manager.delete(f"{here}/roles?role=adviser").status_code == 204
    assert not world.read(Person, julien.id).grants
    assert manager.delete(f"{here}/roles?role=adviser").status_code == 404


def test_a_jury_knows_what_is_to_be_scored_and_its_manager_how_far_it_is(world: World, visit: Visit) -> None:
    anne, bob = jury(world, ANNE, BOB)
    first, second = world.apply(), world.apply("Ville de Lattes")
    score(world, first, anne, **ALL)
    visit(ANNE).post(f"/api/applications/{second.id}/conflict-of-interest")
    mine = visit(ANNE).get("/api/jury/applications").get_json()
    assert [
        (each["organisation_name"], each["is_complete"], each["has_conflict"]) for each in mine["items"]
    ] == [("Ville de Lattes", False, True), ("Ville de Mauguio", True, False)]
    members = visit(HELENE).get(f"{COHORT}/jury").get_json()["items"]
    assert {UUID(each["person_id"]): (each["complete"], each["conflicts"]) for each in members} == {
        anne: (1, 1),
        bob: (0, 0),
    }
    assert visit(ANNE).get(f"{COHORT}/jury").status_code == 403
    assert visit(HELENE).get("/api/jury/applications").status_code == 403


def test_applications_are_listed_by_their_state_a_page_at_a_time(world: World, visit: Visit) -> None:
    for name in ("Mauguio", "Lattes", "Lunel"):
        world.apply(f"Ville de {name}")
    api = visit(HELENE)
    listed = f"{COHORT}/applications?state=submitted&per_page=2"
    first, second = (api.get(f"{listed}&page={number}").get_json() for number in (1, 2))
    assert (first["total"], len(first["items"]), len(second["items"])) == (3, 2, 1)
    assert len({each["id"] for each in first["items"] + second["items"]}) == 3
    assert api.get(f"{COHORT}/applications?state=accepted").get_json()["total"] == 0
    assert api.get(f"{COHORT}/applications?per_page=201").status_code == 422


def test_a_room_checks_in_and_the_sheet_is_for_team_and_funder(world: World, visit: Visit) -> None:
    world.person("paul@ademe.example", Role.FUNDER)
    meetings = MeetingWorld(world)
    mauguio, workshop = meetings.buyer(), meetings.workshop()
    meetings.register(workshop, mauguio)
    here = f"/api/workshops/{workshop.id}/attendance"
    assert visit(HELENE).get(f"{here}/sheet").data.startswith(b"%PDF")
    assert visit("paul@ademe.example").get(f"{here}/sheet").status_code == 409, "there is none yet"
    assert visit(CLAIRE).get(f"{here}/code").status_code == 403
    world.clock.now = workshop.starts_at + timedelta(minutes=5)
    shown = visit(HELENE).get(f"{here}/code").get_json()
    assert (shown["registered"], shown["present"]) == (1, 0)
    assert visit(CLAIRE).post(f"{here}/check-in", json={"code": "nonsense"}).status_code == 410
    there = visit(CLAIRE).post(f"{here}/check-in", json={"code": shown["code"]})
    assert there.get_json()["presence"] == "code"
    assert visit(HELENE).get(f"{here}/code").get_json()["present"] == 1
    world.clock.move(hours=4)
    visit(HELENE).post(f"/api/workshops/{workshop.id}/close")
    assert visit("paul@ademe.example").get(f"{here}/sheet").data.startswith(b"%PDF")
    assert visit(CLAIRE).get(f"{here}/sheet").status_code == 403
