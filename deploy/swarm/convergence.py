"""Bringing the engine to a stack, component after component, until each is well.

What was begun and not finished is finished by the next time: what is to be done follows from what the engine
has, and nothing else is remembered.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from docker import DockerClient

from deploy import secrets
from deploy.engine import engine_problems
from deploy.stack import Stack
from deploy.swarm import inventory, removal, services
from deploy.swarm.deployed import Deployed, observe
from deploy.swarm.difference import Action, Difference
from deploy.swarm.failures import last_words
from deploy.swarm.planning import Plan, plan
from deploy.swarm.problems import StackProblem
from deploy.swarm.progress import Progress, State, progress
from deploy.swarm.waiting import Wait

# How long one container may take to get well, in seconds.
PATIENCE = 300.0
_BETWEEN_LOOKS = 0.5

Report = Callable[[str, Progress], None]


def converge(
    client: DockerClient,
    stack: Stack,
    *,
    only: Collection[str] | None = None,
    patience: float = PATIENCE,
) -> Difference:
    """Bring the engine to a stack, or ``only`` these components of it; what was to be done.

    Raises StackProblem, EngineProblem.
    """
    planned = plan(client, stack, only=only, fetching=lambda image: None)
    apply(client, planned, patience=patience)
    return planned.difference


def apply(
    client: DockerClient,
    planned: Plan,
    *,
    report: Report = lambda component, progress: None,
    patience: float = PATIENCE,
) -> None:
    """Carry out a plan and wait until every component of it is well or, a job, done.

    ``report`` hears of each component again and again. ``patience`` is how long one container may take to
    get well, in seconds.

    Raises StackProblem with a sentence for each component that does not get well and the last lines of what
    it said; swarm has brought a component that was well before back to what it was. Raises EngineProblem.
    """
    stack, difference = planned.stack, planned.difference
    with engine_problems():
        inventory.make_networks(client, stack, difference.new_networks)
        inventory.make_configs(client, stack, difference.new_configs)
        _Convergence(client=client, plan=planned, report=report, patience=patience).run()
        removal.remove_services(
            client,
            stack.name,
            [change.component for change in difference.changes if change.action is Action.REMOVE],
        )
        removal.remove_networks(client, stack.name, difference.old_networks)
        inventory.remove_configs(client, stack.name, difference.old_configs)
    secrets.remove_replaced(client, stack.name)


@dataclass(kw_only=True)
class _Convergence:
    client: DockerClient
    plan: Plan
    report: Report
    patience: float
    waits: dict[str, Wait] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Once one component has failed no other is begun; those that were are waited for."""
        order = self._order()
        configs = inventory.config_ids(self.client, self.plan.stack.name)
        while order.is_active() and (self.waits or not self.failures):
            deployed = observe(self.client, self.plan.stack.name)
            if not self.failures:
                for name in order.get_ready():
                    self._begin(name, deployed.get(name), configs)
                deployed = observe(self.client, self.plan.stack.name)
            for name in self._settled(deployed):
                order.done(name)
            if self.waits:
                time.sleep(_BETWEEN_LOOKS)
        if self.failures:
            raise StackProblem("\n".join(self.failures))

    def _order(self) -> TopologicalSorter[str]:
        components = {component.name: component for component in self.plan.stack.components}
        order = TopologicalSorter(
            {
                name: [before for before in component.after if before in components]
                for name, component in components.items()
            }
        )
        try:
            order.prepare()
        except CycleError as error:
            raise StackProblem(f"These wait for one another: {', '.join(error.args[1])}.") from None
        return order

    def _begin(self, name: str, deployed: Deployed | None, configs: dict[str, str]) -> None:
        component, specification = self.plan.stack.component(name), self.plan.specifications[name]
        change = self.plan.difference.of(name)
        if change.action is Action.CREATE:
            services.create(self.client, specification, component, change.replicas, configs)
        elif change.action is not Action.KEEP and deployed is not None:
            services.change(self.client, deployed, specification, component, change.replicas, configs)
        self.waits[name] = Wait(
            component=component,
            fingerprint=specification.fingerprint,
            # One after the other.
            until=time.monotonic() + self.patience * max(1, change.replicas),
            known_failures=deployed.failures if deployed else frozenset(),
        )

    def _settled(self, deployed: dict[str, Deployed]) -> list[str]:
        """Those that are well now; those that will not be are noted as failures."""
        reached = []
        for name, wait in list(self.waits.items()):
            one = deployed.get(name)
            seen = progress(one, wait.fingerprint)
            self.report(name, seen)
            if seen.state.is_reached:
                reached.append(name)
            elif not wait.is_hopeless(one, seen, time.monotonic()) or self._goes_back(wait, one, seen):
                continue
            else:
                self.failures.append(self._failure(wait, one, seen))
            del self.waits[name]
        return reached

    def _goes_back(self, wait: Wait, deployed: Deployed | None, seen: Progress) -> bool:
        """Whether an update that swarm itself does not give up is now undone, and waited for once more."""
        if deployed is None or seen.state is not State.UPDATING or deployed.previous is None:
            return False
        services.go_back(self.client, deployed)
        wait.until = time.monotonic() + self.patience * max(1, seen.desired)
        return True

    def _failure(self, wait: Wait, deployed: Deployed | None, seen: Progress) -> str:
        words = last_words(self.client, deployed, wait.fingerprint) if deployed else []
        return "\n".join([wait.failure(deployed, seen), *(f"    {line}" for line in words)])
