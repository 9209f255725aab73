"""Taking away what is no longer wanted, and waiting until it is gone."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from docker import DockerClient
from docker.errors import APIError, NotFound

from deploy.engine import engine_problems
from deploy.stack import Stack
from deploy.swarm import inventory, labels
from deploy.swarm.deployed import Deployed, has_ended, observe
from deploy.swarm.problems import StackProblem

# Containers that do not end when they are asked to are killed after their grace (two minutes for a database).
_PATIENCE = 180.0
_BETWEEN_LOOKS = 0.3


def take_down(client: DockerClient, stack: str, *, with_data: bool, report: Callable[[str], None]) -> None:
    """Remove all of a stack. Its volumes and secrets stay, which belong together, unless ``with_data``.

    ``report`` hears of what is stopped.

    Raises StackProblem when something does not go in time, EngineProblem.
    """
    with engine_problems():
        deployed = observe(client, stack).values()
        # What keeps data ends last: until then the others can finish what they are at.
        for keeps_data in (False, True):
            chosen = [one for one in deployed if _keeps_data(one) is keeps_data]
            for one in chosen:
                if not one.runs_once:
                    report(one.component)
            remove_services(client, stack, [one.component for one in chosen])
        # What a removal that was interrupted has left.
        _wait_for("The containers", lambda: _containers_left(client, labels.of_stack(stack)))
        remove_networks(client, stack, inventory.networks(client, stack))
        inventory.remove_configs(client, stack, inventory.configs(client, stack))
        if with_data:
            _remove_data(client, stack)


def remove_services(client: DockerClient, stack: str, components: Collection[str]) -> None:
    """Remove the services and wait until their containers are gone."""
    for component in components:
        client.api.remove_service(labels.full_name(stack, component))
    _wait_for(
        "The containers",
        lambda: [
            left
            for component in components
            for left in _containers_left(client, labels.of_component(stack, component))
        ],
    )


def remove_networks(client: DockerClient, stack: str, names: Iterable[str]) -> None:
    """Remove the networks, as soon as the last container has left."""
    names = list(names)
    _wait_for("The networks", lambda: inventory.remove_networks(client, stack, names))


def _containers_left(client: DockerClient, filters: dict[str, Any]) -> Sequence[object]:
    """What still runs anywhere, or is still there on this machine.

    Docker 20.10 keeps the containers of a job that has ended when the job is removed.
    """
    running = [task for task in client.api.tasks(filters=filters) if not has_ended(task["Status"]["State"])]
    if running:
        return running
    containers = client.containers.list(all=True, filters=filters, ignore_removed=True)
    return [container for container in containers if not _is_removed(container.remove)]


def _remove_data(client: DockerClient, stack: str) -> None:
    def volumes_left() -> list[str]:
        return [
            volume.name
            for volume in client.volumes.list(filters=labels.of_stack(stack))
            if not _is_removed(volume.remove)
        ]

    _wait_for("The volumes", volumes_left)
    for secret in client.secrets.list(filters=labels.of_stack(stack)):
        secret.remove()


def _is_removed(remove: Callable[[], None]) -> bool:
    try:
        remove()
    except NotFound:
        return True
    except APIError as error:
        # In use, or about to be removed by somebody else.
        if error.status_code == 409:
            return False
        raise
    return True


def _wait_for(what: str, left: Callable[[], Collection[object]]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while left():
        if time.monotonic() > deadline:
            raise StackProblem(f"{what} are not gone after {_PATIENCE:.0f} seconds. Run this again.")
        time.sleep(_BETWEEN_LOOKS)


def gives_up_a_volume(deployed: Deployed, stack: Stack) -> bool:
    """Whether a component of the stack wants a volume that this one still uses."""
    wanted = {
        labels.full_name(stack.name, volume) for component in stack.components for volume in component.volumes
    }
    return not wanted.isdisjoint(_volumes(deployed))


def _keeps_data(deployed: Deployed) -> bool:
    return not deployed.runs_once and bool(_volumes(deployed))


def _volumes(deployed: Deployed) -> set[str]:
    mounts = deployed.specification["TaskTemplate"]["ContainerSpec"].get("Mounts") or []
    return {mount["Source"] for mount in mounts if mount["Type"] == "volume"}
