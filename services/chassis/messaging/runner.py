"""Runs nameko services without nameko's own command, and stops them with grace."""

from __future__ import annotations

import gc
import logging
import signal
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

import eventlet
import structlog
from eventlet.event import Event as Signal
from nameko.runners import ServiceRunner

from services.chassis.messaging import topology
from services.chassis.messaging.broker import broker_errors, close, connect, patience
from services.chassis.messaging.entrypoints import RUNTIMES, loops_of
from services.chassis.messaging.gauges import queue_length
from services.chassis.messaging.watch import Watch, serving
from services.chassis.outbox import BrokerUnavailable
from services.chassis.processes import Heartbeat, Kind
from services.chassis.service import Runtime, Service

log = structlog.get_logger(__name__)

# After this many seconds a worker that does not end is left to the inbox: its work is delivered again.
_GRACE_SECONDS = 20


def run_workers(
    workers: Iterable[type],
    runtimes: Mapping[str, Runtime],
    *,
    kind: Kind = "worker",
    stop: Signal | None = None,
) -> None:
    """Run these nameko services until SIGTERM or SIGINT, or until ``stop`` is sent.

    Waits for a broker that is not there yet. Raises BadBroker when the broker refuses for good, and
    BadSettings when those who watch the worker cannot be answered where they are told to ask.
    """
    watch = Watch(runtimes, kind)
    settings = next(iter(runtimes.values())).settings
    with serving(watch, settings.watch_bind):
        _run(workers, runtimes, watch, kind, stop or stop_signal())


def _run(
    workers: Iterable[type], runtimes: Mapping[str, Runtime], watch: Watch, kind: Kind, stop: Signal
) -> None:
    for runtime in runtimes.values():
        declare_when_possible(runtime.settings.amqp_uri, runtime.service, stop)
    # The loops say by themselves what they wait for; nameko would print a traceback for each.
    logging.getLogger("nameko").setLevel(logging.CRITICAL)
    runner = ServiceRunner({RUNTIMES: runtimes})
    for worker in workers:
        runner.add_service(worker)
    runner.start()
    watch.loops = loops_of(runner.containers)
    # What has been loaded until now stays for ever: the collector need not look at it with each batch.
    gc.collect()
    gc.freeze()
    log.info("workers_started", services=sorted(runtimes))
    ended = eventlet.spawn(runner.wait)
    ended.link(lambda _thread: _send(stop))
    heartbeats = [Heartbeat(runtime, kind, partial(queue_length, runtime)) for runtime in runtimes.values()]
    for heartbeat in heartbeats:
        heartbeat.start()
    stop.wait()
    with eventlet.Timeout(_GRACE_SECONDS, False):
        runner.stop()
        for heartbeat in heartbeats:
            heartbeat.stop()
    ended.wait()
    log.info("workers_stopped", services=sorted(runtimes))


def declare_when_possible(uri: str, service: Service, stop: Signal) -> None:
    """Declare the service's queues, waiting for the broker as long as it takes. Raises BadBroker."""
    while not stop.ready():
        try:
            connection = connect(uri)
            try:
                with patience(), broker_errors():
                    topology.declare(connection, service.name, service.reactions.event_types)
                    return
            finally:
                close(connection)
        except BrokerUnavailable as error:
            log.warning("waiting_for_server", service=service.name, error=str(error))
            with eventlet.Timeout(2, False):
                stop.wait()


def _send(signal_to_stop: Signal) -> None:
    if not signal_to_stop.ready():
        signal_to_stop.send()


def stop_signal() -> Signal:
    """A signal that is sent when the process is asked to end."""
    stop = Signal()

    def ask(_number: int, _frame: Any) -> None:
        eventlet.spawn(_send, stop)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask)
    return stop
