"""An address that changes: confirmed from the new one, undone from the one before."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from services.chassis.model import Conflict, Forbidden, Gone
from services.enrolment.domain.address_change import AddressChange, masked
from services.enrolment.domain.draft import ApplicationDraft
from services.enrolment.domain.openid_account import OpenIdClaims
from services.enrolment.domain.person import Person, PersonGrant, Role
from services.enrolment.domain.role_invitation import RoleInvitation
from services.enrolment.domain.supplier import SupplierEnrolment
from services.enrolment.handlers import drafts, openid, people, role_invitations, suppliers
from services.enrolment.handlers.profile import addresses
from tests.support.services import PUBLIC_URL
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.world import HELENE, World

NEW = "helene.martin@cci.example"
MARIE = "marie@jardins.example"


def objection_at(change_id: UUID) -> str:
    return f"/objection/{change_id}"


def ask(world: World, person: Person, email: str = NEW) -> AddressChange:
    command = addresses.AskForAddress(person_id=person.id, email=email)
    return world.do(addresses.ask_for_address, command, PUBLIC_URL, objection_at)


def token_of(world: World) -> str:
    return str(world.told("address_change.requested")[-1]["url"]).rpartition("/")[2]


def confirm(world: World, person: Person, token: str | None = None) -> Person:
    return world.do(addresses.confirm_change, token or token_of(world), person.id, None, objection_at)


def is_in(browser: FlaskClient) -> bool:
    return browser.get("/account").status_code == 200


def address_of(world: World, person: Person) -> str:
    return world.read(Person, person.id).email


@pytest.fixture
def ana(world: World) -> Person:
    return world.person("ana@mairie.example", Role.JURY, name="Ana Ruiz")


def test_the_address_changes_when_the_new_one_is_confirmed_and_not_before(world: World, visit: Visit) -> None:
    browser = visit(HELENE)
    assert browser.post("/account/address", data={"email": f" {NEW.upper()} "}).status_code == 303
    told = world.told("address_change.requested")[-1]
    assert NEW in browser.get("/account").text
    assert browser.get("/account").text.count(HELENE) >= 2
    assert browser.get(told["url"]).status_code == 200
    assert browser.post(told["url"]).status_code == 303
    page = browser.get("/account").text
    assert NEW in page
    assert HELENE not in page
    assert visit(NEW).get("/account").status_code == 200
    assert world.told("person.updated")[-1]["email"] == NEW


def test_a_second_click_changes_nothing(world: World, visit: Visit) -> None:
    browser = visit(HELENE)
    browser.post("/account/address", data={"email": NEW})
    url = world.told("address_change.requested")[-1]["url"]
    assert [browser.post(url).status_code for _ in range(2)] == [303, 303]
    assert len(world.told("address_change.confirmed")) == 1
    assert browser.get(url).status_code == 410


def test_whoever_gets_a_mistyped_address_can_do_nothing_with_the_link(
    world: World, visit: Visit, ana: Person
) -> None:
    visit(HELENE).post("/account/address", data={"email": "helen@elsewhere.example"})
    url = world.told("address_change.requested")[-1]["url"]
    assert visit().get(url).status_code == 303
    assert visit().post(url, data={"x": "y"}).status_code == 401
    stranger = visit(ana.email)
    assert stranger.get(url).status_code == 403
    assert stranger.post(url).status_code == 403
    assert not world.told("person.updated")


def test_other_sign_ins_end_and_links_to_the_former_address_sign_nobody_in(
    world: World, visit: Visit
) -> None:
    here, there = visit(HELENE), visit(HELENE)
    visit().post("/sign-in", data={"email": HELENE})
    open_link = world.told("sign_in.requested")[-1]["url"]
    here.post("/account/address", data={"email": NEW})
    here.post(world.told("address_change.requested")[-1]["url"])
    assert is_in(here)
    assert not is_in(there)
    assert visit().post(open_link).status_code == 404


def test_the_link_expires(world: World, ana: Person) -> None:
    change = ask(world, ana)
    world.clock.now = change.expires_at
    with pytest.raises(Gone):
        confirm(world, ana)
    assert address_of(world, ana) == "ana@mairie.example"


def test_asking_again_replaces_what_was_asked(world: World, ana: Person) -> None:
    ask(world, ana, "first@mairie.example")
    first = token_of(world)
    ask(world, ana, "second@mairie.example")
    with pytest.raises(Gone):
        confirm(world, ana, first)
    assert confirm(world, ana).email == "second@mairie.example"


def test_one_can_keep_the_address_that_one_has(world: World, visit: Visit) -> None:
    browser = visit(HELENE)
    browser.post("/account/address", data={"email": NEW})
    url = world.told("address_change.requested")[-1]["url"]
    assert browser.post("/account/address/cancel").status_code == 303
    assert NEW not in browser.get("/account").text
    assert browser.post(url).status_code == 410
    assert world.told("address_change.cancelled")


def test_the_present_address_and_too_many_requests_are_refused_at_the_field(
    world: World, visit: Visit
) -> None:
    browser = visit(HELENE)
    assert browser.post("/account/address", data={"email": HELENE}).status_code == 422
    assert browser.post("/account/address", data={"email": "no address"}).status_code == 422
    answers = [browser.post("/account/address", data={"email": f"h{n}@cci.example"}) for n in range(6)]
    assert [answer.status_code for answer in answers] == [303] * 5 + [422]
    assert 'value="h5@cci.example"' in answers[-1].text


def test_nobody_learns_that_an_address_has_an_account(world: World, visit: Visit, ana: Person) -> None:
    browser = visit(HELENE)
    pages = {}
    for email in (ana.email, "free@mairie.example"):
        assert browser.post("/account/address", data={"email": email}).status_code == 303
        pages[email] = browser.get("/account").text.replace(email, "…")
    assert pages[ana.email] == pages["free@mairie.example"]
    taken, free = world.told("address_change.requested")
    assert (taken["is_taken"], taken["url"]) == (True, None)
    assert free["is_taken"] is False
    assert "Ana" not in str(taken)


def test_whoever_registers_with_the_address_in_between_keeps_it(world: World, ana: Person) -> None:
    ask(world, ana)
    world.person(NEW, Role.FUNDER, name="Somebody Else")
    with pytest.raises(Conflict):
        confirm(world, ana)
    assert address_of(world, ana) == "ana@mairie.example"


def test_the_former_address_undoes_the_change_and_ends_everything(world: World, visit: Visit) -> None:
    """Somebody has sat down at the manager's browser."""
    thief = visit(HELENE)
    thief.post("/account/address", data={"email": "thief@elsewhere.example"})
    told = world.told("address_change.requested")[-1]
    thief.post(told["url"])
    thief.post("/sign-in", data={"email": "thief@elsewhere.example"})
    open_link = world.told("sign_in.requested")[-1]["url"]
    claims = OpenIdClaims(issuer="https://id", subject="t", email="thief@elsewhere.example", name="T")
    world.do(openid.sign_in_by_openid, claims)
    owner = visit()
    assert owner.get(told["objection_url"]).status_code == 200
    assert [owner.post(told["objection_url"]).status_code for _ in range(2)] == [200, 200]
    assert not is_in(thief)
    assert thief.post(open_link).status_code == 404
    assert world.do(openid.sign_in_by_openid, claims).email == "thief@elsewhere.example"
    assert visit(HELENE).get("/account").status_code == 200
    assert len(world.told("address_change.objected")) == 1


def test_an_objection_before_the_confirmation_stops_the_change(world: World, ana: Person) -> None:
    change = ask(world, ana)
    world.do(addresses.object_to_change, change.id)
    with pytest.raises(Gone):
        confirm(world, ana)
    assert address_of(world, ana) == "ana@mairie.example"


def test_an_objection_undoes_what_followed_as_well(world: World, ana: Person) -> None:
    change = ask(world, ana)
    confirm(world, ana)
    ask(world, ana, "third@mairie.example")
    confirm(world, ana)
    assert world.do(addresses.object_to_change, change.id).email == "ana@mairie.example"


def test_an_objection_comes_too_late_after_a_week(world: World, visit: Visit) -> None:
    browser = visit(HELENE)
    browser.post("/account/address", data={"email": NEW})
    told = world.told("address_change.requested")[-1]
    browser.post(told["url"])
    world.clock.move(days=7)
    assert visit().get(told["objection_url"]).status_code == 410
    assert visit().post(told["objection_url"]).status_code == 410
    assert visit().get("/account/address/objection/made-up").status_code == 404


def test_an_objection_takes_no_address_from_whoever_has_it_now(world: World, ana: Person) -> None:
    change = ask(world, ana)
    confirm(world, ana)
    other = world.person("ana@mairie.example", Role.FUNDER, name="Ana’s successor")
    world.do(addresses.object_to_change, change.id)
    assert address_of(world, ana) == NEW
    assert address_of(world, other) == "ana@mairie.example"


def test_what_waits_at_the_former_address_follows(world: World) -> None:
    invited, _token = world.invite()
    marie = world.do(
        people.register_person,
        people.RegisterPerson(name="Marie Vidal", email=MARIE, grant=PersonGrant(Role.JURY, "cesar")),
    )
    manager = UUID(world.told("person.registered")[0]["id"])
    buyer = world.buyer()
    command = role_invitations.InviteIntoRole(
        grant=PersonGrant(Role.BUYER, "cesar", buyer),
        name="Marie",
        email="other@jardins.example",
        locale="fr",
        inviter_id=manager,
        inviter_name="Hélène",
    )
    invitation = world.do(role_invitations.invite_into_role, command, PUBLIC_URL)
    with world.work() as work:
        work.get(RoleInvitation, invitation.id).email = MARIE
    draft = world.do(
        drafts.begin_draft,
        drafts.BeginDraft(
            programme="cesar", cohort_label="2027", email=MARIE, typed={"contact_name": "Marie"}
        ),
        objection_at,
    )
    ask(world, marie)
    confirm(world, marie)
    assert world.read(SupplierEnrolment, invited.id).contact_email == NEW
    assert world.read(RoleInvitation, invitation.id).email == NEW
    assert world.read(ApplicationDraft, draft.id).email == NEW


def test_an_invitation_that_was_sent_before_lets_the_same_person_in(world: World) -> None:
    _supplier, token = world.invite()
    marie = world.person(MARIE, Role.JURY, name="Marie Vidal")
    ask(world, marie)
    confirm(world, marie)
    assert world.do(suppliers.accept_invitation, token, "Marie Vidal").id == marie.id


def test_an_account_at_a_provider_stays_linked_whatever_its_address(world: World, ana: Person) -> None:
    claims = OpenIdClaims(issuer="https://id", subject="42", email=ana.email, name="Ana Ruiz")
    world.do(openid.sign_in_by_openid, claims)
    world.clock.move(days=1)
    ask(world, ana)
    confirm(world, ana)
    assert world.do(openid.sign_in_by_openid, claims).id == ana.id


def test_only_the_person_confirms(world: World, ana: Person) -> None:
    other = world.person("leo@jury.example", Role.JURY, name="Léo Bru")
    ask(world, ana)
    with pytest.raises(Forbidden):
        confirm(world, other)


def test_an_address_is_recognised_by_whoever_knows_it_only() -> None:
    assert masked("claire.martin@mairie.example") == "c…@mairie.example"


def test_the_link_is_good_for_hours_and_the_objection_for_days(world: World, ana: Person) -> None:
    change = ask(world, ana)
    assert change.expires_at - change.asked_at == timedelta(hours=4)
    assert change.objection_until - change.asked_at == timedelta(days=7)
