"""Changing several components as one: all of them, or none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from docker import DockerClient

from deploy.engine import engine_problems
from deploy.swarm import services
from deploy.swarm.convergence import apply
from deploy.swarm.deployed import Deployed, observe
from deploy.swarm.planning import Plan
from deploy.swarm.problems import StackProblem
from deploy.swarm.waits import PATIENCE, Report, silent, wait_until_well


def apply_or_undo(
    client: DockerClient, planned: Plan, *, report: Report = silent, patience: float = PATIENCE
) -> None:
    """Carry out a plan. When a component of it fails, the others that have changed go back as well.

    What a job has done is not undone: the job as it was before runs once more, and has to cope with that.
    Raises as ``apply`` does, once everything runs as before.
    """
    with engine_problems():
        before = observe(client, planned.stack.name)
    try:
        apply(client, planned, report=report, patience=patience)
    except StackProblem as problem:
        told = [str(problem), *_undo(client, planned, before, report, patience)]
        raise StackProblem("\n".join(told)) from problem


def _undo(
    client: DockerClient, planned: Plan, before: Mapping[str, Deployed], report: Report, patience: float
) -> Iterator[str]:
    """What became of the components that swarm itself had not brought back, in sentences."""
    stack = planned.stack
    with engine_problems():
        now = observe(client, stack.name)
        changed = [
            component
            for component in stack.components
            if component.name in before
            and now[component.name].fingerprint != before[component.name].fingerprint
        ]
        for component in changed:
            services.restore(client, now[component.name], before[component.name].specification)
    try:
        wait_until_well(client, stack.name, changed, report=report, patience=patience)
    except StackProblem as problem:
        yield f"On the way back, {problem}"
    else:
        yield from (f"{component.name} went back to what it was before." for component in changed)
