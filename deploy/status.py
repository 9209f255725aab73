"""How an installation is: how much of each component runs, in which release, and what is still to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from docker import DockerClient

from deploy.asking import Backlog, backlogs
from deploy.autoscaling import last_decision
from deploy.engine import engine_problems
from deploy.installation import SERVICES
from deploy.stack import Stack
from deploy.swarm import Deployed, Progress, State, observe, progress


@dataclass(frozen=True, kw_only=True)
class ComponentStatus:
    """One component. ``least`` and ``most`` bound how many may run, ``note`` says what is not well.

    ``is_described``: whether the installation's file has it; “cesar deploy up” removes it otherwise.
    """

    component: str
    state: State
    running: int
    desired: int
    least: int
    most: int
    image: str
    runs_once: bool
    is_described: bool
    note: str

    @property
    def is_well(self) -> bool:
        return self.state.is_reached and self.is_described


@dataclass(frozen=True, kw_only=True)
class Status:
    components: tuple[ComponentStatus, ...]
    backlogs: Mapping[str, Backlog]

    @property
    def is_well(self) -> bool:
        return all(component.is_well for component in self.components)


def look(client: DockerClient, stack: Stack) -> Status:
    """How it is now. Raises EngineProblem."""
    with engine_problems():
        deployed = observe(client, stack.name)
    return Status(
        components=component_statuses(stack, deployed),
        backlogs=backlogs(client, stack.name, [name for name in SERVICES if f"{name}-worker" in deployed]),
    )


def component_statuses(stack: Stack, deployed: Mapping[str, Deployed]) -> tuple[ComponentStatus, ...]:
    """In the order of the stack; what is not in it comes last."""
    described = [component.name for component in stack.components]
    return tuple(
        _status(stack, name, deployed.get(name))
        for name in (*described, *(name for name in deployed if name not in described))
    )


def _status(stack: Stack, name: str, deployed: Deployed | None) -> ComponentStatus:
    component = next((one for one in stack.components if one.name == name), None)
    seen = progress(deployed, deployed.fingerprint if deployed else "")
    return ComponentStatus(
        component=name,
        state=seen.state,
        running=seen.running,
        desired=seen.desired if deployed or component is None else component.replicas.least,
        least=component.replicas.least if component else 0,
        most=component.replicas.most if component else 0,
        image=deployed.image if deployed else component.image if component else "",
        runs_once=deployed.runs_once if deployed else component is not None and component.runs_once,
        is_described=component is not None,
        note=_note(deployed, seen, is_described=component is not None),
    )


def _note(deployed: Deployed | None, seen: Progress, *, is_described: bool) -> str:
    if not is_described:
        return "not in the file: “cesar deploy up” removes it"
    if deployed is None:
        return "not there yet: “cesar deploy up” makes it"
    if not seen.state.is_reached:
        return seen.error
    if deployed.update == "rollback_completed":
        return "its latest update went back"
    decided = last_decision(deployed.specification["Labels"])
    return f"autoscaler at {decided}" if decided else ""
