"""The way to Docker's engine. What stands in it is told in one sentence, with what to do."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

import docker
from docker import DockerClient
from docker.errors import APIError, DockerException
from docker.utils import version_lt
from requests.exceptions import ConnectionError as NoConnection
from requests.exceptions import RequestException, Timeout

# Docker 20.10, the first with jobs in a swarm.
_OLDEST_API = "1.41"
_NO_SPACE = os.strerror(errno.ENOSPC).lower()


class EngineProblem(Exception):
    """Docker cannot do what it is asked. The text is one sentence."""


def connect(*, manages_swarm: bool = True) -> DockerClient:
    """The engine that DOCKER_HOST names, or this machine's: new enough, and the manager of a swarm.

    ``manages_swarm``: false for what an engine alone can do. Raises EngineProblem.
    """
    with engine_problems():
        client = docker.from_env(use_context=False)
        version = client.version()
        if version_lt(version["ApiVersion"], _OLDEST_API):
            raise EngineProblem(
                f"Docker at {address()} is version {version['Version']}; Cesar needs 20.10 or newer."
            )
        if manages_swarm:
            _check_swarm(client)
        return client


def address() -> str:
    """Where the engine is looked for."""
    return os.environ.get("DOCKER_HOST") or "unix:///var/run/docker.sock"


@contextmanager
def engine_problems() -> Iterator[None]:
    """What Docker or the way to it raises in here becomes an EngineProblem."""
    try:
        yield
    except (DockerException, RequestException) as error:
        raise EngineProblem(_sentence(error)) from error


def _check_swarm(client: DockerClient) -> None:
    swarm = client.info()["Swarm"]
    if swarm["LocalNodeState"] != "active":
        raise EngineProblem(
            f"Docker at {address()} is in no swarm: run “docker swarm init” there; "
            "one machine is a swarm of one."
        )
    if not swarm["ControlAvailable"]:
        managers = ", ".join(manager["Addr"] for manager in swarm.get("RemoteManagers") or [])
        raise EngineProblem(
            f"Docker at {address()} only works for a swarm; go to a manager of it: {managers}."
        )


def _sentence(error: Exception) -> str:
    said = error.explanation or str(error) if isinstance(error, APIError) else str(error)
    causes = list(_causes(error))
    if _NO_SPACE in said.lower():
        return (
            "The disk of the Docker engine is full: make room (“docker system df” shows what takes it, "
            "“docker image prune” removes images that nothing uses), then run this again."
        )
    if any(isinstance(cause, PermissionError) for cause in causes):
        return f"You may not speak with Docker at {address()}: join the group docker, or become root."
    if any(isinstance(cause, (Timeout, TimeoutError)) for cause in causes):
        return f"Docker at {address()} does not answer in time."
    if any(isinstance(cause, (NoConnection, ConnectionError, FileNotFoundError)) for cause in causes):
        return f"No Docker engine answers at {address()}: start it, or name another in DOCKER_HOST."
    return f"Docker at {address()} says: {said.strip().rstrip('.')}."


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, what it came from and what it carries: libraries wrap one in another in both ways."""
    yield error
    for inner in (error.__cause__, *error.args):
        if isinstance(inner, BaseException):
            yield from _causes(inner)
