"""Managers plan cohorts and decide; applicants follow, correct and withdraw: on their pages."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from services.enrolment.domain.application import Application, ApplicationState
from services.enrolment.domain.person import Role
from services.enrolment.handlers import decisions
from services.enrolment.handlers.assignments import assign_adviser
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.world import HELENE, SIRET, World

COHORTS = "/programmes/cesar/cohorts"


def state_of(world: World, application: Application) -> ApplicationState:
    return world.read(Application, application.id).state


def test_the_managers_home_says_what_waits(world: World, visit: Visit) -> None:
    browser = visit(HELENE)
    assert "Tout est à jour" in browser.get("/").text
    world.apply("Ville de Mauguio")
    world.apply("Ville de Lattes")
    assert "2 candidatures attendent une décision" in browser.get("/").text.replace("\u00a0", " ")


def test_a_cohort_is_planned_and_its_call_opened(world: World, visit: Visit) -> None:
    browser = visit(HELENE)
    planned = browser.post(f"{COHORTS}/new", data={"label": "2028", "capacity": "12"})
    assert planned.headers["Location"] == f"{COHORTS}/2028"
    dates = {"call_opens_on": "24/11/2026", "call_closes_on": "2026-12-24"}
    assert browser.post(f"{COHORTS}/2028/open", data=dates).status_code == 303
    assert "jusqu’au 24 décembre 2026" in browser.get(f"{COHORTS}/2028").text
    assert world.told("cohort.opened")[-1]["capacity"] == 12


@pytest.mark.parametrize("label", ["2027", "new", "20/28", "..", ""])
def test_a_cohort_needs_a_name_that_is_free_and_fits_into_an_address(visit: Visit, label: str) -> None:
    page = visit(HELENE).post(f"{COHORTS}/new", data={"label": label, "capacity": "7"})
    assert page.status_code == 422
    assert f'value="{label}"' in page.text
    assert 'value="7"' in page.text


def test_dates_that_make_no_sense_are_refused_and_kept(world: World, visit: Visit) -> None:
    browser = visit(HELENE)
    browser.post(f"{COHORTS}/new", data={"label": "2028", "capacity": "10"})
    dates = {"call_opens_on": "2026-12-24", "call_closes_on": "2026-12-01"}
    page = browser.post(f"{COHORTS}/2028/open", data=dates)
    assert page.status_code == 422
    assert "avant de s’ouvrir" in page.text
    assert 'value="2026-12-01"' in page.text
    assert len(world.told("cohort.opened")) == 1


def test_a_step_that_was_taken_already_is_a_conflict(visit: Visit) -> None:
    browser = visit(HELENE)
    assert browser.post(f"{COHORTS}/2027/review").status_code == 303
    page = browser.post(f"{COHORTS}/2027/review")
    assert page.status_code == 409
    assert "a changé d’étape" in page.text


def test_a_cohort_that_does_not_exist_is_not_found(visit: Visit) -> None:
    browser = visit(HELENE)
    assert browser.get(f"{COHORTS}/1999").status_code == 404
    assert browser.post(f"{COHORTS}/1999/start").status_code == 404


def test_a_manager_of_one_programme_has_no_say_in_another(world: World, visit: Visit) -> None:
    world.programme("vignoble")
    world.cohort("2027", programme="vignoble")
    elsewhere = world.apply("Ville de Lunel", programme="vignoble")
    browser = visit(HELENE)
    assert browser.get("/programmes/vignoble/cohorts/2027").status_code == 403
    assert browser.get(f"/applications/{elsewhere.id}").status_code == 404
    answer = browser.post(f"/applications/{elsewhere.id}/decision", data={"decision": "accept"})
    assert answer.status_code == 404
    assert state_of(world, elsewhere) is ApplicationState.SUBMITTED


@pytest.mark.parametrize(
    ("decision", "leads_to"),
    [
        ({"decision": "accept"}, "accepted"),
        ({"decision": "waitlist"}, "waitlisted"),
        ({"decision": "decline", "reason": "Le projet n’est pas mûr."}, "declined"),
        ({"decision": "return", "return_reason": "outdated", "reason": "Chiffres de 2023."}, "draft"),
    ],
)
def test_the_manager_decides(world: World, visit: Visit, decision: dict[str, str], leads_to: str) -> None:
    application = world.apply()
    browser = visit(HELENE)
    assert browser.post(f"/applications/{application.id}/decision", data=decision).status_code == 303
    page = browser.get(f"/applications/{application.id}")
    assert "C’est fait." in page.text
    assert state_of(world, application) == leads_to


def test_a_refusal_without_a_reason_comes_back_with_what_was_chosen(world: World, visit: Visit) -> None:
    application = world.apply()
    page = visit(HELENE).post(f"/applications/{application.id}/decision", data={"decision": "decline"})
    assert page.status_code == 422
    assert "Dites pourquoi la candidature est refusée." in page.text
    assert 'value="decline" checked' in page.text
    assert state_of(world, application) is ApplicationState.SUBMITTED


def test_of_two_managers_who_accept_for_the_last_place_one_is_told_that_it_is_gone(
    world: World, visit: Visit
) -> None:
    world.cohort("2028", capacity=1)
    first, second = (world.apply(f"Ville de {name}", cohort_label="2028") for name in ("Mauguio", "Lattes"))
    world.person("paul@cci.example", Role.MANAGER, name="Paul")
    together = Barrier(2)
    turns = [(visit(HELENE), first), (visit("paul@cci.example"), second)]

    def accept(number: int) -> tuple[int, str]:
        browser, application = turns[number]
        together.wait()
        answer = browser.post(f"/applications/{application.id}/decision", data={"decision": "accept"})
        return answer.status_code, answer.text

    with ThreadPoolExecutor(2) as managers:
        (won, _), (lost, page) = sorted(managers.map(accept, range(2)))
    assert (won, lost) == (303, 422)
    assert "Cette promotion n’a plus de place" in page
    assert sorted(state_of(world, each) for each in (first, second)) == ["accepted", "submitted"]


def test_the_agreement_is_noted_once(world: World, visit: Visit) -> None:
    application = world.accept(world.apply(siret=SIRET))
    browser = visit(HELENE)
    signed = {"decision": "enrol"}
    assert browser.post(f"/applications/{application.id}/decision", data=signed).status_code == 303
    again = browser.post(f"/applications/{application.id}/decision", data=signed)
    assert again.status_code == 422
    assert "a déjà statué" in again.text


def test_an_agreement_signed_elsewhere_needs_the_siret_too(world: World, visit: Visit) -> None:
    application = world.accept(world.apply())
    browser = visit(HELENE)
    assert 'value="enrol"' not in browser.get(f"/applications/{application.id}").text
    answer = browser.post(f"/applications/{application.id}/decision", data={"decision": "enrol"})
    assert answer.status_code == 422
    assert "SIRET" in answer.text
    assert state_of(world, application) is ApplicationState.ACCEPTED


def test_an_applicant_sees_their_own_application_and_no_other(world: World, visit: Visit) -> None:
    mine = world.apply("Ville de Mauguio", contact_email="claire@mauguio.example")
    theirs = world.apply("Ville de Lattes", contact_email="luc@lattes.example")
    browser = visit("claire@mauguio.example")
    assert browser.get(f"/applications/{mine.id}").status_code == 200
    assert browser.get(f"/applications/{theirs.id}").status_code == 404
    for act in ("submit", "withdraw", "siret", "decision"):
        answer = browser.post(f"/applications/{theirs.id}/{act}", data={"motivation": "x"})
        assert answer.status_code == (403 if act == "decision" else 404)
    assert browser.post(f"/applications/{mine.id}/decision", data={"decision": "accept"}).status_code == 403
    assert browser.get(f"{COHORTS}/2027").status_code == 403
    unknown = browser.get("/applications/00000000-0000-0000-0000-000000000000")
    assert unknown.status_code == 404, "what does not exist looks like what one may not see"
    assert state_of(world, theirs) is ApplicationState.SUBMITTED


def test_an_adviser_reads_and_does_not_decide(world: World, visit: Visit) -> None:
    julien = world.person("julien@conseil.example", Role.ADVISER, name="Julien")
    application = world.accept(world.apply())
    world.do(assign_adviser, "cesar", application.organisation_id, julien.id, None)
    browser = visit("julien@conseil.example")
    page = browser.get(f"/applications/{application.id}")
    assert page.status_code == 200
    assert 'name="decision"' not in page.text
    answer = browser.post(f"/applications/{application.id}/decision", data={"decision": "accept"})
    assert answer.status_code == 403


def test_the_applicant_reads_what_to_correct_and_hands_it_in_again(world: World, visit: Visit) -> None:
    application = world.apply(contact_email="claire@mauguio.example")
    world.do(decisions.hand_back, application.id, "incomplete", "Qui y travaillera ?")
    browser = visit("claire@mauguio.example")
    assert "Qui y travaillera ?" in browser.get("/").text
    assert "Mieux acheter." in browser.get(f"/applications/{application.id}").text
    empty = browser.post(f"/applications/{application.id}/submit", data={"motivation": "  "})
    assert empty.status_code == 422
    answer = browser.post(f"/applications/{application.id}/submit", data={"motivation": "Claire et Luc."})
    assert answer.status_code == 303
    assert state_of(world, application) is ApplicationState.SUBMITTED
    again = browser.post(f"/applications/{application.id}/submit", data={"motivation": "Encore."})
    assert again.status_code == 422
    assert "Encore." not in world.read(Application, application.id).motivation


def test_the_applicant_withdraws(world: World, visit: Visit) -> None:
    application = world.apply(contact_email="claire@mauguio.example")
    browser = visit("claire@mauguio.example")
    assert browser.post(f"/applications/{application.id}/withdraw").status_code == 303
    assert "Votre candidature est retirée" in browser.get("/").text
    assert browser.post(f"/applications/{application.id}/withdraw").status_code == 409


def test_the_applicant_adds_the_siret_that_was_missing(world: World, visit: Visit) -> None:
    application = world.apply(contact_email="claire@mauguio.example")
    browser = visit("claire@mauguio.example")
    address = f"/applications/{application.id}/siret"
    for wrong in ("123", ""):
        page = browser.post(address, data={"siret": wrong})
        assert page.status_code == 422
        assert f'value="{wrong}"' in page.text
    assert browser.post(address, data={"siret": SIRET}).status_code == 303
    assert SIRET in browser.get(f"/applications/{application.id}").text


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("accept", "Ajoutez votre SIRET"),
        ("put_on_waiting_list", "Vous êtes sur liste d’attente"),
        ("decline", "n’a pas été retenue"),
        ("nothing", "est à l’étude"),
    ],
)
def test_the_applicants_home_says_where_they_stand(world: World, visit: Visit, act: str, words: str) -> None:
    application = world.apply(contact_email="claire@mauguio.example")
    if act == "decline":
        world.do(decisions.decline, application.id, None, "Le projet n’est pas mûr.")
    elif act != "nothing":
        world.do(getattr(decisions, act), application.id, None)
    assert words in visit("claire@mauguio.example").get("/").text
