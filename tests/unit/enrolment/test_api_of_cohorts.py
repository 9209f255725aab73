"""A cohort from its call to its end, as programs lead it there."""

from datetime import timedelta

from services.enrolment.domain.person import Role
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.world import HELENE, World

COHORTS = "/api/programmes/cesar/cohorts"


def test_a_cohort_is_opened_reviewed_started_and_completed_each_once(world: World, visit: Visit) -> None:
    manager, here = visit(HELENE), f"{COHORTS}/2028"
    manager.post(COHORTS, json={"label": "2028", "capacity": 10})
    assert manager.post(f"{here}/review").status_code == 409, "its call is not open yet"
    today = world.today()
    dates = {"call_opens_on": f"{today}", "call_closes_on": f"{today + timedelta(weeks=6)}"}
    wrong = {**dates, "call_closes_on": f"{today - timedelta(days=1)}"}
    assert manager.post(f"{here}/open", json=wrong).status_code == 422
    opened = manager.post(f"{here}/open", json=dates)
    assert (opened.status_code, opened.get_json()["state"]) == (200, "open")
    assert manager.post(f"{here}/open", json=dates).status_code == 409
    for step in ("review", "start", "complete"):
        answer = manager.post(f"{here}/{step}")
        assert answer.status_code == 200, answer.text
        assert answer.get_json()["state"] == manager.get(here).get_json()["state"]
        assert manager.post(f"{here}/{step}").status_code == 409
    listed = visit().get(COHORTS).get_json()["items"]
    assert {each["label"]: each["state"] for each in listed} == {"2028": "completed", "2027": "open"}


def test_a_manager_of_another_programme_leads_no_cohort_of_this_one(world: World, visit: Visit) -> None:
    world.programme("autre")
    world.person("paul@cci.example", Role.MANAGER, "autre")
    paul, here = visit("paul@cci.example"), f"{COHORTS}/2027"
    assert paul.post(f"{here}/review").status_code == 403
    dates = dict.fromkeys(("call_opens_on", "call_closes_on"), f"{world.today()}")
    assert paul.post(f"{here}/open", json=dates).status_code == 403
