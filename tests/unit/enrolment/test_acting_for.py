"""Whoever belongs to several organisations acts for one of them, and sees nothing of the others meanwhile."""

from html import unescape
from urllib.parse import unquote
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from services.enrolment.domain.application import Application
from services.enrolment.domain.person import Person, PersonGrant, Role
from services.enrolment.domain.supplier import SupplierEnrolment
from services.enrolment.handlers import people, suppliers
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.world import HELENE, World

CLAIRE = "claire@mauguio.example"


@pytest.fixture
def both(world: World) -> tuple[UUID, UUID]:
    """Two buyers for whom Claire acts; a supplier was invited by the second."""
    first = world.buyer()
    second = world.accept(world.apply("Ville de Lunel", contact_email=CLAIRE)).organisation_id
    world.do(
        people.register_person,
        people.RegisterPerson(
            name="Paul", email="paul@lunel.example", grant=PersonGrant(Role.BUYER, "cesar", second)
        ),
    )
    world.invite(second)
    return first, second


def choose(browser: FlaskClient, organisation: UUID) -> int:
    return browser.post(f"/account/organisations/{organisation}/choose").status_code


def test_what_is_shown_is_that_of_the_chosen_one(both: tuple[UUID, UUID], visit: Visit) -> None:
    first, second = both
    browser = visit(CLAIRE)
    assert "Jardins du Lez" not in browser.get("/suppliers").text
    assert "pour Ville de Mauguio" in browser.get("/").text
    assert choose(browser, second) == 303
    assert "Jardins du Lez" in browser.get("/suppliers").text
    assert "pour Ville de Lunel" in browser.get("/").text
    assert choose(browser, first) == 303
    assert "Jardins du Lez" not in browser.get("/suppliers").text


def test_what_is_done_is_done_for_the_chosen_one(world: World, both: tuple[UUID, UUID], visit: Visit) -> None:
    browser = visit(CLAIRE)
    for organisation in both:
        choose(browser, organisation)
        form = {
            "organisation_name": "Mas",
            "contact_name": "Luc",
            "contact_email": f"luc@{organisation.hex}.example",
        }
        assert browser.post("/suppliers/invite", data=form).status_code == 303
    inviters = [told["invited_by"][0]["organisation_id"] for told in world.told("supplier.invited")[-2:]]
    assert inviters == [str(organisation) for organisation in both]


def test_a_link_to_something_of_the_other_one_leads_there_by_way_of_the_choice(
    world: World, both: tuple[UUID, UUID], visit: Visit
) -> None:
    second = both[1]
    with world.runtime.read() as session:
        application = session.scalars(select(Application).filter_by(organisation_id=second)).one()
        link = f"/applications/{application.id}"
    browser = visit(CLAIRE)
    choose(browser, both[0])
    refused = browser.get(link)
    assert refused.status_code == 404
    assert "Ville de Mauguio" in refused.text and "Ville de Lunel" not in refused.text
    choice = f"/account/organisations?next={link}"
    assert choice in unquote(unescape(refused.text))
    assert f'name="next" value="{link}"' in browser.get(choice).text
    chosen = browser.post(f"/account/organisations/{second}/choose", data={"next": link})
    assert chosen.location == link
    assert browser.get(link).status_code == 200


def test_the_choice_leads_nowhere_else(both: tuple[UUID, UUID], visit: Visit) -> None:
    elsewhere = {"next": "https://elsewhere.example/"}
    answer = visit(CLAIRE).post(f"/account/organisations/{both[1]}/choose", data=elsewhere)
    assert answer.location == "/"


def test_the_last_choice_is_remembered(both: tuple[UUID, UUID], visit: Visit) -> None:
    choose(visit(CLAIRE), both[1])
    assert "pour Ville de Lunel" in visit(CLAIRE).get("/").text


def test_nobody_acts_for_an_organisation_that_is_not_theirs(
    world: World, both: tuple[UUID, UUID], visit: Visit
) -> None:
    other = world.buyer("Ville de Sète")
    browser = visit(CLAIRE)
    assert choose(browser, other) == 422
    assert "Ville de Sète" not in browser.get("/account/organisations").text


def test_who_belongs_to_one_is_offered_no_choice(world: World, visit: Visit) -> None:
    world.buyer()
    assert '/account/organisations"' not in visit(CLAIRE).get("/").text


def test_who_leaves_acts_for_the_other_from_then_on(
    world: World, both: tuple[UUID, UUID], visit: Visit
) -> None:
    first, second = both
    here, elsewhere = visit(CLAIRE), visit(CLAIRE)
    choose(here, second)
    assert here.post("/account/organisation/leave").status_code == 303
    assert "pour Ville de Mauguio" in here.get("/").text
    assert elsewhere.get("/account/sign-ins").status_code == 303, "other sign-ins end"
    claire = next(each for each in _people(world) if each.email == CLAIRE)
    assert claire.organisations == [first]
    assert choose(here, second) == 422


def test_the_last_person_of_an_organisation_cannot_leave(world: World, visit: Visit) -> None:
    organisation = world.buyer()
    browser = visit(CLAIRE)
    browser.post("/account/organisation/leave")
    assert "au moins une personne" in browser.get("/account/organisation").text
    claire = next(each for each in _people(world) if each.email == CLAIRE)
    assert claire.organisations == [organisation]


@pytest.fixture
def farm(world: World) -> SupplierEnrolment:
    """A supplier of one person."""
    supplier, secret = world.invite(contact_email="marie@jardins.example")
    world.do(suppliers.accept_invitation, secret, "Marie")
    return supplier


def test_the_only_person_of_a_supplier_ends_its_part_in_the_programme(
    world: World, visit: Visit, farm: SupplierEnrolment
) -> None:
    browser = visit("marie@jardins.example")
    page = browser.get("/account/organisation").text
    assert "Quitter le programme" in page
    assert "Quitter cette organisation" not in page, "nobody is offered what is refused"
    leave = "/account/organisation/programmes/cesar/leave"
    assert browser.post(leave).status_code == 303
    assert world.read(SupplierEnrolment, farm.id).state == "left"
    page = browser.get("/account/organisation").text
    assert "a quitté ce programme" in page
    assert "cesar@cci.example" in page
    browser.post(leave)
    assert len(world.told("supplier.left")) == 1
    assert "Marie" in visit(HELENE).get(f"/suppliers/{farm.id}").text


def test_nobody_ends_the_part_of_another_supplier(
    world: World, visit: Visit, farm: SupplierEnrolment
) -> None:
    other, secret = world.invite(organisation_name="Zébulon", contact_email="zoe@zebulon.example")
    world.do(suppliers.accept_invitation, secret, "Zoé")
    zoe = visit("zoe@zebulon.example")
    address = "/api/organisations/{}/programmes/{}/leave"
    assert zoe.post(address.format(farm.organisation_id, "cesar")).status_code == 404
    assert zoe.post(address.format(other.organisation_id, "atlantis")).status_code == 404
    answer = zoe.post(address.format(other.organisation_id, "cesar"))
    assert (answer.status_code, answer.json["state"]) == (200, "left")  # type: ignore[index]
    assert world.read(SupplierEnrolment, farm.id).state == "enrolled"


def _people(world: World) -> list[Person]:
    with world.runtime.read() as session:
        return list(session.query(Person).all())
