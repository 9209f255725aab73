"""The people of an organisation, as programs let them in and out."""

from uuid import UUID

from flask.testing import FlaskClient

from services.enrolment.domain.person import Person, PersonGrant, Role
from services.enrolment.storage import queries
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.test_sign_ins import bearer, token_of
from tests.unit.enrolment.world import HELENE, World

CLAIRE = "claire@mauguio.example"
PAUL = {"name": "Paul", "email": "paul@mauguio.example", "role": "buyer", "programme": "cesar"}


def people(organisation: UUID) -> str:
    return f"/api/organisations/{organisation}/people"


def names(program: FlaskClient, organisation: UUID) -> list[str]:
    return [each["name"] for each in program.get(people(organisation)).get_json()["items"]]


def let_paul_in(world: World, visit: Visit, organisation: UUID) -> Person:
    assert visit(CLAIRE).post(f"{people(organisation)}/invitations", json=PAUL).status_code == 201
    visit().post(world.told("role_invitation.sent")[-1]["url"], data={"name": "Paul"})
    with world.runtime.read() as session:
        paul = queries.person_by_email(session, PAUL["email"])
    assert paul is not None
    return paul


def test_a_colleague_is_invited_into_one_s_own_role_and_comes_in_by_the_mail(
    world: World, visit: Visit
) -> None:
    mine = world.buyer()
    paul = let_paul_in(world, visit, mine)
    assert paul.grants == [PersonGrant(Role.BUYER, "cesar", mine)]
    assert names(visit(CLAIRE), mine) == ["Claire Martin", "Paul"]


def test_only_roles_that_one_has_oneself_are_shared(world: World, visit: Visit) -> None:
    here = f"{people(world.buyer())}/invitations"
    claire = visit(CLAIRE)
    world.programme("autre")
    for change in ({"role": "manager"}, {"role": "supplier"}, {"programme": "autre"}):
        assert claire.post(here, json={**PAUL, **change}).status_code == 422, change
    assert world.told("role_invitation.sent") == []


def test_an_invitation_waits_without_showing_its_link_and_is_withdrawn_once(
    world: World, visit: Visit
) -> None:
    mine = world.buyer()
    claire, here = visit(CLAIRE), f"{people(mine)}/invitations"
    invited = claire.post(here, json=PAUL).get_json()
    assert (invited["organisation_name"], invited["url"]) == ("Ville de Mauguio", None)
    assert claire.get(here).get_json()["items"] == [invited]
    assert claire.post(here, json=PAUL).status_code == 409
    world.clock.move(minutes=11)
    assert claire.post(f"{here}/{invited['id']}/resend").status_code == 200
    assert len(world.told("role_invitation.sent")) == 2
    assert claire.post(f"{here}/{invited['id']}/withdraw").get_json()["state"] == "withdrawn"
    assert claire.post(f"{here}/{invited['id']}/withdraw").status_code == 409
    assert claire.get(here).get_json()["items"] == []


def test_another_organisation_s_people_and_invitations_are_out_of_reach(world: World, visit: Visit) -> None:
    mine, other = world.buyer(), world.buyer("Ville de Lunel")
    invited = visit(CLAIRE).post(f"{people(mine)}/invitations", json=PAUL).get_json()["id"]
    stranger = visit("claire@lunel.example")
    for address in (people(mine), f"{people(mine)}/invitations"):
        assert stranger.get(address).status_code == 404
        assert visit(HELENE).get(address).status_code == 403
    for organisation in (mine, other):
        way = f"{people(organisation)}/invitations/{invited}/withdraw"
        assert stranger.post(way).status_code == 404
    assert stranger.post(f"{people(mine)}/invitations", json=PAUL).status_code == 404
    paul = world.person("paul@cci.example", Role.MANAGER, name="Paul")
    assert stranger.delete(f"{people(other)}/{paul.id}").status_code == 404
    assert world.read(Person, paul.id).grants == [PersonGrant(Role.MANAGER, "cesar")]


def test_a_token_reaches_the_organisation_that_it_was_made_for_and_no_other(
    world: World, visit: Visit
) -> None:
    mine, other = world.buyer(), world.buyer("Ville de Lunel")
    program = visit()
    token = token_of(visit(CLAIRE), roles=[f"buyer.cesar.{mine}"])
    assert [
        each["name"] for each in program.get(people(mine), headers=bearer(token)).get_json()["items"]
    ] == ["Claire Martin"]
    assert program.get(people(other), headers=bearer(token)).status_code == 404


def test_somebody_leaves_and_is_signed_out_but_the_last_one_stays(world: World, visit: Visit) -> None:
    mine = world.buyer()
    paul = let_paul_in(world, visit, mine)
    claire, his = visit(CLAIRE), visit(PAUL["email"])
    assert his.delete(f"{people(mine)}/{paul.id}").status_code == 204
    assert world.read(Person, paul.id).grants == []
    assert his.get(people(mine)).status_code == 401
    assert names(claire, mine) == ["Claire Martin"]
    [last] = claire.get(people(mine)).get_json()["items"]
    assert claire.delete(f"{people(mine)}/{last['id']}").status_code == 409
