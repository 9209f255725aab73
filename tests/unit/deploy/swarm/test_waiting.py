"""How long a component is waited for, and how its failure is told."""

from dataclasses import replace

import pytest

from deploy.stack import Component
from deploy.swarm.deployed import Deployed
from deploy.swarm.failures import reason
from deploy.swarm.progress import progress
from deploy.swarm.waiting import Wait
from tests.unit.deploy.swarm.examples import JOB, PROXY, WEB, deployed, specified, task

CHANGED = replace(WEB, image="cesar/web:2")


def failures(component: Component, count: int) -> list[dict[str, object]]:
    error = "task: non-zero exit (1)"
    return [
        task(component, "failed", number=number + 1, desired="shutdown", error=error)
        for number in range(count)
    ]


def wait_for(component: Component, there: Deployed | None = None) -> Wait:
    known = there.failures if there else frozenset()
    fingerprint = specified(component).fingerprint
    return Wait(component=component, fingerprint=fingerprint, until=100, known_failures=known)


def is_hopeless(wait: Wait, there: Deployed | None, now: float = 0) -> bool:
    return wait.is_hopeless(there, progress(there, wait.fingerprint), now)


def test_what_starts_is_waited_for_until_its_time_is_over() -> None:
    there = deployed(WEB, task(WEB, "starting"))
    assert not is_hopeless(wait_for(WEB), there, now=99)
    assert is_hopeless(wait_for(WEB), there, now=101)


def test_what_is_well_is_never_hopeless() -> None:
    assert not is_hopeless(wait_for(WEB), deployed(WEB, task(WEB)), now=101)


def test_who_leaves_is_waited_for_as_long_as_it_may_take() -> None:
    settling = deployed(WEB, task(WEB), task(WEB, number=2, desired="shutdown"))
    wait, seen = wait_for(WEB), progress(settling, specified(WEB).fingerprint)
    assert not wait.has_arrived(seen, now=1)
    assert not wait.has_arrived(seen, now=1 + WEB.stop_grace + 14)
    assert wait.has_arrived(seen, now=1 + WEB.stop_grace + 16)
    assert wait_for(WEB).has_arrived(progress(deployed(WEB, task(WEB)), wait.fingerprint), now=1)


def test_the_third_container_that_ends_badly_is_the_last_that_is_waited_for() -> None:
    assert not is_hopeless(wait_for(WEB), deployed(WEB, *failures(WEB, 2)))
    assert is_hopeless(wait_for(WEB), deployed(WEB, *failures(WEB, 3)))


def test_containers_that_had_ended_badly_before_do_not_count() -> None:
    before = deployed(WEB, *failures(WEB, 3))
    assert not is_hopeless(wait_for(WEB, before), deployed(WEB, *failures(WEB, 5)))
    assert is_hopeless(wait_for(WEB, before), deployed(WEB, *failures(WEB, 6)))


def test_an_update_is_left_to_swarm_however_many_end_badly() -> None:
    there = deployed(CHANGED, *failures(CHANGED, 9), update="updating")
    assert not is_hopeless(wait_for(CHANGED), there)


def test_what_went_back_and_a_failed_job_are_hopeless() -> None:
    assert is_hopeless(wait_for(CHANGED), deployed(WEB, task(WEB), update="rollback_completed"))
    assert is_hopeless(wait_for(JOB), deployed(JOB, *failures(JOB, 3)))
    assert not is_hopeless(wait_for(JOB), deployed(JOB, *failures(JOB, 2)))


def test_a_container_that_no_machine_takes_is_waited_for_until_an_old_one_must_have_left() -> None:
    wait = wait_for(WEB)
    there = deployed(WEB, task(WEB, "pending", error="no suitable node"))
    assert not is_hopeless(wait, there, now=1)
    assert not is_hopeless(wait, there, now=1 + WEB.stop_grace + 29)
    assert is_hopeless(wait, there, now=1 + WEB.stop_grace + 31)


def test_a_container_that_found_a_machine_begins_anew() -> None:
    wait = wait_for(WEB)
    homeless = deployed(WEB, task(WEB, "pending", error="no suitable node"))
    assert not is_hopeless(wait, homeless, now=1)
    assert not is_hopeless(wait, deployed(WEB, task(WEB, "starting")), now=60)
    assert not is_hopeless(wait, homeless, now=63)


def test_a_component_that_is_removed_meanwhile_is_not_waited_for() -> None:
    wait = wait_for(WEB)
    assert is_hopeless(wait, None)
    assert wait.failure(None, progress(None, "")) == "web was removed while it was waited for."


def test_a_failure_is_told_in_a_sentence() -> None:
    there = deployed(WEB, *failures(WEB, 3))
    told = wait_for(WEB).failure(there, progress(there, specified(WEB).fingerprint))
    assert told == "web does not get well: its process ended with exit code 1."


def test_who_went_back_is_told_with_both_images() -> None:
    unhealthy = "task: non-zero exit (143): dockerexec: unhealthy container"
    bad = task(CHANGED, "failed", number=2, desired="shutdown", error=unhealthy)
    there = deployed(WEB, task(WEB), bad, update="rollback_completed")
    wait = wait_for(CHANGED)
    told = wait.failure(there, progress(there, wait.fingerprint))
    assert told == "web went back to cesar/web:1: with cesar/web:2 its health check fails."


def test_what_was_undone_is_told_with_what_it_was_undone_for() -> None:
    wait = wait_for(replace(CHANGED, node="server-1"))
    wait.undone_for = "no suitable node (scheduling constraints not satisfied on 1 node)"
    there = deployed(WEB, task(WEB), update="completed")
    told = wait.failure(there, progress(there, wait.fingerprint))
    assert told == (
        "web went back to cesar/web:1: with cesar/web:2 it has to run on server-1, "
        "which is not there or takes no work."
    )


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        ("task: non-zero exit (3)", "its process ended with exit code 3"),
        (
            "task: non-zero exit (137)",
            "its process ended with exit code 137, killed, perhaps for want of memory",
        ),
        ("task: non-zero exit (137): dockerexec: unhealthy container", "its health check fails"),
        (
            "starting container failed: driver failed programming external connectivity on endpoint x: "
            "Error starting userland proxy: listen tcp4 0.0.0.0:443: bind: address already in use",
            "port 443 is taken by another program",
        ),
        (
            "no suitable node (host-mode port already in use on 1 node)",
            "port 443 is taken by another service of the swarm",
        ),
        (
            "no suitable node (scheduling constraints not satisfied on 1 node)",
            "it has to run on server-1, which is not there or takes no work",
        ),
        ("No such image: sha256:ab", "the machine that it was given to does not have the image cesar/web:1"),
        (
            'invalid mount config for type "bind": bind source path does not exist: /run/docker.sock',
            "its machine does not have /run/docker.sock",
        ),
        ("write /x: no space left on device", "the disk of its machine is full"),
        ("something else", "something else"),
        ("", "it takes too long to get well"),
    ],
)
def test_the_engines_complaints_are_put_plainly(error: str, sentence: str) -> None:
    assert reason(replace(PROXY, node="server-1"), error) == sentence
