"""What a process shows to those who watch it, in Prometheus' text format.

Counters are kept in registries of one process. Processes that serve together, as gunicorn's do, keep them in
files that all of them read (``shared_counters``): each then shows the sum of all.
"""

from __future__ import annotations

import operator
import os
import platform
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from prometheus_client import CollectorRegistry, Metric, ProcessCollector, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from services.chassis.release import RELEASE
from services.chassis.shared_counters import are_shared

_EACH_ITS_OWN = frozenset({"process_start_time_seconds", "process_max_fds"})


def exposition(counted: Iterable[CollectorRegistry], measured: Iterable[Collector]) -> bytes:
    """The counters of these registries, shared ones summed, and what is measured at this moment."""
    if are_shared():
        together = CollectorRegistry()
        together.register(MultiProcessCollector(None))  # type: ignore[no-untyped-call]
        counted = [together]
    now = CollectorRegistry()
    now.register(_Together((*measured, ProcessFigures())))
    return b"".join(generate_latest(registry) for registry in (*counted, now))


class _Together(Collector):
    """Several collectors as one: each figure has one heading, though several services may have it."""

    def __init__(self, collectors: Iterable[Collector]) -> None:
        self._collectors = collectors

    def collect(self) -> Iterable[Metric]:
        figures: dict[str, Metric] = {}
        for figure in (each for collector in self._collectors for each in collector.collect()):
            known = figures.setdefault(figure.name, Metric(figure.name, figure.documentation, figure.type))
            known.samples.extend(figure.samples)
        return figures.values()


class Build(Collector):
    """Which code this is: a series that is always 1, as is the custom."""

    def __init__(self, service: str, kind: str) -> None:
        self._labels = {
            "service": service,
            "kind": kind,
            "release": RELEASE,
            "python": platform.python_version(),
        }

    def collect(self) -> Iterable[Metric]:
        build = GaugeMetricFamily("cesar_build_info", "Which code runs here.", labels=list(self._labels))
        build.add_metric(list(self._labels.values()), 1)
        yield build


class ProcessFigures(Collector):
    """What this process takes of the machine; of processes that serve together, what all of them take."""

    def collect(self) -> Iterable[Metric]:
        together: dict[str, Metric] = {}
        for pid in _serving_together():
            for figure in ProcessCollector(pid=partial(int, pid), registry=None).collect():
                known = together.setdefault(figure.name, figure)
                if known is not figure:
                    _merge(known, figure)
        yield from together.values()


def _merge(known: Metric, other: Metric) -> None:
    combine: Callable[[float, float], float] = min if known.name in _EACH_ITS_OWN else operator.add
    known.samples = [
        sample._replace(value=combine(sample.value, beside.value))
        for sample, beside in zip(known.samples, other.samples, strict=True)
    ]


def _serving_together() -> list[int]:
    """This process, or the one that started it and all whom that one started."""
    if not are_shared():
        return [os.getpid()]
    parent = os.getppid()
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text("ascii").split()
    return [parent, *map(int, children)]
