"""Gunicorn, configured in code, so that ``cesar web`` is one command with one set of settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from services.chassis.service import Runtime


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


def serve(
    runtime: Runtime, create_app: Callable[[Runtime], Flask], *, bind: str, processes: int, threads: int
) -> None:
    """Serve until SIGTERM; requests under way are finished. Each process opens its own connections."""
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
    }
    _Server(lambda: create_app(runtime), options).run()
