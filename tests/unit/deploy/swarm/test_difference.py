"""What there is to do, from what the engine has."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.stack import Component, Replicas
from deploy.swarm.deployed import Deployed
from deploy.swarm.difference import Action, Change, Difference, compare, fitting
from tests.unit.deploy.swarm.examples import JOB, WEB, deployed, small_stack, specified, task


def difference(
    *components: Component,
    there: Mapping[str, Deployed],
    networks: tuple[str, ...] = ("front",),
    configs: tuple[str, ...] = ("pages.abc",),
) -> Difference:
    specifications = {component.name: specified(component) for component in components}
    return compare(small_stack(*components), specifications, there, networks=networks, configs=configs)


def test_on_an_empty_engine_everything_is_created_in_the_order_of_the_stack() -> None:
    found = difference(JOB, WEB, there={}, networks=(), configs=())
    assert [(change.component, change.action) for change in found.changes] == [
        ("job", Action.CREATE),
        ("web", Action.CREATE),
    ]
    assert (found.new_networks, found.new_configs) == (("front",), ("pages.abc",))
    assert not found.is_empty


def test_what_is_there_as_described_is_kept() -> None:
    there = {"web": deployed(WEB, task(WEB)), "job": deployed(JOB, task(JOB, "complete"))}
    found = difference(JOB, WEB, there=there)
    assert found.is_empty
    assert {change.action for change in found.changes} == {Action.KEEP}


def test_a_change_is_named() -> None:
    louder = replace(WEB, environment={"CESAR_LOG_LEVEL": "debug"}, memory=None)
    change = difference(louder, there={"web": deployed(WEB)}).of("web")
    assert change == Change(component="web", action=Action.CHANGE, replicas=1, what=("env", "resources"))


def test_another_image_is_named_with_both_releases() -> None:
    change = difference(replace(WEB, image="cesar/web:2"), there={"web": deployed(WEB)}).of("web")
    assert change.what == ("image cesar/web:1 → cesar/web:2",)


def test_what_is_not_described_any_more_is_removed() -> None:
    found = difference(WEB, there={"web": deployed(WEB), "old": deployed(replace(WEB, name="old"))})
    assert found.of("old").action is Action.REMOVE


def test_networks_and_configs_that_nothing_needs_are_removed() -> None:
    found = difference(WEB, there={}, networks=("front", "back"), configs=("pages.abc", "pages.000"))
    assert (found.old_networks, found.old_configs) == (("back",), ("pages.000",))


@pytest.mark.parametrize(
    ("bounds", "now", "after"),
    [
        (Replicas(least=1, most=4), 3, 3),
        (Replicas(least=1, most=4), 6, 4),
        (Replicas(least=2, most=4), 0, 2),
        (Replicas(least=2, most=2), 5, 2),
    ],
)
def test_a_count_that_was_chosen_is_kept_within_its_bounds(bounds: Replicas, now: int, after: int) -> None:
    change = difference(replace(WEB, replicas=bounds), there={"web": deployed(WEB, replicas=now)}).of("web")
    assert change.replicas == after
    assert change.what == (() if now == after else (f"replicas {now} → {after}",))


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 100))
def test_a_count_never_leaves_its_bounds_and_moves_only_to_reach_them(one: int, two: int, now: int) -> None:
    bounds = Replicas(least=min(one, two), most=max(one, two))
    kept = fitting(bounds, now)
    assert bounds.least <= kept <= bounds.most
    assert kept == now or kept in (bounds.least, bounds.most)
    assert fitting(bounds, kept) == kept


@pytest.mark.parametrize(
    ("tasks", "action"),
    [
        ([task(JOB, "complete", desired="complete")], Action.KEEP),
        ([task(JOB, "running", desired="complete")], Action.KEEP),
        ([task(JOB, "failed", desired="shutdown", number=number) for number in (1, 2, 3)], Action.REPEAT),
        ([], Action.REPEAT),
        ([task(JOB, "failed", desired="shutdown"), task(JOB, "complete", number=2)], Action.KEEP),
    ],
)
def test_a_job_is_repeated_until_it_has_ended_well(tasks: list[dict[str, object]], action: Action) -> None:
    assert difference(JOB, there={"job": deployed(JOB, *tasks)}).of("job").action is action


def test_a_job_that_ended_well_in_an_earlier_run_only_has_not_ended_well() -> None:
    earlier = task(JOB, "complete", desired="complete", iteration=1)
    there = deployed(
        JOB, earlier, task(JOB, "failed", desired="shutdown", number=2, iteration=2), iteration=2
    )
    assert difference(JOB, there={"job": there}).of("job").action is Action.REPEAT
