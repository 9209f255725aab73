"""A buyer's home says what is to be done next, for each organisation of theirs."""

import pytest

from services.enrolment.domain.application import Application
from services.enrolment.domain.person import Role
from services.enrolment.handlers import agreements, decisions, offers
from services.enrolment.handlers.agreements import note_signed_elsewhere
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.world import SIRET, World

CLAIRE = "claire@mauguio.example"


@pytest.fixture
def accepted(world: World) -> Application:
    return world.accept(world.apply(siret=SIRET))


def test_who_is_accepted_and_has_no_siret_adds_it_first(world: World, visit: Visit) -> None:
    world.accept(world.apply())
    home = visit(CLAIRE).get("/").text
    assert "Ajoutez votre SIRET" in home
    assert "Invitez votre premier fournisseur" not in home


def test_until_the_agreement_is_proposed_there_is_nothing_to_do(accepted: Application, visit: Visit) -> None:
    home = visit(CLAIRE).get("/").text
    assert "prépare la convention" in home
    assert "Rien à faire" in home


def test_an_agreement_that_waits_is_signed_next(world: World, accepted: Application, visit: Visit) -> None:
    world.do(agreements.propose_agreement, accepted.id, world.person("helene@cci.example", Role.MANAGER).id)
    assert "Signez la convention" in visit(CLAIRE).get("/").text


def test_who_takes_part_invites_suppliers(world: World, accepted: Application, visit: Visit) -> None:
    world.do(note_signed_elsewhere, accepted.id, world.person("helene@cci.example", Role.MANAGER).id)
    assert "Invitez votre premier fournisseur" in visit(CLAIRE).get("/").text


def test_what_is_to_be_done_stands_before_what_is_newer(world: World, visit: Visit) -> None:
    returned = world.apply()
    world.do(decisions.hand_back, returned.id, "incomplete", "Qui y travaillera ?")
    world.clock.move(days=1)
    world.cohort("2028")
    world.apply(cohort_label="2028")
    assert "Corrigez votre candidature" in visit(CLAIRE).get("/").text


def test_what_another_organisation_of_the_persons_has_to_do_is_one_press_away(
    world: World, visit: Visit
) -> None:
    world.apply()
    other = world.apply("Ville de Lunel", contact_email=CLAIRE)
    browser = visit(CLAIRE)
    assert "quelque chose à faire pour" not in browser.get("/").text
    world.do(decisions.hand_back, other.id, "incomplete", "Qui y travaillera ?")
    home = browser.get("/").text
    assert "quelque chose à faire pour Ville de Lunel" in home
    choose = f"/account/organisations/{other.organisation_id}/choose"
    assert choose in home
    page = browser.post(choose, data={"next": f"/applications/{other.id}"}, follow_redirects=True)
    assert "Qui y travaillera" in page.text


def test_who_has_withdrawn_is_told_whom_to_write_to(world: World, visit: Visit) -> None:
    application = world.apply()
    world.do(offers.withdraw, application.id)
    home = visit(CLAIRE).get("/").text
    assert "cesar@cci.example" in home
    assert "À venir" not in home
