"""An application that names the SIRET of an organisation that others registered."""

from uuid import UUID

import pytest

from services.chassis.model import Conflict
from services.enrolment.domain.application import Application
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person, PersonGrant, Role
from services.enrolment.domain.self_registration import JoinRequest
from services.enrolment.handlers import self_registration
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.world import HELENE, SIRET, World

STRANGER = "luc@mauguio.example"
APPLY = "/programmes/vignoble/cohorts/2027/apply"
TYPED = {
    "organisation_name": "Mairie de Mauguio",
    "legal_form": "public",
    "siret": SIRET,
    "contact_name": "Luc Petit",
    "contact_email": STRANGER,
    "motivation": "Mieux acheter.",
}
PAUL = "paul@cci.example"


@pytest.fixture
def known(world: World) -> Organisation:
    """Registered in another programme than the one for which somebody else applies with its SIRET."""
    application = world.apply("Ville de Mauguio", siret=SIRET)
    world.programme("vignoble")
    world.cohort("2027", programme="vignoble")
    world.person(PAUL, Role.MANAGER, programme="vignoble", name="Paul")
    return world.read(Organisation, application.organisation_id)


@pytest.fixture
def claimed(world: World, known: Organisation) -> Application:
    return world.apply(
        "Mairie de Mauguio", siret=SIRET, programme="vignoble", contact_name="Luc", contact_email=STRANGER
    )


def request_of(world: World) -> JoinRequest:
    return world.read(JoinRequest, UUID(world.told("join_request.made")[-1]["id"]))


def answer(world: World, *, granted: bool) -> JoinRequest:
    return world.do(self_registration.decide_join, request_of(world).id, granted, known_manager(world))


def known_manager(world: World) -> object:
    return world.person(PAUL, Role.MANAGER, programme="vignoble").id


@pytest.mark.usefixtures("known")
def test_the_applicant_is_not_refused_and_told_nothing(visit: Visit) -> None:
    page = visit().post(APPLY, data=TYPED, follow_redirects=True)
    assert page.status_code == 200
    assert "Ville de Mauguio" not in page.text


def test_nobody_acts_for_an_organisation_by_typing_its_siret(
    world: World, known: Organisation, claimed: Application
) -> None:
    assert claimed.organisation_id != known.id
    assert world.read(Organisation, claimed.organisation_id).siret is None
    grants = world.read(Person, claimed.contact_id).grants
    assert grants == [PersonGrant(Role.BUYER, "vignoble", claimed.organisation_id)]
    request = request_of(world)
    assert (request.organisation_id, request.application_id) == (known.id, claimed.id)


def test_sent_twice_it_is_one_application_and_one_request(world: World, claimed: Application) -> None:
    again = world.apply(
        "Mairie de Mauguio", siret=SIRET, programme="vignoble", contact_name="Luc", contact_email=STRANGER
    )
    assert again.id == claimed.id
    assert len(world.told("join_request.made")) == 1


def test_the_team_says_that_it_is_the_same_organisation(
    world: World, known: Organisation, claimed: Application
) -> None:
    answer(world, granted=True)
    assert world.read(Application, claimed.id).organisation_id == known.id
    assert world.read(Organisation, claimed.organisation_id).merged_into == known.id
    grants = world.read(Person, claimed.contact_id).grants
    assert grants == [PersonGrant(Role.BUYER, "vignoble", known.id)]
    told = world.told("organisation.merged")[-1]
    assert (told["id"], told["kept_id"]) == (str(claimed.organisation_id), str(known.id))


def test_the_team_says_that_it_is_another(world: World, known: Organisation, claimed: Application) -> None:
    answer(world, granted=False)
    assert world.read(Application, claimed.id).organisation_id == claimed.organisation_id
    assert world.told("join_request.declined")[-1]["application_id"] == str(claimed.id)


def test_two_applications_of_one_organisation_for_one_cohort_are_not_put_together(
    world: World, known: Organisation, claimed: Application
) -> None:
    world.apply("Ville de Mauguio", siret=SIRET, programme="vignoble")
    with pytest.raises(Conflict, match="has applied for this cohort already"):
        answer(world, granted=True)
    assert world.read(Application, claimed.id).organisation_id == claimed.organisation_id


def test_what_has_suppliers_already_stays_what_it_is(
    world: World, known: Organisation, claimed: Application
) -> None:
    world.accept(claimed)
    world.invite(claimed.organisation_id, programme="vignoble")
    with pytest.raises(Conflict, match="cannot be put together"):
        answer(world, granted=True)


@pytest.mark.usefixtures("known")
def test_a_siret_that_is_given_later_is_checked_by_the_team_as_well(world: World, visit: Visit) -> None:
    application = world.apply("Mairie de Mauguio", programme="vignoble", contact_email=STRANGER)
    browser = visit(STRANGER)
    address = f"/applications/{application.id}"
    assert browser.post(f"{address}/siret", data={"siret": SIRET}).status_code == 303
    page = browser.get(address).text
    assert "vérifie le SIRET" in page
    assert "Ville de Mauguio" not in page
    assert request_of(world).application_id == application.id


def test_the_manager_sees_whose_siret_it_is_and_answers(
    world: World, visit: Visit, claimed: Application, known: Organisation
) -> None:
    browser = visit(PAUL)
    page = browser.get(f"/applications/{claimed.id}").text
    assert "Est-ce Ville de Mauguio" in page
    requests = browser.get("/suppliers/join-requests").text
    assert f"/applications/{claimed.id}" in requests
    address = f"/suppliers/join-requests/{request_of(world).id}"
    assert visit(HELENE).post(address, data={"granted": "1"}).status_code == 404
    assert browser.post(address, data={"granted": "1"}).status_code == 303
    assert "Est-ce" not in browser.get(f"/applications/{claimed.id}").text
    assert world.read(Application, claimed.id).organisation_id == known.id


def test_the_form_knows_the_organisation_of_who_has_signed_in(
    world: World, visit: Visit, known: Organisation
) -> None:
    browser = visit("claire@mauguio.example")
    page = browser.get(APPLY).text
    for value in ("Ville de Mauguio", SIRET, "Mauguio (34)", "claire@mauguio.example"):
        assert f'value="{value}"' in page
    assert "Vous candidatez pour Ville de Mauguio" in page
    typed = TYPED | {"organisation_name": "Ville de Mauguio", "contact_email": "claire@mauguio.example"}
    assert browser.post(APPLY, data=typed).status_code == 303
    home = browser.get("/").text
    assert "Vignoble" in home
    assert not world.told("join_request.made")
