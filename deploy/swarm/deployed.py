"""What the engine runs of a stack, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from docker import DockerClient

from deploy.swarm import labels

_ENDED_BADLY = ("failed", "rejected", "orphaned")
_ENDED = (*_ENDED_BADLY, "complete", "shutdown", "remove")


@dataclass(frozen=True, kw_only=True)
class Task:
    """One container, running, to come or ended. ``error`` is what the engine says of its end.

    ``iteration`` counts the runs of a job; ``node`` is the id of the machine.
    """

    id: str
    fingerprint: str
    state: str
    is_wanted: bool
    error: str = ""
    created: str = ""
    slot: int = 0
    iteration: int = 0
    node: str | None = None
    container: str | None = None

    @property
    def failed(self) -> bool:
        return self.state in _ENDED_BADLY

    @property
    def is_running(self) -> bool:
        """A container with a health check runs once that is well."""
        return self.is_wanted and self.state == "running"

    @property
    def is_leaving(self) -> bool:
        """It still has a container, which ends."""
        return not self.is_wanted and self.container is not None and not has_ended(self.state)

    @property
    def is_homeless(self) -> bool:
        """No machine can take it."""
        return self.is_wanted and self.state == "pending" and bool(self.error)


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """One component as the engine has it.

    ``update`` is swarm's word for where the latest update stands, empty if there has been none.
    ``specification`` is what the engine was told, ``previous`` what it was told before.
    """

    id: str
    component: str
    fingerprint: str
    image: str
    replicas: int
    runs_once: bool
    update: str
    iteration: int
    tasks: tuple[Task, ...]
    specification: Mapping[str, Any]
    previous: Mapping[str, Any] | None

    @property
    def current_tasks(self) -> tuple[Task, ...]:
        """Those of the present specification and, of a job, of its latest run."""
        return tuple(
            task
            for task in self.tasks
            if task.fingerprint == self.fingerprint and task.iteration == self.iteration
        )

    @property
    def failures(self) -> frozenset[str]:
        """The current tasks that ended badly, as far as the engine remembers."""
        return frozenset(task.id for task in self.current_tasks if task.failed)


def has_ended(state: str) -> bool:
    """Whether a task in this state has no container any more that runs or will run."""
    return state in _ENDED


def observe(client: DockerClient, stack: str) -> dict[str, Deployed]:
    """What the engine runs of a stack, by component."""
    tasks: dict[str, list[Mapping[str, Any]]] = {}
    for task in client.api.tasks(filters=labels.of_stack(stack)):
        tasks.setdefault(task["ServiceID"], []).append(task)
    found = [
        read(service, tasks.get(service["ID"], []))
        for service in client.api.services(filters=labels.of_stack(stack))
    ]
    return {deployed.component: deployed for deployed in sorted(found, key=lambda one: one.component)}


def read(service: Mapping[str, Any], tasks: list[Mapping[str, Any]]) -> Deployed:
    """A service and its tasks as the engine's API gives them."""
    specification = service["Spec"]
    marks, mode = specification["Labels"], specification["Mode"]
    return Deployed(
        id=service["ID"],
        component=marks[labels.COMPONENT],
        fingerprint=marks.get(labels.FINGERPRINT, ""),
        image=marks.get(labels.IMAGE, ""),
        replicas=mode.get("Replicated", {}).get("Replicas", 1),
        runs_once="ReplicatedJob" in mode,
        update=service.get("UpdateStatus", {}).get("State", ""),
        iteration=_iteration(service.get("JobStatus", {})),
        tasks=tuple(sorted(map(_task, tasks), key=lambda task: task.created)),
        specification=specification,
        previous=service.get("PreviousSpec"),
    )


def _task(task: Mapping[str, Any]) -> Task:
    status = task["Status"]
    return Task(
        id=task["ID"],
        fingerprint=(task["Spec"]["ContainerSpec"].get("Labels") or {}).get(labels.FINGERPRINT, ""),
        state=status["State"],
        is_wanted=task["DesiredState"] not in ("shutdown", "remove"),
        error=status.get("Err", ""),
        created=task["CreatedAt"],
        slot=task.get("Slot", 0),
        iteration=_iteration(task),
        node=task.get("NodeID"),
        container=status.get("ContainerStatus", {}).get("ContainerID"),
    )


def _iteration(holder: Mapping[str, Any]) -> int:
    return int(holder.get("JobIteration", {}).get("Index", 0))
