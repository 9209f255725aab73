"""Ways round the roles that somebody has, or had: none of them leads anywhere."""

import re
from uuid import uuid4

from sqlalchemy import select, update

from services.enrolment.domain.person import Person, PersonGrant, Role
from services.enrolment.domain.supplier import SupplierEnrolment
from services.enrolment.handlers import people, roles, suppliers
from services.enrolment.storage.calendar_entries import entries_of
from services.enrolment.storage.tables import applications
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.meeting_world import JULIEN, MeetingWorld
from tests.unit.enrolment.test_merging import merged, undone
from tests.unit.enrolment.test_own_data import hear_own_events, link_of
from tests.unit.enrolment.test_sign_ins import bearer, is_in, token_of
from tests.unit.enrolment.world import HELENE, World

MANAGER, SOMEBODY = PersonGrant(Role.MANAGER, "cesar"), uuid4()
BOSS, MALLORY = "boss@lozere.example", "mallory@example.org"


def test_a_token_becomes_no_sign_in(world: World, visit: Visit) -> None:
    buyer = world.buyer()
    token = token_of(visit("claire@mauguio.example"), roles=[f"buyer.cesar.{buyer}"])
    program = visit()

    answer = program.post(f"/account/organisations/{buyer}/choose", headers=bearer(token))

    assert answer.status_code == 403
    assert not is_in(program)


def test_a_token_fetches_no_copy_of_the_whole_person(world: World, visit: Visit) -> None:
    world.person(HELENE, Role.FUNDER)
    token = token_of(visit(HELENE), roles=["funder.cesar."])

    assert visit().get(f"/account/data/copy/{uuid4()}", headers=bearer(token)).status_code == 403


def test_a_manager_ends_no_token_of_another_programme(world: World, visit: Visit) -> None:
    world.programme("lozere")
    grant = PersonGrant(Role.MANAGER, "lozere")
    boss = world.do(people.register_person, people.RegisterPerson(name="Boss", email=BOSS, grant=grant))
    elsewhere = token_of(visit(BOSS), roles=["manager.lozere."])
    manager = visit(HELENE)
    manager.post("/programmes/cesar/people/invite", data={"name": "B", "email": BOSS, "role": "funder"})
    invited = visit(BOSS)
    invited.post(world.told("role_invitation.sent")[-1]["url"], data={"name": "B"})
    here = token_of(invited, roles=["funder.cesar."])

    assert manager.post(f"/programmes/cesar/people/{boss.id}/end-sign-ins").status_code == 303

    assert visit().get("/api/account/sign-ins", headers=bearer(elsewhere)).status_code == 200
    assert visit().get("/api/account/sign-ins", headers=bearer(here)).status_code == 401


def test_the_team_registers_people_at_workshops_without_making_them_buyers(
    world: World, visit: Visit
) -> None:
    meetings = MeetingWorld(world)
    buyer, workshop, adviser = meetings.buyer(), meetings.workshop(), meetings.adviser()
    meetings.follow(adviser, buyer)
    browser = visit(JULIEN)

    form = {"organisation_id": str(buyer), "name": "Julien", "email": JULIEN}
    assert browser.post(f"/workshops/{workshop.id}/register", data=form).status_code == 303

    assert [grant.role for grant in world.read(Person, adviser.id).grants] == [Role.ADVISER]
    assert browser.get("/account/organisation").status_code == 403


def test_a_former_adviser_s_calendar_is_empty(world: World) -> None:
    meetings = MeetingWorld(world)
    buyer, adviser = meetings.buyer(), meetings.adviser()
    meetings.follow(adviser, buyer)
    meetings.book(meetings.slot(adviser), buyer)
    with world.runtime.read() as session:
        assert len(entries_of(session, session.get_one(Person, adviser.id))) == 1

    world.do(roles.take_role, adviser.id, PersonGrant(Role.ADVISER, "cesar"), SOMEBODY)

    with world.runtime.read() as session:
        assert entries_of(session, session.get_one(Person, adviser.id)) == []


def test_a_former_adviser_sees_no_appointments_although_they_advise_elsewhere(
    world: World, visit: Visit
) -> None:
    meetings = MeetingWorld(world)
    buyer, adviser = meetings.buyer(), meetings.adviser()
    meetings.follow(adviser, buyer)
    meetings.book(meetings.slot(adviser), buyer)
    assert "Ville de Mauguio" in visit(JULIEN).get("/appointments").text
    world.programme("lozere")
    world.person(JULIEN, Role.ADVISER, "lozere")

    world.do(roles.take_role, adviser.id, PersonGrant(Role.ADVISER, "cesar"), SOMEBODY)

    assert "Ville de Mauguio" not in visit(JULIEN).get("/appointments").text


def test_a_former_manager_comes_back_by_no_invitation_of_their_own(world: World, visit: Visit) -> None:
    former = world.person("former@cci.example", Role.MANAGER)
    form = {"name": "Moi", "email": "elsewhere@example.org", "role": "manager"}
    visit("former@cci.example").post("/programmes/cesar/people/invite", data=form)
    link = world.told("role_invitation.sent")[-1]["url"]

    world.do(roles.take_role, former.id, MANAGER, SOMEBODY)

    back = visit()
    assert back.post(link, data={"name": "Moi"}).status_code == 410
    assert not is_in(back)


def test_when_a_merge_is_undone_nothing_acts_for_the_other_organisation_any_more(
    world: World, visit: Visit
) -> None:
    kept, other, bob = _two_suppliers(world)
    merge = merged(world, kept, other)
    browser = visit("b@midi.example")
    token = token_of(browser, roles=[f"supplier.cesar.{kept.organisation_id}"])

    undone(world, merge)

    assert visit().get("/api/account/sign-ins", headers=bearer(token)).status_code == 401
    assert not is_in(browser)
    own = PersonGrant(Role.SUPPLIER, "cesar", other.organisation_id)
    assert world.read(Person, bob.id).grants == [own]


def test_undoing_a_merge_gives_no_role_back_that_was_taken_meanwhile(world: World) -> None:
    kept, other, bob = _two_suppliers(world)
    merge = merged(world, kept, other)
    world.do(roles.take_role, bob.id, PersonGrant(Role.SUPPLIER, "cesar", kept.organisation_id), SOMEBODY)

    undone(world, merge)

    assert world.read(Person, bob.id).grants == []


def test_a_name_that_a_stranger_wrote_beside_an_address_is_not_erased_from_others_texts(
    world: World, visit: Visit
) -> None:
    world.buyer()
    text = "Nous voulons parler de la qualité de la cantine."
    with world.runtime.database.write() as session:
        session.execute(update(applications).values(motivation=text))
    form = {"organisation_name": "Mas", "contact_name": "de la", "contact_email": MALLORY, "agrees": "on"}
    assert visit().post("/programmes/cesar/register", data=form).status_code in (200, 303)
    world.person(MALLORY, Role.FUNDER, name="Paul Martin")
    visit(MALLORY).post("/account/data/erasure")
    visit().post(link_of(world))
    manager = visit(HELENE)
    found = re.search(r"/privacy/requests/([0-9a-f-]{36})", manager.get("/privacy/requests").text)
    assert found is not None

    manager.post(f"/privacy/requests/{found[1]}", data={"decision": "erase", "reason": ""})
    hear_own_events(world)

    with world.runtime.read() as session:
        assert list(session.scalars(select(applications.c.motivation))) == [text]


def _two_suppliers(world: World) -> tuple[SupplierEnrolment, SupplierEnrolment, Person]:
    """Two organisations that are merged by mistake, and Bob, who acts for the second."""
    kept, first = world.invite(organisation_name="Midi Bois", contact_email="a@midi.example", commune=None)
    world.do(suppliers.accept_invitation, first, "Anne")
    other, second = world.invite(organisation_name="Midi-Bois", contact_email="b@midi.example", commune=None)
    return kept, other, world.do(suppliers.accept_invitation, second, "Bob")
