"""How an installation is, from what the engine has of it."""

from dataclasses import replace
from datetime import UTC, datetime

from deploy.autoscaling.loop import LABEL, LastDecision
from deploy.stack import Replicas
from deploy.status import ComponentStatus, component_statuses
from deploy.swarm import State
from tests.unit.deploy.swarm.examples import JOB, WEB, deployed, small_stack, task

ELASTIC = replace(WEB, replicas=Replicas(least=1, most=4))


def one(statuses: tuple[ComponentStatus, ...], name: str) -> ComponentStatus:
    (found,) = [status for status in statuses if status.component == name]
    return found


def test_each_component_tells_how_much_of_it_runs_and_in_which_image() -> None:
    there = {"web": deployed(ELASTIC, task(ELASTIC), task(ELASTIC, "starting", number=2), replicas=2)}
    web = one(component_statuses(small_stack(ELASTIC), there), "web")
    assert (web.state, web.running, web.desired, web.least, web.most) == (State.STARTING, 1, 2, 1, 4)
    assert web.image == "cesar/web:1"
    assert not web.is_well


def test_all_is_well_when_services_run_and_jobs_are_done() -> None:
    there = {"web": deployed(WEB, task(WEB)), "job": deployed(JOB, task(JOB, "complete"))}
    statuses = component_statuses(small_stack(JOB, WEB), there)
    assert [(status.component, status.state) for status in statuses] == [
        ("job", State.DONE),
        ("web", State.WELL),
    ]
    assert all(status.is_well for status in statuses)


def test_what_is_not_there_yet_is_told_with_what_to_do() -> None:
    [web] = component_statuses(small_stack(ELASTIC), {})
    assert (web.state, web.running, web.desired) == (State.ABSENT, 0, 1)
    assert "cesar deploy up" in web.note


def test_what_the_file_does_not_have_comes_last_and_is_not_well() -> None:
    old = replace(WEB, name="a-former-one")
    there = {"a-former-one": deployed(old, task(old)), "web": deployed(WEB, task(WEB))}
    web, former = component_statuses(small_stack(WEB), there)
    assert web.is_well
    assert not former.is_well and not former.is_described


def test_a_complaint_shows_while_it_lasts() -> None:
    failed = task(WEB, "failed", desired="shutdown", error="task: non-zero exit (1)")
    [unwell] = component_statuses(small_stack(WEB), {"web": deployed(WEB, failed)})
    assert (unwell.state, unwell.note) == (State.UNWELL, "task: non-zero exit (1)")
    [well] = component_statuses(small_stack(WEB), {"web": deployed(WEB, failed, task(WEB, number=2))})
    assert well.note == ""


def test_an_update_that_went_back_is_remembered() -> None:
    there = {"web": deployed(WEB, task(WEB), update="rollback_completed")}
    [web] = component_statuses(small_stack(WEB), there)
    assert web.is_well
    assert web.note == "its latest update went back"


def test_what_the_autoscaler_did_last_is_told_with_its_reason() -> None:
    decision = LastDecision(
        at=datetime(2026, 5, 1, 12, 30, tzinfo=UTC),
        before=1,
        after=2,
        reason="900 events wait.",
        capacity=None,
    )
    there = deployed(ELASTIC, task(ELASTIC))
    marks = {**there.specification["Labels"], LABEL: decision.as_label()}
    there = replace(there, specification={**there.specification, "Labels": marks})
    [web] = component_statuses(small_stack(ELASTIC), {"web": there})
    assert web.note == "autoscaler at 2026-05-01 12:30 UTC: 1 → 2. 900 events wait."
