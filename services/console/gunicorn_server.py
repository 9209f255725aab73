"""Gunicorn, configured in code, so that ``cesar web`` is one command with one set of settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from services.chassis import metrics
from services.chassis.processes import Heartbeat
from services.chassis.service import Runtime
from services.chassis.tracing import start_tracing, stop_tracing


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, load: Callable[[], Flask], options: dict[str, Any]) -> None:
        self._load = load
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._load()


class _Logger(Logger):  # type: ignore[misc]
    """Gunicorn's own lines go where all others go, in the same form."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.propagate = True


def serve(
    runtime: Runtime, create_app: Callable[[Runtime], Flask], *, bind: str, processes: int, threads: int
) -> None:
    """Serve until SIGTERM; requests under way are finished. Each process opens its own connections."""
    heartbeat = Heartbeat(runtime, "web")

    def load() -> Flask:
        """In each process that serves."""
        start_tracing(runtime.settings.traces_url, [runtime.service.name])
        metrics.show_from_the_start(runtime.service.name)
        heartbeat.start()
        return create_app(runtime)

    def leave(_server: Any, _worker: Any) -> None:
        heartbeat.stop()
        stop_tracing()

    options = {
        "bind": bind,
        "workers": processes,
        "threads": threads,
        "worker_class": "gthread",
        "graceful_timeout": 25,
        "timeout": 60,
        "keepalive": 15,
        "preload_app": False,
        "proc_name": f"cesar web {runtime.service.name}",
        "worker_tmp_dir": None,
        "accesslog": None,
        "errorlog": None,
        "logger_class": _Logger,
        "worker_exit": leave,
    }
    _Server(load, options).run()
