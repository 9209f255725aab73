"""What is measured at the moment when somebody asks, with a bound on how long that may take."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import structlog
from prometheus_client import Metric
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from services.chassis import failures, outbox, processes, replays

if TYPE_CHECKING:
    from services.chassis.service import Runtime

log = structlog.get_logger(__name__)

# For how long a measurement stands for those who ask again, and how long they wait for a new one, in seconds.
_FRESH_FOR = 5.0
_PATIENCE = 3.0
_STATEMENT_TIMEOUT = "SET LOCAL statement_timeout = 2500"


@dataclass(frozen=True)
class Gauge:
    """A figure that a service adds to those that all have; ``measure`` is given a session and the time."""

    name: str
    help: str
    measure: Callable[[Session, datetime], float]


@dataclass(eq=False)
class Measured(Collector):
    """Shows what ``measure`` says, asking it at most every few seconds.

    It is asked in a thread of its own, by one at a time. While it does not answer there is nothing to show:
    an old figure that looks like a new one would be worse than none.
    """

    measure: Callable[[], Iterable[Metric]]
    _asking: threading.Thread | None = field(default=None, init=False)
    _figures: list[Metric] = field(default_factory=list, init=False)
    _measured_at: float = field(default=float("-inf"), init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def collect(self) -> list[Metric]:
        with self._lock:
            if time.monotonic() < self._measured_at + _FRESH_FOR:
                return self._figures
            if self._asking is None or not self._asking.is_alive():
                self._asking = threading.Thread(target=self._ask, name="gauges", daemon=True)
                self._asking.start()
            asking = self._asking
        asking.join(_PATIENCE)
        return [] if asking.is_alive() else self._figures

    def _ask(self) -> None:
        try:
            self._figures = list(self.measure())
        except Exception:
            self._figures = []
            log.exception("gauges_failed")
        self._measured_at = time.monotonic()


def database_gauges(runtime: Runtime) -> Iterator[Metric]:
    """The figures that a service's database holds, and whether it can be asked at all."""
    name = runtime.service.name
    try:
        with runtime.read() as session:
            if not runtime.database.is_sqlite:
                session.execute(text(_STATEMENT_TIMEOUT))
            figures = list(_database_figures(runtime, session))
    except SQLAlchemyError:
        figures = []
    yield reachable(name, "database", bool(figures))
    yield from figures


def reachable(service: str, server: str, is_reachable: bool) -> Metric:
    return _family(
        "cesar_server_reachable",
        "Whether the service reaches a server that it needs.",
        {"service": service, "server": server},
        is_reachable,
    )


def gauge(name: str, help_text: str, service: str, value: float) -> Metric:
    return _family(name, help_text, {"service": service}, value)


def _database_figures(runtime: Runtime, session: Session) -> Iterator[Metric]:
    service, now = runtime.service, runtime.clock()
    backlog = outbox.backlog(session)
    waiting_since = backlog.waiting_since or now
    failed = failures.count_by_state(session)
    for name, help_text, value in (
        ("cesar_outbox_recorded", "Events that the service has ever recorded.", backlog.recorded),
        ("cesar_outbox_waiting", "Events that are recorded and not yet published.", backlog.waiting),
        (
            "cesar_outbox_oldest_seconds",
            "How long the oldest event that is not yet published has been waiting.",
            max(0.0, (now - waiting_since).total_seconds()),
        ),
        (
            "cesar_outbox_refused",
            "Events that the broker did not take when it was last asked.",
            backlog.refused,
        ),
        ("cesar_events_parked", "Events that wait for a person's decision.", failed.get("parked", 0)),
        ("cesar_events_retrying", "Events that failed and are tried again.", failed.get("retrying", 0)),
        ("cesar_replays_open", "Replays that are under way.", replays.count_open(session)),
        *((own.name, own.help, own.measure(session, now)) for own in service.gauges),
    ):
        yield gauge(name, help_text, service.name, value)
    yield _processes(service.name, processes.living(session, now))


def _processes(service: str, living: Iterable[processes.Process]) -> Metric:
    labels = ["service", "kind", "release"]
    family = GaugeMetricFamily("cesar_processes", "Processes that were seen lately.", labels=labels)
    for (kind, release), number in Counter((each.kind, each.release) for each in living).items():
        family.add_metric([service, kind, release], number)
    return family


def _family(name: str, help_text: str, labels: dict[str, str], value: float) -> Metric:
    family = GaugeMetricFamily(name, help_text, labels=list(labels))
    family.add_metric(list(labels.values()), value)
    return family
