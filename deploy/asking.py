"""Asking the services themselves, by the command ``cesar`` in their workers' containers.

The databases and the broker are in networks of their own, which the operator's machine is not in. The
container has to be on this engine's machine: of workers elsewhere nothing is known from here.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, cast

import orjson
from docker import DockerClient
from docker.errors import DockerException
from requests.exceptions import RequestException

from deploy.swarm import labels
from services.console.findings import Finding

# In seconds: the command starts a Python of its own, on a machine that may be busy.
_PATIENCE = 30


@dataclass(frozen=True, kw_only=True)
class Backlog:
    """As ``cesar events backlog`` tells it. ``outbox_since`` is an instant in ISO 8601."""

    queue: int | None
    outbox: int
    outbox_since: str | None
    refused: int
    retrying: int
    parked: int


def backlogs(client: DockerClient, stack: str, services: Iterable[str]) -> dict[str, Backlog]:
    """What each service has still to do, as far as it can be asked."""
    answers = _ask_all(client, stack, services, "events", "backlog", "--json")
    return {service: _backlog(rows[0]) for service, rows in answers.items()}


def doctors(client: DockerClient, stack: str, services: Iterable[str]) -> list[Finding]:
    """What the services find of their own settings, databases, broker and mail, where they can be asked."""
    answers = _ask_all(client, stack, services, "doctor", "--json")
    return [Finding(**row) for rows in answers.values() for row in rows]


def _ask_all(
    client: DockerClient, stack: str, services: Iterable[str], *command: str
) -> dict[str, list[dict[str, Any]]]:
    services = list(services)
    with ThreadPoolExecutor(max_workers=len(services) or 1) as pool:
        answers = pool.map(lambda service: _ask(client, stack, service, command), services)
        return {service: answer for service, answer in zip(services, answers, strict=True) if answer}


def _ask(
    client: DockerClient, stack: str, service: str, command: tuple[str, ...]
) -> list[dict[str, Any]] | None:
    filters = {**labels.of_component(stack, f"{service}-worker"), "status": "running"}
    try:
        for container in client.containers.list(filters=filters, ignore_removed=True):
            _, output = container.exec_run(["timeout", str(_PATIENCE), "cesar", *command], demux=True)
            printed, _ = cast("tuple[bytes | None, bytes | None]", output)
            if printed:
                return cast("list[dict[str, Any]]", orjson.loads(printed))
    except (DockerException, RequestException, orjson.JSONDecodeError):
        # It ended while it was asked.
        return None
    return None


def _backlog(row: dict[str, Any]) -> Backlog:
    return Backlog(**{name: row[name] for name in Backlog.__dataclass_fields__})
