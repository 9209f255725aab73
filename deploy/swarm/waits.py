"""Watching components until each is well, or is not going to be."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from docker import DockerClient

from deploy.engine import engine_problems
from deploy.stack import Component
from deploy.swarm import services
from deploy.swarm.deployed import Deployed, observe
from deploy.swarm.failures import last_words
from deploy.swarm.problems import StackProblem
from deploy.swarm.progress import Progress, State, progress
from deploy.swarm.waiting import Wait

# How long one container may take to get well, in seconds.
PATIENCE = 300.0
BETWEEN_LOOKS = 0.5

Report = Callable[[str, Progress], None]


def silent(component: str, progress: Progress) -> None:
    """The report that nobody reads."""


@dataclass(kw_only=True)
class Waits:
    """The components of a stack that are waited for. ``failures`` has a sentence, and what the component said
    last, for each that did not get well."""

    client: DockerClient
    stack: str
    report: Report = silent
    patience: float = PATIENCE
    open: dict[str, Wait] = field(default_factory=dict, init=False)
    failures: list[str] = field(default_factory=list, init=False)

    def begin(self, component: Component, fingerprint: str, replicas: int, deployed: Deployed | None) -> None:
        """Wait for a component from now on; ``deployed`` is how it was before it was changed."""
        self.open[component.name] = Wait(
            component=component,
            fingerprint=fingerprint,
            # One container after the other.
            until=time.monotonic() + self.patience * max(1, replicas),
            known_failures=deployed.failures if deployed else frozenset(),
        )

    def look(self, deployed: Mapping[str, Deployed]) -> list[str]:
        """Those that are well now; neither they nor those that failed are waited for any more."""
        reached = []
        for name, wait in list(self.open.items()):
            one = deployed.get(name)
            seen, now = progress(one, wait.fingerprint), time.monotonic()
            self.report(name, seen)
            if wait.has_arrived(seen, now):
                reached.append(name)
            elif not wait.is_hopeless(one, seen, now) or self._goes_back(wait, one, seen):
                continue
            else:
                self.failures.append(self._failure(wait, one, seen))
            del self.open[name]
        return reached

    def _goes_back(self, wait: Wait, deployed: Deployed | None, seen: Progress) -> bool:
        """Whether an update that swarm itself does not give up is now undone, and waited for once more."""
        is_stuck = seen.state is State.UPDATING and wait.undone_for is None
        if deployed is None or deployed.previous is None or not is_stuck:
            return False
        services.restore(self.client, deployed, deployed.previous)
        wait.undone_for = seen.error
        wait.until = time.monotonic() + PATIENCE * max(1, seen.desired)
        return True

    def _failure(self, wait: Wait, deployed: Deployed | None, seen: Progress) -> str:
        words = last_words(self.client, self.stack, deployed, wait.fingerprint) if deployed else []
        return "\n".join([wait.failure(deployed, seen), *(f"    {line}" for line in words)])


def wait_until_well(
    client: DockerClient,
    stack: str,
    components: Iterable[Component],
    *,
    report: Report = silent,
    patience: float = PATIENCE,
) -> None:
    """Wait until these components are well as the engine has them now. Raises StackProblem, EngineProblem."""
    waits = Waits(client=client, stack=stack, report=report, patience=patience)
    with engine_problems():
        deployed = observe(client, stack)
        for component in components:
            if one := deployed.get(component.name):
                waits.begin(component, one.fingerprint, one.replicas, one)
        while waits.open:
            waits.look(observe(client, stack))
            if waits.open:
                time.sleep(BETWEEN_LOOKS)
    if waits.failures:
        raise StackProblem("\n".join(waits.failures))
