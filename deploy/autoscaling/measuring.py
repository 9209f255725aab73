"""What the workers themselves show of their queue and of what they have handled, read from their /metrics."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from urllib.request import urlopen

from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from deploy.autoscaling.decision import Sample
from deploy.topology.services import WATCH_PORT

_QUEUE = "cesar_queue_messages"
_HANDLED = "cesar_events_handled"
# In seconds; a worker that takes longer is left out.
_PATIENCE = 4.0


@dataclass(frozen=True)
class Reading:
    """What the workers of one service showed at an instant (seconds): how many events waited in their queue,
    and how many each of them, by its address, had handled since its start."""

    at: float
    waiting: int
    handled: Mapping[str, float]


def read_workers(component: str, at: float, port: int = WATCH_PORT) -> Reading | None:
    """What all containers of a component show, which is found by its name; None when none of them answers."""
    waiting: list[float] = []
    handled: dict[str, float] = {}
    for address in _addresses(component, port):
        figures = _figures(address, port)
        waiting += _values(figures, _QUEUE)
        if counted := _values(figures, _HANDLED):
            handled[address] = sum(counted)
    return Reading(at, round(max(waiting)), handled) if waiting else None


def sample(before: Reading, after: Reading) -> Sample:
    """What happened between two readings. A worker that began or ended meanwhile counts for nothing."""
    progress = [
        max(0.0, handled - before.handled[address])
        for address, handled in after.handled.items()
        if address in before.handled
    ]
    return Sample(
        at=after.at,
        waiting=after.waiting,
        rate=sum(progress) / (after.at - before.at) if after.at > before.at else 0.0,
        replicas=len(progress),
    )


def _addresses(component: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(component, port, family=socket.AF_INET, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return sorted({str(address[0]) for *_, address in found})


def _figures(address: str, port: int) -> list[Metric]:
    try:
        with urlopen(f"http://{address}:{port}/metrics", timeout=_PATIENCE) as answer:
            return list(text_string_to_metric_families(answer.read().decode()))
    except (OSError, HTTPException, ValueError):
        return []


def _values(figures: Iterable[Metric], name: str) -> list[float]:
    """The values of a gauge or a counter, whatever their labels."""
    return [
        sample.value
        for family in figures
        if family.name == name
        for sample in family.samples
        if sample.name in (name, f"{name}_total")
    ]
