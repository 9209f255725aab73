"""The whole product in one process: four services, an in-memory broker, SQLite, a mailbox that is a page.

The same code runs as with RabbitMQ and PostgreSQL. The broker forgets everything when the process ends, so
each start publishes again what a consumer has not handled.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from time import perf_counter
from typing import Any

import eventlet
import eventlet.wsgi
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from services.chassis.logs import configure_logs
from services.chassis.messaging.runner import run_workers, stop_signal
from services.chassis.service import Runtime
from services.chassis.settings import BadSettings
from services.chassis.tracing import start_tracing, stop_tracing
from services.chassis.web.prefixes import ROOT_SERVICE
from services.console import player
from services.console.catch_up import publish_unhandled_again
from services.console.data_folder import embedded_settings, open_data_folder
from services.console.installed import installed_names, load_service, load_web, load_worker

WsgiApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def run(folder: Path, port: int, *, demo: bool, console: Console) -> None:
    """Serve until SIGTERM or SIGINT. Raises BadSettings with one sentence when it cannot start."""
    begun = perf_counter()
    with open_data_folder(folder) as data, _listen(port) as listener:
        runtimes = {
            name: Runtime.start(load_service(name), embedded_settings(name, data, port, demo=demo))
            for name in installed_names()
        }
        settings = runtimes[ROOT_SERVICE].settings
        configure_logs(settings.log_format, settings.log_level)
        for runtime in runtimes.values():
            runtime.migrate(stopped=True)
        if demo and player.is_empty(runtimes):
            _play_demonstration(runtimes, console)
        publish_unhandled_again(runtimes)
        start_tracing(settings.traces_url, runtimes)
        stop = stop_signal()
        application = dispatch(
            {name: load_web(runtime.service)(runtime) for name, runtime in runtimes.items()}
        )
        server = eventlet.spawn(
            eventlet.wsgi.server, listener, application, log_output=False, keepalive=10, socket_timeout=60
        )
        console.print(
            f"[bold green]Cesar[/] is ready at [link]http://localhost:{port}[/link] "
            f"after {perf_counter() - begun:.1f} s. Mails arrive at http://localhost:{port}/mailbox. "
            f"Data are in {data}. Ctrl-C stops it.",
            soft_wrap=True,
        )
        sys.stdout.flush()
        workers = [load_worker(runtime.service) for runtime in runtimes.values()]
        run_workers(workers, runtimes, kind="embedded", stop=stop)
        server.kill()
        stop_tracing()


def dispatch(applications: Mapping[str, WsgiApplication]) -> WsgiApplication:
    """What the reverse proxy does elsewhere: the first segment of a path names its service."""
    root = applications[ROOT_SERVICE]
    by_segment = {name: application for name, application in applications.items() if name != ROOT_SERVICE}
    by_segment["mailbox"] = applications.get("notifications", root)

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        segment = environ.get("PATH_INFO", "").split("/", 2)[1:2]
        return by_segment.get(segment[0] if segment else "", root)(environ, start_response)

    return application


def _listen(port: int) -> socket.socket:
    try:
        listener: socket.socket = eventlet.listen(("127.0.0.1", port), reuse_port=False)
    except OverflowError as error:
        raise BadSettings(f"PORT is {port} but has to be from 1 to 65535.") from error
    except OSError as error:
        raise BadSettings(
            f"Port {port} cannot be used ({error.strerror}): set PORT to another one."
        ) from error
    return listener


def _play_demonstration(runtimes: Mapping[str, Runtime], console: Console) -> None:
    columns = (TextColumn("Setting the demonstration up"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("")
        player.play(runtimes, lambda done, total: progress.update(task, completed=done, total=total))
