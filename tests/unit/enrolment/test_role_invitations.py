"""Colleagues are invited into roles: by a manager into the team, by an organisation's people beside them."""

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from services.chassis.model import Conflict
from services.enrolment.domain.person import Person, PersonGrant, Role
from services.enrolment.domain.supplier import SupplierEnrolment
from services.enrolment.handlers import people, roles, suppliers
from services.enrolment.storage import queries
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.world import HELENE, World

PEOPLE = "/programmes/cesar/people"
ANNE = {"name": "Anne Roux", "email": "Anne@CCI.example", "role": "adviser"}
CLAIRE, MARIE = "claire@mauguio.example", "marie@jardins.example"


def person(world: World, email: str) -> Person | None:
    with world.runtime.read() as session:
        return queries.person_by_email(session, email)


def newest(world: World) -> dict[str, Any]:
    return world.told("role_invitation.sent")[-1]


def flashed(browser: FlaskClient, page: str) -> str:
    return browser.get(page).text


def supplier_with_people(world: World) -> UUID:
    """A supplier for whom Marie acts."""
    enrolment, secret = world.invite(world.buyer())
    assert secret is not None
    world.do(suppliers.accept_invitation, secret, "Marie Vidal")
    return enrolment.organisation_id


def test_a_manager_invites_and_the_link_lets_in_with_the_role(world: World, visit: Visit) -> None:
    assert visit(HELENE).post(f"{PEOPLE}/invite", data=ANNE).status_code == 303
    sent = newest(world)
    assert (sent["contact"]["email"], sent["role"]) == ("anne@cci.example", "adviser")
    assert person(world, "anne@cci.example") is None, "nothing before she comes"
    browser = visit()
    assert "Hélène C." in browser.get(sent["url"]).text
    assert browser.get(sent["url"]).status_code == 200, "looking does not use it up"
    assert browser.post(sent["url"], data={"name": "Anne R."}).status_code == 303
    assert "Anne R." in browser.get("/").text
    known = person(world, "anne@cci.example")
    assert known is not None and known.grants == [PersonGrant(Role.ADVISER, "cesar")]


def test_who_has_an_account_takes_a_role_only_by_accepting_it(world: World, visit: Visit) -> None:
    world.person("anne@cci.example", Role.FUNDER, name="Anne Roux")
    visit(HELENE).post(f"{PEOPLE}/invite", data=ANNE)
    link, role = newest(world)["url"], PersonGrant(Role.ADVISER, "cesar")
    known = person(world, "anne@cci.example")
    assert known is not None and role not in known.grants

    anne = visit("anne@cci.example")
    assert "Hélène C." in anne.get(link).text
    assert anne.post(link, data={"name": "Somebody"}).status_code == 303

    known = person(world, "anne@cci.example")
    assert known is not None and role in known.grants
    assert known.name == "Anne Roux"
    assert anne.get("/appointments").status_code == 200, "without signing in again"


@pytest.mark.parametrize("who", [None, HELENE])
def test_the_link_signs_nobody_in_as_somebody_who_has_an_account(
    world: World, visit: Visit, who: str | None
) -> None:
    world.person("anne@cci.example", Role.FUNDER, name="Anne Roux")
    visit(HELENE).post(f"{PEOPLE}/invite", data=ANNE)
    link = newest(world)["url"]
    browser = visit(who)

    answer = browser.post(link, data={"name": "Anne Roux"})

    assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/sign-in")
    known = person(world, "anne@cci.example")
    assert known is not None and known.grants == [PersonGrant(Role.FUNDER, "cesar")]
    assert "Anne Roux" not in browser.get("/").text


def test_a_used_an_expired_and_a_withdrawn_link_say_so(world: World, visit: Visit) -> None:
    manager = visit(HELENE)
    manager.post(f"{PEOPLE}/invite", data=ANNE)
    used = newest(world)["url"]
    visit().post(used, data={"name": "Anne"})
    manager.post(f"{PEOPLE}/invite", data={**ANNE, "email": "b@cci.example"})
    withdrawn = newest(world)
    manager.post(f"{PEOPLE}/invitations/{withdrawn['id']}/withdraw")
    manager.post(f"{PEOPLE}/invite", data={**ANNE, "email": "c@cci.example"})
    expired = newest(world)["url"]
    world.clock.move(days=15)
    for link, said in ((used, "déjà"), (withdrawn["url"], "retirée"), (expired, "expiré")):
        for answer in (visit().get(link), visit().post(link, data={"name": "X"})):
            assert answer.status_code == 410
            assert said in answer.text
    assert visit().get("/welcome/made-up").status_code == 404
    assert person(world, "b@cci.example") is None


def test_sending_again_makes_the_earlier_link_useless(world: World, visit: Visit) -> None:
    manager = visit(HELENE)
    manager.post(f"{PEOPLE}/invite", data=ANNE)
    first = newest(world)
    world.clock.move(minutes=11)
    assert manager.post(f"{PEOPLE}/invitations/{first['id']}/again").status_code == 303
    second = newest(world)
    assert second["id"] == first["id"] and second["url"] != first["url"]
    assert visit().get(first["url"]).status_code == 404
    assert visit().get(second["url"]).status_code == 200


def test_nobody_fills_a_mailbox_by_pressing_the_button(world: World, visit: Visit) -> None:
    manager = visit(HELENE)
    manager.post(f"{PEOPLE}/invite", data=ANNE)
    for _ in range(3):
        manager.post(f"{PEOPLE}/invitations/{newest(world)['id']}/again")
    assert len(world.told("role_invitation.sent")) == 1
    assert manager.post(f"{PEOPLE}/invite", data=ANNE).status_code == 422


@pytest.mark.parametrize("role", ["operator", "buyer", "supplier", "king", ""])
def test_a_manager_gives_roles_of_the_team_only(visit: Visit, role: str) -> None:
    assert visit(HELENE).post(f"{PEOPLE}/invite", data={**ANNE, "role": role}).status_code == 422


def test_a_manager_of_another_programme_sees_and_changes_nothing(world: World, visit: Visit) -> None:
    world.programme("lozere")
    world.person("chef@cci48.example", Role.MANAGER, "lozere")
    visit(HELENE).post(f"{PEOPLE}/invite", data=ANNE)
    invitation, helene = newest(world)["id"], person(world, HELENE)
    assert helene is not None
    stranger = visit("chef@cci48.example")
    for page in (PEOPLE, f"{PEOPLE}.csv", f"{PEOPLE}/{helene.id}", "/api" + PEOPLE):
        assert stranger.get(page).status_code == 403
    assert stranger.get(f"/programmes/lozere/people/{helene.id}").status_code == 404
    for way in (
        f"/programmes/lozere/people/{helene.id}/end-sign-ins",
        f"/programmes/lozere/people/invitations/{invitation}/withdraw",
    ):
        assert stranger.post(way).status_code == 404


def test_the_list_shows_who_has_which_role_and_goes_out_as_csv(world: World, visit: Visit) -> None:
    world.person("anne@cci.example", Role.ADVISER, name="Anne Roux")
    world.buyer()
    manager = visit(HELENE)
    assert "Ville de Mauguio" in manager.get(PEOPLE).text
    only = manager.get(f"{PEOPLE}?role=adviser&q=roux").text
    assert "Anne Roux" in only and CLAIRE not in only
    assert "Anne Roux,anne@cci.example" in manager.get(f"{PEOPLE}.csv?role=adviser").text
    listed = manager.get(f"/api{PEOPLE}?role=adviser").json
    assert listed is not None and listed["total"] == 1


def test_a_role_is_changed_and_taken_away(world: World, visit: Visit) -> None:
    anne = world.person("anne@cci.example", Role.ADVISER)
    manager = visit(HELENE)
    change = {"grant": "adviser.cesar.", "role": "funder"}
    manager.post(f"{PEOPLE}/{anne.id}/role", data=change)
    assert world.read(Person, anne.id).grants == [PersonGrant(Role.FUNDER, "cesar")]
    manager.post(f"{PEOPLE}/{anne.id}/role", data={"grant": "funder.cesar."})
    assert world.read(Person, anne.id).grants == []


def test_a_funder_of_an_organisation_has_no_colleagues_page_and_can_lose_the_role(
    world: World, visit: Visit
) -> None:
    grant = PersonGrant(Role.FUNDER, "cesar", world.buyer())
    command = people.RegisterPerson(name="Paul", email="paul@region.example", grant=grant)
    paul = world.do(people.register_person, command)
    assert '/account/organisation"' not in visit("paul@region.example").get("/account/organisations").text
    key = f"funder.cesar.{grant.organisation_id}"
    visit(HELENE).post(f"{PEOPLE}/{paul.id}/role", data={"grant": key})
    assert world.read(Person, paul.id).grants == []


def test_the_last_manager_stays(world: World, visit: Visit) -> None:
    helene = person(world, HELENE)
    assert helene is not None
    manager = visit(HELENE)
    for change in ({"grant": "manager.cesar."}, {"grant": "manager.cesar.", "role": "funder"}):
        answer = manager.post(f"{PEOPLE}/{helene.id}/role", data=change)
        assert "au moins un responsable" in flashed(manager, answer.location)
    assert world.read(Person, helene.id).grants == [PersonGrant(Role.MANAGER, "cesar")]


def test_a_manager_signs_somebody_of_the_programme_out(world: World, visit: Visit) -> None:
    anne = world.person("anne@cci.example", Role.ADVISER)
    hers = visit("anne@cci.example")
    assert visit(HELENE).post(f"{PEOPLE}/{anne.id}/end-sign-ins").status_code == 303
    assert hers.get("/account/sign-ins").status_code == 303


def test_people_of_an_organisation_invite_their_colleagues_for_it_only(world: World, visit: Visit) -> None:
    mine, other = world.buyer(), world.buyer("Ville de Lunel")
    claire = visit(CLAIRE)
    form = {"name": "Paul", "email": "paul@mauguio.example"}
    refused = claire.post("/account/organisation/invite", data={**form, "role": f"buyer.cesar.{other}"})
    assert refused.status_code == 422
    assert (
        claire.post("/account/organisation/invite", data={**form, "role": "manager.cesar."}).status_code
        == 422
    )
    claire.post("/account/organisation/invite", data={**form, "role": f"buyer.cesar.{mine}"})
    visit().post(newest(world)["url"], data={"name": "Paul"})
    paul = person(world, "paul@mauguio.example")
    assert paul is not None and paul.grants == [PersonGrant(Role.BUYER, "cesar", mine)]
    assert "Paul" in claire.get("/account/organisation").text


def test_an_invitation_of_another_organisation_is_out_of_reach(world: World, visit: Visit) -> None:
    mine = world.buyer()
    world.buyer("Ville de Lunel")
    form = {"name": "Paul", "email": "paul@mauguio.example", "role": f"buyer.cesar.{mine}"}
    visit(CLAIRE).post("/account/organisation/invite", data=form)
    way = f"/account/organisation/invitations/{newest(world)['id']}/withdraw"
    assert visit("claire@lunel.example").post(way).status_code == 404
    assert visit("claire@lunel.example").get("/account/organisation").status_code == 200


def test_a_colleague_is_removed_and_the_last_one_stays(world: World, visit: Visit) -> None:
    organisation = supplier_with_people(world)
    marie = person(world, MARIE)
    assert marie is not None
    with pytest.raises(Conflict):
        world.do(roles.leave_organisation, marie.id, organisation)
    form = {"name": "Paul", "email": "paul@jardins.example", "role": f"supplier.cesar.{organisation}"}
    visit(MARIE).post("/account/organisation/invite", data=form)
    paul = visit()
    paul.post(newest(world)["url"], data={"name": "Paul"})
    assert paul.post(f"/account/organisation/people/{marie.id}/remove").status_code == 303
    assert world.read(Person, marie.id).grants == []
    with world.runtime.read() as session:
        supplier = session.query(SupplierEnrolment).one()
    assert supplier.contact_email == "paul@jardins.example", "mails go to who is there"


def test_a_stranger_is_not_removed_by_guessing(world: World, visit: Visit) -> None:
    world.buyer()
    helene = person(world, HELENE)
    assert helene is not None
    claire = visit(CLAIRE)
    for somebody in (helene.id, uuid4()):
        claire.post(f"/account/organisation/people/{somebody}/remove")
    assert world.read(Person, helene.id).grants == [PersonGrant(Role.MANAGER, "cesar")]


def test_mails_carry_the_link_and_events_of_answers_do_not(world: World, visit: Visit) -> None:
    visit(HELENE).post(f"{PEOPLE}/invite", data=ANNE)
    visit().post(newest(world)["url"], data={"name": "Anne"})
    assert re.fullmatch(r"http://localhost:8000/welcome/[\w-]{43}", newest(world)["url"])
    assert world.told("role_invitation.accepted")[-1]["url"] is None
