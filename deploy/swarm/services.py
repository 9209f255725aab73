"""What the engine is told about a service: to make it, to change it, to scale it, to go back."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Mapping
from typing import Any

from docker import DockerClient
from docker.errors import APIError, NotFound

from deploy.stack import Component
from deploy.swarm import labels
from deploy.swarm.deployed import Deployed
from deploy.swarm.problems import StackProblem
from deploy.swarm.specification import Specification, mode

# Swarm itself writes to a service while it is updated; a write that was overtaken is refused and made anew.
_TRIES = 20
_OVERTAKEN = "update out of sequence"


def create(
    client: DockerClient,
    specification: Specification,
    component: Component,
    replicas: int,
    configs: Mapping[str, str],
) -> None:
    """Make the service. ``configs`` are the engine's ids of the stack's configs, by full name."""
    client.api.create_service(
        _with_config_ids(specification.task, configs),
        name=specification.name,
        labels=dict(specification.labels),
        mode=mode(component, replicas),
        update_config=specification.update,
        rollback_config=specification.rollback,
        endpoint_spec=specification.endpoint,
    )


def change(
    client: DockerClient,
    deployed: Deployed,
    specification: Specification,
    component: Component,
    replicas: int,
    configs: Mapping[str, str],
) -> None:
    """Bring the service to the specification. A job runs again."""

    def changed(current: Mapping[str, Any]) -> dict[str, Any]:
        task = _with_config_ids(specification.task, configs)
        task["ForceUpdate"] = _runs(current, component.runs_once)
        return {
            "Name": specification.name,
            # The others are notes that somebody has left.
            "Labels": {**current["Labels"], **specification.labels},
            "TaskTemplate": task,
            "Mode": mode(component, replicas),
            "UpdateConfig": _order_of(specification, deployed),
            "RollbackConfig": specification.rollback,
            "EndpointSpec": specification.endpoint,
        }

    _write(client, deployed.id, changed)


def scale(
    client: DockerClient,
    stack: str,
    component: str,
    replicas: int,
    *,
    notes: Mapping[str, str] | None = None,
) -> None:
    """Have a component run in this many containers; 0 stops it. ``notes`` are kept as labels of the service.

    Raises StackProblem when there is no such component, or while it is being updated: swarm goes back to what
    was before the latest change, and that must not be the change of a count.
    """

    def scaled(current: Mapping[str, Any]) -> dict[str, Any]:
        marks = {**current["Labels"], **(notes or {})}
        return {**current, "Labels": marks, "Mode": {"Replicated": {"Replicas": replicas}}}

    def check(service: Mapping[str, Any]) -> None:
        if service.get("UpdateStatus", {}).get("State") in ("updating", "rollback_started"):
            raise StackProblem(f"{component} is being updated: scale it once that is over.")

    try:
        _write(client, labels.full_name(stack, component), scaled, check)
    except NotFound:
        raise StackProblem(f"{component} is not there: run “cesar deploy up” first.") from None


def restore(client: DockerClient, deployed: Deployed, specification: Mapping[str, Any]) -> None:
    """Bring the service back to what the engine was once told of it. A job runs again."""

    def restored(current: Mapping[str, Any]) -> dict[str, Any]:
        task = {**specification["TaskTemplate"], "ForceUpdate": _runs(current, deployed.runs_once)}
        return {**specification, "TaskTemplate": task}

    _write(client, deployed.id, restored)


def _write(
    client: DockerClient,
    service: str,
    changed: Callable[[Mapping[str, Any]], dict[str, Any]],
    check: Callable[[Mapping[str, Any]], None] = lambda service: None,
) -> None:
    for attempt in range(_TRIES):
        current = client.api.inspect_service(service)
        check(current)
        wanted = changed(current["Spec"])
        try:
            client.api.update_service(
                service,
                current["Version"]["Index"],
                name=wanted["Name"],
                labels=wanted["Labels"],
                task_template=wanted["TaskTemplate"],
                mode=wanted["Mode"],
                update_config=wanted.get("UpdateConfig"),
                rollback_config=wanted.get("RollbackConfig"),
                endpoint_spec=wanted.get("EndpointSpec"),
            )
            return
        except APIError as error:
            if _OVERTAKEN not in str(error.explanation) or attempt == _TRIES - 1:
                raise
            time.sleep(0.1)


def _runs(current: Mapping[str, Any], runs_once: bool) -> int:
    """Swarm's count of forced runs. Of what runs for ever a change is enough; a job that is only told
    another way would not run again."""
    runs: int = current["TaskTemplate"].get("ForceUpdate", 0)
    return runs + 1 if runs_once else runs


def _order_of(specification: Specification, deployed: Deployed) -> Mapping[str, Any] | None:
    """How swarm goes about the change. While nothing runs there is nothing to keep until a new one is well;
    and of a container that ends again and again, swarm may start two when it is replaced that way."""
    if specification.update is None or any(task.is_running for task in deployed.tasks):
        return specification.update
    return {**specification.update, "Order": "stop-first"}


def _with_config_ids(task: Mapping[str, Any], configs: Mapping[str, str]) -> dict[str, Any]:
    known: dict[str, Any] = copy.deepcopy(dict(task))
    for reference in known["ContainerSpec"].get("Configs", []):
        reference["ConfigID"] = configs[reference["ConfigName"]]
    return known
