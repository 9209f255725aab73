"""Asking the services themselves, in their workers' containers.

Databases, broker and workers are in networks of their own, which the operator's machine is not in. The
container has to be on this engine's machine: of workers elsewhere nothing is known from here.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import cast

import orjson
from docker import DockerClient
from docker.errors import DockerException
from prometheus_client.parser import text_string_to_metric_families
from requests.exceptions import RequestException

from deploy.swarm import labels
from deploy.topology.services import WATCH_PORT
from services.console.findings import Finding

# What the worker measures it shows at once; the library alone, since a command of its own takes seconds.
_SHOW = f"""
import urllib.request
with urllib.request.urlopen("http://127.0.0.1:{WATCH_PORT}/metrics", timeout=10) as answer:
    print(answer.read().decode())
"""
# Checking database, broker and mail server, on a machine that may be busy; in seconds.
_DOCTORS_PATIENCE = 90


@dataclass(frozen=True, kw_only=True)
class Backlog:
    """What a service has still to do: events of others in its queue, its own that are not published yet, the
    oldest of them for ``outbox_seconds``, and failed ones. None is what nobody can tell, such as the queue
    while the broker does not answer."""

    queue: int | None
    outbox: int | None
    outbox_seconds: int | None
    refused: int | None
    retrying: int | None
    parked: int | None


# The workers' names for it (services/chassis/gauges.py).
_GAUGES = {
    "queue": "cesar_queue_messages",
    "outbox": "cesar_outbox_waiting",
    "outbox_seconds": "cesar_outbox_oldest_seconds",
    "refused": "cesar_outbox_refused",
    "retrying": "cesar_events_retrying",
    "parked": "cesar_events_parked",
}


def backlogs(client: DockerClient, stack: str, services: Iterable[str]) -> dict[str, Backlog]:
    """What each service has still to do, as far as it can be asked."""
    answers = _ask_all(client, stack, services, "python3", "-c", _SHOW)
    return {service: read_backlog(answer.decode()) for service, answer in answers.items()}


def doctors(client: DockerClient, stack: str, services: Iterable[str]) -> list[Finding]:
    """What the services find of their own settings, databases, broker and mail, where they can be asked."""
    answers = _ask_all(
        client, stack, services, "timeout", str(_DOCTORS_PATIENCE), "cesar", "doctor", "--json"
    )
    return [Finding(**row) for answer in answers.values() for row in orjson.loads(answer)]


def read_backlog(exposition: str) -> Backlog:
    """The backlog in what a worker shows to Prometheus."""
    values = {
        sample.name: round(sample.value)
        for family in text_string_to_metric_families(exposition)
        for sample in family.samples
        if sample.name in _GAUGES.values()
    }
    return Backlog(**{field: values.get(gauge) for field, gauge in _GAUGES.items()})


def _ask_all(client: DockerClient, stack: str, services: Iterable[str], *command: str) -> dict[str, bytes]:
    """What the command prints in a worker of each service, where it prints something."""
    services = list(services)
    with ThreadPoolExecutor(max_workers=len(services) or 1) as pool:
        answers = pool.map(lambda service: _ask(client, stack, service, command), services)
        return {service: answer for service, answer in zip(services, answers, strict=True) if answer}


def _ask(client: DockerClient, stack: str, service: str, command: tuple[str, ...]) -> bytes | None:
    filters = {**labels.of_component(stack, f"{service}-worker"), "status": "running"}
    try:
        for container in client.containers.list(filters=filters, ignore_removed=True):
            _, output = container.exec_run(list(command), demux=True)
            printed, _ = cast("tuple[bytes | None, bytes | None]", output)
            if printed:
                return printed
    except (DockerException, RequestException):
        # It ended while it was asked.
        return None
    return None
