"""The accompaniment begins, and nobody's application is left in between."""

import pytest

from services.chassis.model import Conflict
from services.enrolment.domain.application import Application
from services.enrolment.handlers import decisions, programmes
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.world import HELENE, World

COHORT = "/programmes/cesar/cohorts/2027"
REASON = "Le jury n’a pas retenu votre projet cette année."


@pytest.fixture
def in_between(world: World) -> dict[str, Application]:
    """One application in each state in which none may be left at the start, and others."""
    found = {name: world.apply(f"Ville de {name}") for name in ("Lattes", "Lunel", "Sète", "Agde", "Mauguio")}
    world.do(decisions.start_review, found["Lunel"].id)
    world.do(decisions.hand_back, found["Sète"].id, "incomplete", "Le plan manque.")
    world.do(decisions.put_on_waiting_list, found["Agde"].id, None)
    world.accept(found["Mauguio"])
    return found


def states(world: World, applications: dict[str, Application]) -> dict[str, str]:
    return {name: world.read(Application, each.id).state.value for name, each in applications.items()}


def test_before_the_start_a_manager_sees_who_is_in_between_and_what_becomes_of_them(
    in_between: dict[str, Application], visit: Visit
) -> None:
    page = visit(HELENE).get(f"{COHORT}/start").text
    assert "3 candidatures ne sont pas décidées" in page.replace("\u00a0", " ")
    assert all(f"Ville de {name}<" in page for name in ("Lattes", "Lunel", "Sète", "Agde"))
    assert "Ville de Mauguio" not in page


def test_who_is_not_decided_is_declined_with_a_word_and_who_waits_goes_on_waiting(
    world: World, in_between: dict[str, Application], visit: Visit
) -> None:
    browser = visit(HELENE)
    assert browser.post(f"{COHORT}/start", data={"reason": REASON}).status_code == 303
    assert states(world, in_between) == {
        "Lattes": "declined",
        "Lunel": "declined",
        "Sète": "declined",
        "Agde": "waitlisted",
        "Mauguio": "accepted",
    }
    assert {(told["reason"], told["return_reason"]) for told in world.told("application.declined")} == {
        (REASON, None)
    }
    page = visit("claire@sète.example").get(f"/applications/{in_between['Sète'].id}").text
    assert REASON in page
    assert "Corriger et déposer" not in page


def test_without_a_word_for_them_the_cohort_does_not_start(
    world: World, in_between: dict[str, Application], visit: Visit
) -> None:
    before = states(world, in_between)
    browser = visit(HELENE)
    page = browser.post(f"{COHORT}/start")
    assert page.status_code == 422
    assert 'id="field-reason-error"' in page.text
    assert browser.post(f"/api{COHORT}/start").status_code == 422
    assert states(world, in_between) == before
    assert browser.get(f"/api{COHORT}").json["state"] == "open"
    assert browser.post(f"/api{COHORT}/start", json={"reason": REASON}).json["state"] == "running"


def test_where_all_is_decided_a_cohort_starts_without_a_word_and_once(world: World, visit: Visit) -> None:
    world.accept(world.apply())
    browser = visit(HELENE)
    assert "Toutes les candidatures sont décidées." in browser.get(f"{COHORT}/start").text
    assert browser.post(f"{COHORT}/start").status_code == 303
    page = browser.post(f"{COHORT}/start")
    assert page.status_code == 422
    assert "a changé d’étape" in page.text


def test_nobody_is_asked_for_a_correction_that_would_come_too_late(world: World) -> None:
    application = world.apply()
    world.do(decisions.put_on_waiting_list, application.id, None)
    world.do(programmes.start_cohort, application.cohort_id)
    with pytest.raises(Conflict, match="corrections"):
        world.do(decisions.hand_back, application.id, "incomplete", "Le plan manque.")


def test_an_application_that_was_sent_back_can_be_declined_and_nothing_else(
    world: World, visit: Visit
) -> None:
    application = world.apply()
    world.do(decisions.hand_back, application.id, "incomplete", "Le plan manque.")
    browser, here = visit(HELENE), f"/applications/{application.id}"
    page = browser.get(here).text
    assert 'value="decline"' in page
    assert not any(f'value="{decision}"' in page for decision in ("accept", "waitlist", "return"))
    answer = browser.post(f"{here}/decision", data={"decision": "decline", "reason": "Sans réponse."})
    assert answer.status_code == 303
    assert world.read(Application, application.id).state == "declined"
