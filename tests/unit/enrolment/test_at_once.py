"""What a manager does for many buyers at once: propose agreements, choose advisers, register contacts."""

import re
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from services.enrolment.domain.application import Application, ApplicationState
from services.enrolment.domain.person import Role
from services.enrolment.domain.workshop_registration import RegistrationState
from services.enrolment.handlers import agreements, decisions, offers, programmes
from services.enrolment.storage.appointments import adviser_of
from services.enrolment.storage.workshops import participants
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.meeting_world import JULIEN, NADIA, MeetingWorld
from tests.unit.enrolment.world import HELENE, OTHER_SIRET, SIRET, World

COHORT = "/programmes/cesar/cohorts/2027"
ADVISERS = "/programmes/cesar/advisers"
CLAIRE = "claire@mauguio.example"


@pytest.fixture
def meetings(world: World) -> MeetingWorld:
    return MeetingWorld(world)


@pytest.fixture
def accepted(world: World) -> list[Application]:
    """Two with a SIRET, one without."""
    return [
        world.accept(world.apply("Ville de Mauguio", siret=SIRET)),
        world.accept(world.apply("Ville de Lattes", siret=OTHER_SIRET)),
        world.accept(world.apply("Ville de Palavas")),
    ]


def test_all_agreements_are_proposed_at_once_but_for_those_without_a_siret(
    world: World, visit: Visit, accepted: list[Application]
) -> None:
    browser = visit(HELENE)
    page = browser.get(COHORT).text
    assert "3 acheteurs acceptés n’ont pas encore de convention" in page
    assert "Proposer 2 conventions" in page
    assert "Ville de Palavas" in page.partition("Encore sans SIRET")[2].partition("</ul>")[0]
    assert browser.post(f"{COHORT}/agreements").status_code == 303
    proposed = [event["application_id"] for event in world.told("agreement.proposed")]
    assert proposed == [str(accepted[1].id), str(accepted[0].id)]
    page = browser.get(COHORT).text
    assert "2 conventions sont proposées" in page
    assert "1 acheteur accepté n’a pas encore de convention" in page
    assert "Proposer 0" not in page


def test_a_second_click_proposes_nothing_again(
    world: World, visit: Visit, accepted: list[Application]
) -> None:
    browser = visit(HELENE)
    for _click in range(2):
        assert browser.post(f"{COHORT}/agreements").status_code == 303
    assert len(world.told("agreement.proposed")) == 2


def test_only_accepted_buyers_of_the_cohort_are_proposed_one(
    world: World, accepted: list[Application]
) -> None:
    world.do(offers.withdraw, accepted[0].id)
    world.cohort("2028")
    world.accept(world.apply("Ville de Sète", cohort_label="2028", siret="88888888200004"))
    by = world.person(HELENE, Role.MANAGER).id
    [agreement] = world.do(agreements.propose_all, accepted[0].cohort_id, by)
    assert agreement.application_id == accepted[1].id


def test_a_manager_chooses_the_advisers_of_several_buyers_and_saves_once(
    world: World, meetings: MeetingWorld, visit: Visit
) -> None:
    mauguio, lattes, palavas = (
        meetings.buyer(f"Ville de {name}") for name in ("Mauguio", "Lattes", "Palavas")
    )
    julien, nadia = meetings.adviser(), meetings.adviser(NADIA, "Nadia F.")
    meetings.follow(julien, palavas)
    browser = visit(HELENE)
    form = {
        f"adviser.{mauguio}": str(julien.id),
        f"adviser.{lattes}": str(nadia.id),
        f"adviser.{palavas}": "",
        f"before.{palavas}": str(julien.id),
    }
    assert browser.post(ADVISERS, data=form).status_code == 303
    assert followed(world, mauguio, lattes, palavas) == [julien.id, nadia.id, None]
    assert len(world.told("adviser_assignment.changed")) == 4


def test_what_was_not_touched_stays_as_another_manager_made_it(
    world: World, meetings: MeetingWorld, visit: Visit
) -> None:
    mauguio, lattes = meetings.buyer("Ville de Mauguio"), meetings.buyer("Ville de Lattes")
    julien, nadia = meetings.adviser(), meetings.adviser(NADIA, "Nadia F.")
    browser = visit(HELENE)
    loaded = dict(re.findall(r'name="(before\.[\w-]+)" value="([^"]*)"', browser.get(ADVISERS).text))
    assert loaded == {f"before.{mauguio}": "", f"before.{lattes}": ""}
    meetings.follow(nadia, lattes)
    form = {**loaded, f"adviser.{mauguio}": str(julien.id), f"adviser.{lattes}": ""}
    assert browser.post(ADVISERS, data=form).status_code == 303
    assert followed(world, mauguio, lattes) == [julien.id, nadia.id]


def test_advisers_are_chosen_for_all_or_for_none_and_nothing_chosen_is_lost(
    world: World, meetings: MeetingWorld, visit: Visit
) -> None:
    mauguio, lattes = meetings.buyer("Ville de Mauguio"), meetings.buyer("Ville de Lattes")
    julien = meetings.adviser()
    form = {f"adviser.{lattes}": str(julien.id), f"adviser.{mauguio}": str(uuid4())}
    page = visit(HELENE).post(ADVISERS, data=form)
    assert page.status_code == 422
    assert f'value="{julien.id}" selected' in page.text
    assert 'aria-invalid="true"' in page.text
    assert followed(world, mauguio, lattes) == [None, None]


def test_the_contacts_of_several_buyers_get_places_at_once_and_the_last_wait(
    world: World, meetings: MeetingWorld, visit: Visit
) -> None:
    buyers = [meetings.buyer(f"Ville de {name}") for name in ("Agde", "Lattes", "Mauguio", "Palavas")]
    workshop = meetings.workshop(capacity=2)
    meetings.register(workshop, buyers[0], email="paul@agde.example", name="Paul Roux")
    browser = visit(HELENE)
    ticked = re.findall(r'name="organisation_ids" value="([\w-]+)" checked', page_of(browser, workshop.id))
    assert [UUID(each) for each in ticked] == buyers[1:], "Agde has somebody there already"
    sent = {"organisation_ids": [*ticked, str(uuid4())]}
    assert browser.post(f"/workshops/{workshop.id}/contacts", data=sent).status_code == 303
    page = page_of(browser, workshop.id)
    assert "1 personne a une place" in page
    assert "L’atelier est complet : 2 personnes attendent une place" in page
    assert coming(world, workshop.id) == {"paul@agde.example", "claire@lattes.example"}
    browser.post(f"/workshops/{workshop.id}/contacts", data=sent)
    assert len(world.told("workshop_registration.waitlisted")) == 2


def test_an_adviser_registers_the_contacts_of_their_own_buyers_only(
    world: World, meetings: MeetingWorld, visit: Visit
) -> None:
    mine, others = meetings.buyer("Ville de Mauguio"), meetings.buyer("Ville de Lattes")
    meetings.follow(meetings.adviser(), mine)
    workshop = meetings.workshop()
    sent = {"organisation_ids": [str(mine), str(others)]}
    assert visit(JULIEN).post(f"/workshops/{workshop.id}/contacts", data=sent).status_code == 303
    assert coming(world, workshop.id) == {CLAIRE}
    assert visit(CLAIRE).post(f"/workshops/{workshop.id}/contacts", data=sent).status_code == 403


def test_a_program_does_the_same(
    world: World, meetings: MeetingWorld, visit: Visit, accepted: list[Application]
) -> None:
    browser = visit(HELENE)
    made = browser.post(f"/api{COHORT}/agreements")
    assert (made.status_code, len(made.json or [])) == (201, 2)
    for application in accepted:
        world.do(decisions.enrol, application.id)
    julien = meetings.adviser()
    buyers = [application.organisation_id for application in accepted]
    wanted = {
        "assignments": [{"organisation_id": str(each), "adviser_id": str(julien.id)} for each in buyers]
    }
    answer = browser.post(f"/api{ADVISERS}/assignments", json=wanted)
    assert [row["adviser_id"] for row in answer.json or []] == [str(julien.id)] * 3
    wrong = {"assignments": [*wanted["assignments"], {"organisation_id": str(uuid4())}]}
    assert browser.post(f"/api{ADVISERS}/assignments", json=wrong).status_code == 403
    workshop = meetings.workshop()
    sent = {"organisation_ids": [str(each) for each in buyers[:2]]}
    placed = browser.post(f"/api/workshops/{workshop.id}/contacts", json=sent)
    assert (placed.status_code, [row["state"] for row in placed.json or []]) == (201, ["registered"] * 2)
    again = browser.post(f"/api/workshops/{workshop.id}/contacts", json=sent)
    assert (again.status_code, again.json) == (201, [])


def test_a_cohort_that_is_over_is_over_for_each_buyer_whose_agreement_is_signed(world: World) -> None:
    signed = [world.accept(world.apply(f"Ville de {name}")) for name in ("Mauguio", "Lattes")]
    for application in signed:
        world.do(decisions.enrol, application.id)
    declined = world.apply("Ville de Sète")
    world.do(decisions.decline, declined.id, None, "Hors du territoire.")
    for step in (programmes.start_review, programmes.start_cohort, programmes.complete_cohort):
        world.do(step, declined.cohort_id)
    assert {event["id"] for event in world.told("application.completed")} == {str(each.id) for each in signed}
    assert world.read(Application, declined.id).state == "declined"


def test_a_cohort_is_not_over_while_somebody_waits_for_an_answer(world: World, visit: Visit) -> None:
    signed, first, second = (world.apply(f"Ville de {name}") for name in ("Mauguio", "Sète", "Lattes"))
    world.do(decisions.enrol, world.accept(signed).id)
    for application in (first, second):
        world.do(decisions.put_on_waiting_list, application.id, None)
    for step in (programmes.start_review, programmes.start_cohort):
        world.do(step, signed.cohort_id)
    browser = visit(HELENE)

    refused = browser.post(f"{COHORT}/complete", follow_redirects=True).text
    assert "attendent une décision\u00a0: Ville de Lattes, Ville de Sète." in refused
    assert browser.post(f"/api{COHORT}/complete").status_code == 422
    assert world.read(Application, signed.id).state == "enrolled"

    for application in (first, second):
        world.do(decisions.decline, application.id, None, "Aucune place ne s’est libérée.")
    assert browser.post(f"{COHORT}/complete").status_code == 303
    assert world.read(Application, signed.id).state == "completed"


def test_a_cohort_is_not_over_while_an_agreement_or_a_correction_is_missing(
    world: World, visit: Visit
) -> None:
    unsigned, returned = world.accept(world.apply()), world.apply("Ville de Sète")
    world.do(decisions.decline, returned.id, None, "Hors du territoire.")
    for step in (programmes.start_review, programmes.start_cohort):
        world.do(step, unsigned.cohort_id)
    with world.work() as work:  # as in a cohort that began before its start settled what was sent back
        work.get(Application, returned.id).state = ApplicationState.DRAFT
    browser = visit(HELENE)
    page = browser.get(COHORT).text.partition("À régler avant de pouvoir terminer")[2].partition("</ul>")[0]
    assert all(f'href="/applications/{each.id}"' in page for each in (unsigned, returned))

    by = world.person(HELENE, Role.MANAGER).id
    for application, words in (
        (unsigned, "n’ont pas signé leur convention\u00a0: Ville de Mauguio."),
        (returned, "n’ont pas été déposées de nouveau\u00a0: Ville de Sète."),
    ):
        assert words in browser.post(f"{COHORT}/complete", follow_redirects=True).text
        assert browser.post(f"/api{COHORT}/complete").status_code == 422
        world.do(offers.withdraw_on_behalf, application.id, by, "Sans réponse.")
    assert browser.post(f"/api{COHORT}/complete").status_code == 200
    assert "À régler" not in browser.get(COHORT).text


def followed(world: World, *organisation_ids: UUID) -> list[UUID | None]:
    with world.runtime.read() as session:
        return [adviser_of(session, "cesar", each) for each in organisation_ids]


def coming(world: World, workshop_id: UUID) -> set[str]:
    with world.runtime.read() as session:
        placed = participants(session, workshop_id, RegistrationState.REGISTERED)
    return {each.person.email for each in placed}


def page_of(browser: FlaskClient, workshop_id: UUID) -> str:
    return browser.get(f"/workshops/{workshop_id}").text
