"""An invited supplier comes in by the link of its mail; who has an account signs in by themselves first."""

from uuid import UUID, uuid4

import pytest

from services.enrolment.domain.self_registration import JoinRequest
from services.enrolment.domain.supplier import INVITATION_LIFETIME, SupplierEnrolment, SupplierState
from services.enrolment.handlers import self_registration, supplier_changes
from services.enrolment.storage import queries
from tests.support.services import PUBLIC_URL
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.world import HELENE, SIRET, World

CLAIRE = "claire@mauguio.example"
TAKES_PART = {"name": "Claire Nom", "agrees": "1"}


@pytest.fixture
def invited(world: World) -> SupplierEnrolment:
    """The farm of somebody who has an account already, as a buyer."""
    world.buyer()
    supplier, _ = world.invite(contact_email=CLAIRE)
    return supplier


def link(world: World) -> str:
    address: str = world.told("supplier.invited")[-1]["invitation_url"]
    return "/invitations/" + address.rpartition("/")[2]


def test_the_link_signs_in_who_is_new(world: World, visit: Visit) -> None:
    supplier, _ = world.invite(contact_email="marie@jardins.example")
    browser = visit()
    assert browser.post(link(world), data=TAKES_PART).location == "/assessment/"
    assert world.read(SupplierEnrolment, supplier.id).state is SupplierState.ENROLLED
    assert browser.get("/account").status_code == 200


@pytest.mark.parametrize("who", [None, HELENE])
def test_the_link_signs_nobody_in_as_somebody_who_has_an_account(
    world: World, visit: Visit, invited: SupplierEnrolment, who: str | None
) -> None:
    browser = visit(who)
    answer = browser.post(link(world), data=TAKES_PART)
    assert answer.status_code == 303
    assert answer.location == f"/sign-in?next={link(world).replace('/', '%2F')}"
    assert world.read(SupplierEnrolment, invited.id).state is SupplierState.INVITED
    assert "Claire" not in browser.get("/").text


def test_who_is_signed_in_accepts_with_one_click_more(
    world: World, visit: Visit, invited: SupplierEnrolment
) -> None:
    browser = visit(CLAIRE)
    assert browser.get(link(world)).status_code == 200
    assert browser.post(link(world), data=TAKES_PART).location == "/assessment/"
    assert world.read(SupplierEnrolment, invited.id).state is SupplierState.ENROLLED


def test_who_accepts_for_one_more_firm_acts_for_it_at_once(world: World, visit: Visit) -> None:
    """An accountant is invited for two firms, and chooses between them afterwards."""
    for name in ("Ferme du Pech", "Mas de l’Olivier"):
        world.invite(organisation_name=name, contact_email="compta@cabinet.example")
    urls = [each["invitation_url"] for each in world.told("supplier.invited")]
    browser = visit()
    for url, name in zip(urls, ("Ferme du Pech", "Mas de l’Olivier"), strict=True):
        address = url.removeprefix(PUBLIC_URL)
        assert browser.post(address, data=TAKES_PART).location == "/assessment/"
        assert name in browser.get("/account/organisation").text


def test_nobody_comes_in_by_a_link_after_the_team_let_another_one_in(world: World, visit: Visit) -> None:
    world.invite(siret=SIRET, contact_email="c7@soc7.example")
    address = link(world)
    command = self_registration.RegisterSupplier(
        programme="cesar",
        organisation_name="Jardins du Lez",
        siret=SIRET,
        commune=None,
        contact_name="Gina Sept",
        contact_email="gina@autre7.example",
        locale="en",
    )
    world.do(self_registration.request_registration, command, PUBLIC_URL)
    secret = str(world.told("self_registration.requested")[-1]["url"]).rpartition("/")[2]
    request = world.do(self_registration.confirm_registration, secret)
    assert isinstance(request, JoinRequest)
    world.do(self_registration.decide_join, request.id, True, uuid4())
    contact = world.told("supplier.enrolled")[0]["contact"]
    assert (contact["name"], contact["email"]) == ("Gina Sept", "gina@autre7.example")

    browser = visit()
    for answer in (browser.get(address), browser.post(address, data=TAKES_PART)):
        assert answer.status_code == 410
        assert "participe déjà" in answer.text
        assert "Gina" not in answer.text
    with world.runtime.read() as session:
        assert queries.person_by_email(session, "c7@soc7.example") is None


def test_whoever_comes_too_late_has_a_new_link_sent_to_the_same_address(world: World, visit: Visit) -> None:
    supplier, _ = world.invite(contact_email="marie@jardins.example")
    address = link(world)
    browser = visit()
    assert browser.post(f"{address}/again").status_code == 409, "it is still good"
    world.clock.move(days=INVITATION_LIFETIME.days)
    expired = browser.get(address)
    assert expired.status_code == 410
    assert f'action="{address}/again"' in expired.text
    answer = browser.post(f"{address}/again")
    assert answer.status_code == 200
    assert "marie@jardins.example" not in answer.text
    assert browser.post(f"{address}/again").status_code == 409, "once a day"
    assert len(world.told("supplier.invited")) == 2
    assert browser.post(link(world), data=TAKES_PART).location == "/assessment/"
    assert browser.post(f"{address}/again").status_code == 409
    assert world.read(SupplierEnrolment, supplier.id).state is SupplierState.ENROLLED


def test_a_link_that_was_replaced_sends_none(world: World, visit: Visit) -> None:
    supplier, _ = world.invite(contact_email="marie@jardins.example")
    address = link(world)
    by = UUID(world.told("person.registered")[0]["id"])
    command = supplier_changes.CorrectContact(
        supplier_id=supplier.id, name="Paul", email="paul@jardins.example", by=by
    )
    world.do(supplier_changes.correct_contact, command, PUBLIC_URL)
    world.clock.move(days=INVITATION_LIFETIME.days)
    browser = visit()
    assert f"{address}/again" not in browser.get(address).text
    assert browser.post(f"{address}/again").status_code == 409
    assert browser.post("/invitations/nonsense/again").status_code == 404
