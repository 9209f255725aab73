"""One's own sign-ins, organisations, copies and calendar over the API, and what a token must not do."""

from __future__ import annotations

from services.enrolment.domain.person import Role
from services.enrolment.handlers.personal_data import exports
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.meeting_world import CLAIRE, MeetingWorld
from tests.unit.enrolment.test_own_data import HOLDERS, answer_for, hear_own_events
from tests.unit.enrolment.test_sign_ins import bearer, token_of
from tests.unit.enrolment.world import HELENE, World


def test_the_other_sign_ins_end_and_tokens_stay(visit: Visit) -> None:
    elsewhere, here = visit(HELENE), visit(HELENE)
    token = bearer(token_of(here))
    assert here.get("/api/account/sign-ins?kind=browser").get_json()["total"] == 2
    assert here.delete("/api/account/sign-ins").status_code == 204
    assert elsewhere.get("/api/account/sign-ins").status_code == 401
    kinds = [each["kind"] for each in here.get("/api/account/sign-ins").get_json()["items"]]
    assert sorted(kinds) == ["browser", "program"]
    [known] = here.get("/api/account/sign-ins?kind=program").get_json()["items"]
    assert known["grants"] == [{"role": "manager", "programme": "cesar", "organisation_id": None}]
    assert visit().get("/api/account/sign-ins", headers=token).status_code == 200


def test_one_sign_in_ends_alone(visit: Visit) -> None:
    elsewhere, own = visit(HELENE), "/api/account/sign-ins"
    [known] = elsewhere.get(own).get_json()["items"]
    here = visit(HELENE)
    assert here.get(own).get_json()["total"] == 2
    assert here.delete(f"{own}/{known['id']}").status_code == 204
    assert elsewhere.get(own).status_code == 401
    assert here.get(own).get_json()["total"] == 1


def test_another_address_that_is_not_confirmed_is_given_up(visit: Visit) -> None:
    api, profile = visit(HELENE), "/api/account/profile"
    assert api.post(f"{profile}/address", json={"email": "helene@ailleurs.example"}).status_code == 202
    assert api.get(profile).get_json()["new_address"]["email"] == "helene@ailleurs.example"
    assert api.delete(f"{profile}/address").status_code == 204
    assert api.get(profile).get_json()["new_address"] is None


def test_what_a_person_does_alone_no_token_does(world: World, visit: Visit) -> None:
    helene = world.person(HELENE, Role.MANAGER)
    request = world.do(exports.request_export, helene.id, helene.id)
    token, program = bearer(token_of(visit(HELENE))), visit()
    for method, path in (
        ("DELETE", "/api/account/openid"),
        ("PUT", "/api/agenda/address"),
        ("POST", "/agenda/address"),
        ("GET", f"/api/account/data/copy/{request.id}"),
    ):
        assert program.open(path, method=method, headers=token).status_code == 403, path
    chosen = {"organisation_id": str(request.id)}
    assert program.put("/api/account/organisations/chosen", json=chosen, headers=token).status_code == 403


def test_somebody_of_two_organisations_chooses_and_a_token_keeps_its_own(world: World, visit: Visit) -> None:
    first, second = world.buyer(), world.buyer("Régie de Mauguio")
    api = visit(CLAIRE)
    own = "/api/account/organisations"
    mine = {each["id"]: each["acts_for"] for each in api.get(own).get_json()["items"]}
    assert mine.keys() == {str(first), str(second)}
    [now] = [identifier for identifier, acts_for in mine.items() if acts_for]
    other = next(identifier for identifier in mine if identifier != now)
    people = "/api/organisations/{}/people"
    assert api.get(people.format(other)).status_code == 404
    token = bearer(token_of(api, roles=[f"buyer.cesar.{now}"]))
    assert api.put(f"{own}/chosen", json={"organisation_id": other}).status_code == 204
    assert api.get(people.format(other)).status_code == 200
    assert visit().get(people.format(now), headers=token).status_code == 200
    assert visit().get(people.format(other), headers=token).status_code == 404
    stranger = {"organisation_id": "00000000-0000-4000-8000-000000000000"}
    assert api.put(f"{own}/chosen", json=stranger).status_code == 422


def test_copies_are_listed_and_fetched_when_complete(world: World, visit: Visit) -> None:
    helene = world.person(HELENE, Role.MANAGER)
    api = visit(HELENE)
    own = "/api/account/data/copy"
    request = world.do(exports.request_export, helene.id, helene.id)
    [waiting] = api.get(own).get_json()["items"]
    assert (waiting["id"], waiting["ready_at"]) == (str(request.id), None)
    assert api.get(f"{own}/{request.id}").status_code == 409
    answer_for(world, request, *HOLDERS[1:])
    hear_own_events(world)
    hear_own_events(world)
    assert api.get(own).get_json()["items"][0]["ready_at"]
    assert api.get(f"{own}/{request.id}").data.startswith(b"PK")
    world.person("luc@cci.example", Role.MANAGER)
    assert visit("luc@cci.example").get(f"{own}/{request.id}").status_code == 404


def test_the_latest_wish_to_be_erased_is_told(visit: Visit) -> None:
    api = visit(HELENE)
    assert api.get("/api/account/data/erasure").status_code == 404
    api.post("/api/account/data/erasure")
    assert api.get("/api/account/data/erasure").get_json()["state"] == "asked"


def test_the_agenda_of_a_month_and_its_address(world: World, visit: Visit) -> None:
    meetings = MeetingWorld(world)
    mauguio, julien = meetings.buyer(), meetings.adviser()
    meetings.follow(julien, mauguio)
    meetings.workshop()
    meetings.book(meetings.slot(julien, days=9), mauguio)
    api = visit(CLAIRE)
    entries = api.get("/api/agenda?month=2026-12").get_json()["items"]
    assert [(each["kind"], each["title"]) for each in entries] == [
        ("appointment", "Ville de Mauguio"),
        ("workshop", "Cartographier ses achats"),
    ]
    assert api.get("/api/agenda?month=2026-11").get_json()["total"] == 0
    assert api.get("/api/agenda?month=demain").status_code == 422
    feed = "/api/agenda/address"
    assert api.get(feed).status_code == 404
    first, second = (api.put(feed).get_json()["address"].removeprefix("http://localhost:8000") for _ in "12")
    assert visit().get(first).status_code == 404, "there is one address at a time"
    assert visit().get(second).status_code == 200
    assert api.get(feed).get_json()["made_at"]
    assert api.delete(feed).status_code == 204
    assert visit().get(second).status_code == 404
