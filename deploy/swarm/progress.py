"""How far a component is on its way to being well."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from deploy.swarm.deployed import Deployed, Task
from deploy.swarm.specification import JOB_RETRIES


class State(StrEnum):
    """``STARTING`` becomes ``UNWELL`` with the first container that ends badly, and may still become well.
    ``SETTLING``: all is as it should be, and containers that are no longer needed are ending.
    """

    ABSENT = "absent"
    STARTING = "starting"
    UPDATING = "updating"
    SETTLING = "settling"
    WELL = "well"
    UNWELL = "unwell"
    GOING_BACK = "going back"
    WENT_BACK = "went back"
    DONE = "done"
    FAILED = "failed"

    @property
    def is_reached(self) -> bool:
        return self in (State.WELL, State.DONE, State.SETTLING)

    @property
    def may_become_well(self) -> bool:
        return self in (State.STARTING, State.UPDATING, State.GOING_BACK)

    @property
    def is_final(self) -> bool:
        """Nothing more is to be expected of the engine."""
        return self.is_reached or self in (State.WENT_BACK, State.FAILED)


@dataclass(frozen=True, kw_only=True)
class Progress:
    """``running`` containers are there and well, ``desired`` should be; ``current`` of those that run are as
    they should be by now. ``error`` is the engine's latest complaint about such.

    ``is_homeless``: no machine can take a container.
    """

    state: State
    running: int
    current: int
    desired: int
    error: str = ""
    is_homeless: bool = False


def progress(deployed: Deployed | None, fingerprint: str) -> Progress:
    """How far a component is on its way to the specification with this fingerprint."""
    if deployed is None:
        return Progress(state=State.ABSENT, running=0, current=0, desired=0)
    if deployed.runs_once:
        return _of_job(deployed)
    wanted = [task for task in deployed.tasks if task.fingerprint == fingerprint]
    # Not of containers: for a while a slot may have two.
    current = len({task.slot for task in wanted if task.is_running})
    return Progress(
        state=_state(deployed, fingerprint, current),
        running=sum(task.is_running for task in deployed.tasks),
        current=current,
        desired=deployed.replicas,
        error=_latest_error(wanted),
        is_homeless=any(task.is_homeless for task in wanted),
    )


def _state(deployed: Deployed, fingerprint: str, current: int) -> State:
    is_wanted_one = deployed.fingerprint == fingerprint
    match deployed.update:
        case "updating":
            return State.UPDATING
        case "rollback_started":
            return State.GOING_BACK
        case _ if not is_wanted_one:
            return State.WENT_BACK
        case _ if current == deployed.replicas:
            return State.SETTLING if any(task.is_leaving for task in deployed.tasks) else State.WELL
        case "paused" | "rollback_paused":
            return State.FAILED
    return State.UNWELL if deployed.failures else State.STARTING


def _of_job(deployed: Deployed) -> Progress:
    tasks = deployed.current_tasks
    if any(task.state == "complete" for task in tasks):
        state = State.DONE
    elif len(deployed.failures) > JOB_RETRIES:
        state = State.FAILED
    else:
        state = State.UNWELL if deployed.failures else State.STARTING
    running = sum(task.is_running for task in tasks)
    return Progress(
        state=state,
        running=running,
        current=running,
        desired=1,
        error=_latest_error(tasks),
        is_homeless=any(task.is_homeless for task in tasks),
    )


def _latest_error(tasks: Iterable[Task]) -> str:
    errors = [task.error for task in tasks if task.error]
    return errors[-1] if errors else ""
