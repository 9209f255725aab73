"""How far a component is, from what the engine says of its service and tasks."""

from dataclasses import replace
from typing import Any

import pytest

from deploy.swarm.progress import State, progress
from tests.unit.deploy.swarm.examples import JOB, WEB, deployed, specified, task

CHANGED = replace(WEB, environment={"CESAR_LOG_LEVEL": "debug"})
OLD, NEW = specified(WEB).fingerprint, specified(CHANGED).fingerprint


def failed(component: Any = WEB, number: int = 1, error: str = "task: non-zero exit (1)", **more: Any) -> Any:
    return task(component, "failed", number=number, desired="shutdown", error=error, **more)


def test_what_the_engine_does_not_have_is_absent() -> None:
    assert progress(None, OLD).state is State.ABSENT


def test_a_component_is_well_when_as_many_containers_run_as_are_wanted() -> None:
    tasks = [task(WEB), task(WEB, "starting", number=2)]
    seen = progress(deployed(WEB, *tasks, replicas=2), OLD)
    assert (seen.state, seen.running, seen.desired) == (State.STARTING, 1, 2)
    tasks[1]["Status"]["State"] = "running"
    assert progress(deployed(WEB, *tasks, replicas=2), OLD).state is State.WELL


def test_what_was_stopped_is_well_without_a_container() -> None:
    assert progress(deployed(WEB, replicas=0), OLD).state is State.WELL


def test_what_is_no_longer_needed_is_seen_to_leave() -> None:
    leaving = task(WEB, number=2, desired="shutdown")
    seen = progress(deployed(WEB, task(WEB), leaving), OLD)
    assert (seen.state, seen.running) == (State.SETTLING, 1)
    leaving["Status"]["State"] = "shutdown"
    assert progress(deployed(WEB, task(WEB), leaving), OLD).state is State.WELL


def test_too_many_are_not_well_either() -> None:
    seen = progress(deployed(WEB, task(WEB), task(WEB, number=2)), OLD)
    assert not seen.state.is_reached


def test_two_containers_in_the_place_of_one_are_enough() -> None:
    twin = task(WEB, number=2) | {"Slot": 1}
    assert progress(deployed(WEB, task(WEB), twin), OLD).state is State.WELL


def test_a_container_that_ends_badly_shows_until_another_is_well() -> None:
    seen = progress(deployed(WEB, failed(), task(WEB, "starting", number=2)), OLD)
    assert (seen.state, seen.error) == (State.UNWELL, "task: non-zero exit (1)")
    assert progress(deployed(WEB, failed(), task(WEB, number=2)), OLD).state is State.WELL


def test_an_update_counts_only_what_is_as_it_should_be() -> None:
    tasks = [task(WEB), task(CHANGED, "starting", number=2)]
    seen = progress(deployed(CHANGED, *tasks, update="updating"), NEW)
    assert (seen.state, seen.running, seen.current) == (State.UPDATING, 1, 0)


def test_an_update_that_has_not_begun_yet_is_not_over() -> None:
    assert progress(deployed(CHANGED, task(WEB)), NEW).state is State.STARTING


def test_an_update_is_over_when_swarm_says_so() -> None:
    tasks = [task(WEB, "shutdown", desired="shutdown"), task(CHANGED, number=2)]
    assert progress(deployed(CHANGED, *tasks, update="updating"), NEW).state is State.UPDATING
    assert progress(deployed(CHANGED, *tasks, update="completed"), NEW).state is State.WELL


def test_a_component_that_goes_back_has_the_complaint_about_what_it_leaves() -> None:
    tasks = [failed(error="an older one"), task(WEB, number=2), failed(CHANGED, number=3, error="unhealthy")]
    going = progress(deployed(WEB, *tasks, update="rollback_started"), NEW)
    gone = progress(deployed(WEB, *tasks, update="rollback_completed"), NEW)
    assert (going.state, gone.state) == (State.GOING_BACK, State.WENT_BACK)
    assert gone.error == "unhealthy"


def test_what_went_back_is_well_for_who_wants_what_it_is() -> None:
    assert progress(deployed(WEB, task(WEB), update="rollback_completed"), OLD).state is State.WELL


def test_a_way_back_that_fails_too_is_a_failure() -> None:
    assert progress(deployed(WEB, failed(), update="rollback_paused"), OLD).state is State.FAILED


def test_a_container_that_no_machine_takes_is_told_apart() -> None:
    waiting = task(WEB, "pending", error="no suitable node (host-mode port already in use on 1 node)")
    assert progress(deployed(WEB, waiting), OLD).is_homeless
    assert not progress(deployed(WEB, task(WEB, "pending")), OLD).is_homeless


@pytest.mark.parametrize(
    ("tasks", "state"),
    [
        ([], State.STARTING),
        ([task(JOB, desired="complete")], State.STARTING),
        ([failed(JOB), task(JOB, number=2, desired="complete")], State.UNWELL),
        ([failed(JOB), task(JOB, "complete", number=2, desired="complete")], State.DONE),
        ([failed(JOB, number) for number in (1, 2, 3)], State.FAILED),
    ],
)
def test_a_job_is_done_by_one_good_end_and_failed_by_three_bad_ones(tasks: Any, state: State) -> None:
    fingerprint = specified(JOB).fingerprint
    assert progress(deployed(JOB, *tasks), fingerprint).state is state


def test_a_run_of_a_job_does_not_count_for_the_next() -> None:
    there = deployed(JOB, task(JOB, "complete", desired="complete"), iteration=1)
    assert progress(there, specified(JOB).fingerprint).state is State.STARTING
