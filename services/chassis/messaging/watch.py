"""Where a worker answers those who watch it: health for orchestrators, figures for Prometheus.

A small server among the worker's green threads. Whatever takes time is waited for as everything else there.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import eventlet
import eventlet.wsgi
from prometheus_client import CONTENT_TYPE_LATEST

from services.chassis import metrics
from services.chassis.exposition import Build, exposition
from services.chassis.gauges import Measured
from services.chassis.messaging.entrypoints import EventBatches, Loop
from services.chassis.messaging.gauges import queue_gauges
from services.chassis.processes import Kind
from services.chassis.service import Runtime
from services.chassis.settings import BadSettings

# How long a database has to say that it is there, in seconds.
_PATIENCE = 3.0
_MOST_CALLERS = 20


class Watch:
    """What there is to know of the workers in this process. ``loops`` are theirs, once they run."""

    def __init__(self, runtimes: Mapping[str, Runtime], kind: Kind) -> None:
        self.loops: Sequence[Loop] = ()
        self._runtimes = runtimes
        self._has_been_ready = False
        self._measured = [
            collector
            for name, runtime in runtimes.items()
            for collector in (
                Build(name, kind),
                Measured(runtime.measure),
                Measured(partial(queue_gauges, runtime)),
            )
        ]
        for name in runtimes:
            metrics.show_from_the_start(name)

    def stuck(self) -> list[str]:
        """What only a new process can mend, one sentence each."""
        now = time.monotonic()
        return [
            f"The loop “{loop.method_name}” of {loop.runtime.service.name} has been stuck "
            f"for {now - loop.last_turn:.0f} seconds."
            for loop in self.loops
            if now - loop.last_turn > loop.stuck_after
        ]

    def problems(self) -> list[str]:
        """What keeps the workers from working, one sentence each; empty when nothing does."""
        found = self.stuck()
        for runtime in self._runtimes.values():
            found += _check_ready(runtime)
        if not self.loops:
            found.append("The broker has not been reached yet.")
        found += [
            f"{loop.runtime.service.name} has no connection to the broker."
            for loop in self.loops
            if isinstance(loop, EventBatches) and not loop.is_connected
        ]
        self._has_been_ready = self._has_been_ready or not found
        return found

    def until_started(self) -> list[str]:
        """What keeps the workers from working for the first time, and afterwards what a new process mends.

        A server that is away for a while is no reason to start another one, which would not reach it either.
        """
        return self.stuck() if self._has_been_ready else self.problems()

    def answer(self, environ: Mapping[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """The WSGI application."""
        checks = {
            "/health/live": self.stuck,
            "/health/started": self.until_started,
            "/health/ready": self.problems,
        }
        path = environ["PATH_INFO"]
        if path == "/metrics":
            start_response("200 OK", [("Content-Type", CONTENT_TYPE_LATEST)])
            return [exposition([metrics.REGISTRY], self._measured)]
        if path not in checks:
            start_response("404 Not Found", [("Content-Type", "text/plain")])
            return [b"There is /health/live, /health/started, /health/ready and /metrics."]
        problems = checks[path]()
        body = {"status": "not well", "problems": problems} if problems else {"status": "well"}
        status = "503 Service Unavailable" if problems else "200 OK"
        start_response(status, [("Content-Type", "application/json")])
        return [json.dumps(body, ensure_ascii=False).encode()]


@contextmanager
def serving(watch: Watch, bind: str) -> Iterator[None]:
    """Answer at ``bind`` (address and port; nowhere when it is empty) until the block ends.

    Raises BadSettings when the port cannot be had.
    """
    if not bind:
        yield
        return
    host, _, port = bind.rpartition(":")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = eventlet.listen((host.strip("[]"), int(port)), family, reuse_port=False)
    except OSError as error:
        raise BadSettings(f"CESAR_WATCH_BIND is {bind}, which cannot be used: {error.strerror}.") from error
    server = eventlet.spawn(
        eventlet.wsgi.server,
        listener,
        watch.answer,
        log_output=False,
        keepalive=False,
        socket_timeout=10,
        max_size=_MOST_CALLERS,
    )
    try:
        yield
    finally:
        server.kill()
        listener.close()


def _check_ready(runtime: Runtime) -> list[str]:
    with eventlet.Timeout(_PATIENCE, False):
        return runtime.check_ready()
    return [f"The database of {runtime.service.name} does not answer."]
