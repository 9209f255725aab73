"""Bringing the engine to a stack, component after component, until each is well.

What was begun and not finished is finished by the next time: what is to be done follows from what the engine
has, and nothing else is remembered.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from graphlib import CycleError, TopologicalSorter

from docker import DockerClient

from deploy import secrets
from deploy.engine import engine_problems
from deploy.stack import Stack
from deploy.swarm import inventory, removal, services
from deploy.swarm.deployed import Deployed, observe
from deploy.swarm.difference import Action, Difference
from deploy.swarm.planning import Plan, plan
from deploy.swarm.problems import StackProblem
from deploy.swarm.waits import BETWEEN_LOOKS, PATIENCE, Report, Waits, silent


def converge(
    client: DockerClient,
    stack: Stack,
    *,
    only: Collection[str] | None = None,
    report: Report = silent,
    patience: float = PATIENCE,
) -> Difference:
    """Bring the engine to a stack, or ``only`` these components of it; what was to be done.

    Raises StackProblem, EngineProblem.
    """
    planned = plan(client, stack, only=only, fetching=lambda image: None)
    apply(client, planned, report=report, patience=patience)
    return planned.difference


def apply(
    client: DockerClient, planned: Plan, *, report: Report = silent, patience: float = PATIENCE
) -> None:
    """Carry out a plan and wait until every component of it is well or, a job, done.

    ``report`` hears of each component again and again. ``patience`` is how long one container may take to
    get well, in seconds.

    Raises StackProblem with a sentence for each component that does not get well and the last lines of what
    it said; swarm has brought a component that was well before back to what it was. Raises EngineProblem.
    """
    stack, difference = planned.stack, planned.difference
    removed = [change.component for change in difference.changes if change.action is Action.REMOVE]
    with engine_problems():
        inventory.make_networks(client, stack, difference.new_networks)
        inventory.make_configs(client, stack, difference.new_configs)
        deployed = observe(client, stack.name)
        # Two must never use a volume at once: what has to give it up ends before another begins.
        first = [name for name in removed if removal.gives_up_a_volume(deployed[name], stack)]
        removal.remove_services(client, stack.name, first)
        waits = Waits(client=client, stack=stack.name, report=report, patience=patience)
        _apply_in_order(client, planned, waits)
        removal.remove_services(client, stack.name, [name for name in removed if name not in first])
        removal.remove_networks(client, stack.name, difference.old_networks)
        inventory.remove_configs(client, stack.name, difference.old_configs)
    secrets.remove_replaced(client, stack.name)


def _apply_in_order(client: DockerClient, planned: Plan, waits: Waits) -> None:
    """Once one component has failed no other is begun; those that were are waited for."""
    order = _order(planned.stack)
    configs = inventory.config_ids(client, planned.stack.name)
    while order.is_active() and (waits.open or not waits.failures):
        if not waits.failures:
            deployed = observe(client, planned.stack.name)
            for name in order.get_ready():
                _begin(client, planned, waits, name, deployed.get(name), configs)
        for name in waits.look(observe(client, planned.stack.name)):
            order.done(name)
        if waits.open:
            time.sleep(BETWEEN_LOOKS)
    if waits.failures:
        raise StackProblem("\n".join(waits.failures))


def _order(stack: Stack) -> TopologicalSorter[str]:
    names = {component.name for component in stack.components}
    order = TopologicalSorter(
        {component.name: names.intersection(component.after) for component in stack.components}
    )
    try:
        order.prepare()
    except CycleError as error:
        raise StackProblem(f"These wait for one another: {', '.join(error.args[1])}.") from None
    return order


def _begin(
    client: DockerClient,
    planned: Plan,
    waits: Waits,
    name: str,
    deployed: Deployed | None,
    configs: dict[str, str],
) -> None:
    component, specification = planned.stack.component(name), planned.specifications[name]
    change = planned.difference.of(name)
    if change.action is Action.CREATE:
        services.create(client, specification, component, change.replicas, configs)
    elif change.action is not Action.KEEP and deployed is not None:
        services.change(client, deployed, specification, component, change.replicas, configs)
    waits.begin(component, specification.fingerprint, change.replicas, deployed)
