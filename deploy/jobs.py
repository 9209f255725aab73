"""Jobs that belong to an installation only while they run: made, waited for, and taken away again."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from http import HTTPStatus

from docker import DockerClient
from docker.errors import APIError, NotFound
from docker.models.containers import Container

from deploy.engine import engine_problems
from deploy.stack import Component, Stack
from deploy.swarm import converge, inventory, labels, observe, removal
from deploy.topology.part import File

# Of one job, in seconds: the dump of a big database takes its time.
_PATIENCE = 6 * 3600.0
_UNTIL_RELEASED = 30.0


def run(client: DockerClient, stack: Stack, jobs: Sequence[Component], files: Iterable[File] = ()) -> None:
    """Run jobs beside a stack to their end; ``files`` are what they mount and the stack does not have.

    Raises StackProblem with the last lines of a job that does not end well, EngineProblem.
    """
    own = {file.name: file.content for file in files}
    beside = replace(stack, components=tuple(jobs), configs=own)
    names = [job.name for job in jobs]
    # What an earlier, interrupted run left would count as done.
    _remove(client, stack, names, own)
    try:
        converge(client, beside, only=names, patience=_PATIENCE)
    finally:
        _remove(client, stack, names, own)


@contextmanager
def crate(client: DockerClient, stack: Stack, volume: str, image: str, folder: str) -> Iterator[Container]:
    """An empty volume of the stack on the engine's own machine, and a container that never runs, by which
    files are put into ``folder`` of it and taken out."""
    name = labels.full_name(stack.name, volume)
    with engine_problems():
        _discard(client, name)
        client.volumes.create(name, labels={labels.STACK: stack.name})
        container = client.containers.create(
            image,
            ["true"],
            name=name,
            network_mode="none",
            volumes={name: {"bind": folder, "mode": "rw"}},
            labels={labels.STACK: stack.name},
        )
        try:
            yield container
        finally:
            _discard(client, name)


def own_machine(client: DockerClient) -> str:
    """The host name of the machine that the engine runs on, as the swarm knows it."""
    with engine_problems():
        info = client.info()
        return str(client.nodes.get(info["Swarm"]["NodeID"]).attrs["Description"]["Hostname"])


def _remove(client: DockerClient, stack: Stack, names: Sequence[str], configs: Iterable[str]) -> None:
    with engine_problems():
        there = observe(client, stack.name)
        removal.remove_services(client, stack.name, [name for name in names if name in there])
        known = inventory.configs(client, stack.name)
        inventory.remove_configs(client, stack.name, [name for name in configs if name in known])


def _discard(client: DockerClient, name: str) -> None:
    """Remove the container and the volume of this name, as far as they are there."""
    with suppress(NotFound):
        client.containers.get(name).remove(force=True)
    deadline = time.monotonic() + _UNTIL_RELEASED
    while True:
        try:
            client.volumes.get(name).remove()
        except NotFound:
            return
        except APIError as error:
            # A job's container leaves it a moment after the job is gone.
            if error.status_code != HTTPStatus.CONFLICT or time.monotonic() > deadline:
                raise
            time.sleep(0.2)
