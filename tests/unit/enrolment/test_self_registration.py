"""A supplier who comes by itself: the address first, and no organisation is given away."""

from typing import Any
from uuid import UUID

import pytest

from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person, Role
from services.enrolment.domain.self_registration import JoinRequest
from services.enrolment.domain.supplier import SupplierEnrolment
from services.enrolment.handlers import merging, self_registration, suppliers
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.world import HELENE, OTHER_SIRET, SIRET, World

ADDRESS = "/programmes/cesar/register"


def typed(**changes: str) -> dict[str, str]:
    return {
        "organisation_name": "Jardins du Lez",
        "siret": SIRET,
        "commune": "Montpellier",
        "contact_name": "Marie Vidal",
        "contact_email": "Marie@Jardins.example",
        "agrees": "1",
        **changes,
    }


def link(world: World) -> str:
    """The address of the last mail that asks for a confirmation."""
    return str(world.told("self_registration.requested")[-1]["url"]).removeprefix("http://localhost:8000")


def registered(world: World, visit: Visit, **changes: str) -> Any:
    """The answer to the click on the link of the mail."""
    browser = visit()
    assert browser.post(ADDRESS, data=typed(**changes)).status_code == 303
    return browser.post(link(world))


def test_nothing_is_created_before_the_address_is_confirmed(world: World, visit: Visit) -> None:
    browser = visit()
    assert ADDRESS in browser.get("/programmes/cesar").text
    answer = browser.post(ADDRESS, data=typed())
    assert browser.get(answer.location).status_code == 200
    assert browser.get(link(world)).status_code == 200, "a program that looks at mails changes nothing"
    assert not world.told("organisation.registered")
    assert not world.told("supplier.enrolled")
    asked = world.told("self_registration.requested")[0]
    assert asked["contact"]["email"] == "marie@jardins.example"


def test_the_link_makes_the_supplier_and_signs_in(world: World, visit: Visit) -> None:
    answer = registered(world, visit)
    assert answer.location == "/assessment/"
    assert "cesar_session" in answer.headers["Set-Cookie"]
    told = world.told("supplier.enrolled")[0]
    assert (told["siret"], told["commune_name"], told["state"], told["invited_by"]) == (
        SIRET,
        "Montpellier",
        "enrolled",
        [],
    )
    person = world.read(Person, world.person("marie@jardins.example", Role.SUPPLIER).id)
    assert str(person.grants[0].organisation_id) == told["organisation_id"]


def test_the_link_works_once_and_for_two_days(world: World, visit: Visit) -> None:
    registered(world, visit)
    for answer in (visit().get(link(world)), visit().post(link(world))):
        assert answer.status_code == 410
    visit().post(ADDRESS, data=typed(siret=OTHER_SIRET, contact_email="z@z.example"))
    world.clock.move(days=2)
    assert visit().post(link(world)).status_code == 410
    assert visit().post("/register/nonsense").status_code == 404


def test_a_stranger_is_not_given_a_known_siret(world: World, visit: Visit) -> None:
    supplier, _ = world.invite(siret=SIRET, contact_email="chef@jardins.example")
    answer = registered(world, visit)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert "chef@jardins.example" not in answer.text
    request = world.told("join_request.made")[0]
    assert (request["organisation_id"], request["state"]) == (str(supplier.organisation_id), "open")
    assert not world.told("supplier.enrolled")
    assert not world.told("person.registered")[1:], "only the manager is known"
    registered(world, visit)
    assert len(world.told("join_request.made")) == 1, "who asks again waits in the same place"


def test_who_was_invited_with_this_address_takes_part(world: World, visit: Visit) -> None:
    supplier, _ = world.invite(siret=SIRET, contact_email="marie@jardins.example")
    assert registered(world, visit).location == "/assessment/"
    assert world.read(SupplierEnrolment, supplier.id).state == "enrolled"
    assert len(world.told("organisation.registered")) == 1


def test_who_was_invited_without_a_siret_adds_it(world: World, visit: Visit) -> None:
    supplier, _ = world.invite(contact_email="marie@jardins.example")
    registered(world, visit)
    assert world.told("supplier.enrolled")[0]["id"] == str(supplier.id)
    assert world.told("supplier.enrolled")[0]["siret"] == SIRET


def test_the_same_address_with_another_name_is_another_supplier(world: World, visit: Visit) -> None:
    supplier, _ = world.invite(organisation_name="Totalement Autre", contact_email="marie@jardins.example")
    assert registered(world, visit).location == "/assessment/"
    assert world.told("supplier.enrolled")[0]["id"] != str(supplier.id)
    assert world.read(Organisation, supplier.organisation_id).siret is None


def test_a_buyers_siret_is_refused(world: World, visit: Visit) -> None:
    world.apply("Ville de Lattes", siret=SIRET)
    assert registered(world, visit).status_code == 409
    assert not world.told("join_request.made")


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(world: World, visit: Visit) -> None:
    answer = visit().post(ADDRESS, data=typed(siret="12", agrees="0", contact_email="marie"))
    assert answer.status_code == 422
    for value in ("Jardins du Lez", "Montpellier", "12", "marie"):
        assert f'value="{value}"' in answer.text
    assert not world.told("self_registration.requested")
    assert visit().get("/programmes/atlantis/register").status_code == 404


def test_nobody_fills_a_strangers_mailbox(world: World, visit: Visit) -> None:
    for _ in range(6):
        assert visit().post(ADDRESS, data=typed()).status_code == 303
    assert len(world.told("self_registration.requested")) == 3


@pytest.fixture
def request_id(world: World, visit: Visit) -> str:
    """Somebody asks to join Jardins du Lez, which the chamber has invited."""
    world.invite(siret=SIRET, contact_email="chef@jardins.example")
    registered(world, visit)
    return str(world.told("join_request.made")[0]["id"])


def test_the_team_lets_somebody_in(world: World, visit: Visit, request_id: str) -> None:
    browser = visit(HELENE)
    assert "/suppliers/join-requests" in browser.get("/suppliers").text
    assert "marie@jardins.example" in browser.get("/suppliers/join-requests").text
    assert browser.post(f"/suppliers/join-requests/{request_id}", data={"granted": "1"}).status_code == 303
    assert world.told("join_request.granted")[0]["state"] == "granted"
    assert world.told("supplier.enrolled")[0]["contact"]["name"] == "Marie Vidal"
    assert "marie@jardins.example" not in browser.get("/suppliers/join-requests").text


def test_the_team_declines(world: World, visit: Visit, request_id: str) -> None:
    browser = visit(HELENE)
    browser.post(f"/suppliers/join-requests/{request_id}", data={"granted": "0"})
    browser.post(f"/suppliers/join-requests/{request_id}", data={"granted": "1"})
    assert len(world.told("join_request.declined")) == 1
    assert not world.told("join_request.granted"), "who comes second is told that it is decided"
    assert not world.told("supplier.enrolled")


def test_the_team_sees_whom_it_knows_there_and_says_why_it_declines(
    world: World, visit: Visit, request_id: str
) -> None:
    browser = visit(HELENE)
    page = browser.get("/suppliers/join-requests").text
    assert "chef@jardins.example" in page
    assert "même domaine" in page
    waiting = browser.get("/api/suppliers/join-requests").json
    assert waiting is not None
    [known] = [each["known_contact"] for each in waiting["items"]]
    assert (known["email"], known["same_domain"]) == ("chef@jardins.example", True)
    answer = {"granted": "0", "reason": "Votre gérante ne vous connaît pas."}
    browser.post(f"/suppliers/join-requests/{request_id}", data=answer)
    assert world.told("join_request.declined")[0]["reason"] == "Votre gérante ne vous connaît pas."


def test_only_the_programmes_managers_answer(world: World, visit: Visit, request_id: str) -> None:
    world.programme("autre")
    world.person("paul@autre.example", Role.MANAGER, "autre")
    stranger = visit("paul@autre.example")
    assert "marie@jardins.example" not in stranger.get("/suppliers/join-requests").text
    address = f"/suppliers/join-requests/{request_id}"
    assert stranger.post(address, data={"granted": "1"}).status_code == 404
    assert stranger.post(f"/api{address}/decision", json={"granted": True}).status_code == 404
    assert not world.told("join_request.granted")


def test_a_request_for_what_was_merged_since_leads_to_the_kept_one(
    world: World, visit: Visit, request_id: str
) -> None:
    request = world.read(JoinRequest, UUID(request_id))
    kept, secret = world.invite(organisation_name="Les Jardins", contact_email="k@jardins.example")
    world.do(suppliers.accept_invitation, secret, "Karine")
    command = merging.MergeOrganisations(
        programme="cesar",
        kept_id=kept.organisation_id,
        merged_id=request.organisation_id,
        by=request.id,
        manages=("cesar",),
    )
    world.do(merging.merge, command)
    world.do(self_registration.decide_join, request.id, True, request.id)
    granted = world.told("person.registered")[-1]["grants"][0]
    assert granted["organisation_id"] == str(kept.organisation_id)


def test_a_program_registers_and_answers(world: World, visit: Visit) -> None:
    world.invite(siret=SIRET, contact_email="chef@jardins.example")
    body = {**typed(), "agrees": True}
    assert visit().post("/api/programmes/cesar/registrations", json=body).status_code == 202
    visit().post(link(world))
    browser = visit(HELENE)
    waiting = browser.get("/api/suppliers/join-requests").json
    assert waiting is not None
    address = f"/api/suppliers/join-requests/{waiting['items'][0]['id']}/decision"
    assert browser.post(address, json={"granted": True}).json["state"] == "granted"  # type: ignore[index]
    assert browser.post(address, json={"granted": True}).status_code == 409
