"""The processes of one service: web, worker, and the migration that comes first."""

from __future__ import annotations

import os
from typing import Annotated

import structlog
import typer

from services.chassis import migrations
from services.chassis.logs import configure_logs
from services.chassis.service import Runtime
from services.chassis.settings import BadSettings, load_settings
from services.chassis.tracing import start_tracing, stop_tracing
from services.console.health import WEB_BIND
from services.console.installed import UnknownService, installed_names, load_service, load_web, load_worker
from services.console.output import console, fail

log = structlog.get_logger(__name__)

ServiceName = Annotated[
    str, typer.Argument(metavar="SERVICE", help="enrolment, assessment, notifications or reporting.")
]


def start_runtime(name: str) -> Runtime:
    """The runtime of a service with its settings from the environment. Ends the command with a sentence."""
    try:
        service = load_service(name)
        return Runtime.start(service, load_settings(name, os.environ))
    except (BadSettings, UnknownService) as error:
        fail(str(error))


def web(
    name: ServiceName,
    bind: Annotated[str, typer.Option(envvar="CESAR_BIND", help="Address and port.")] = WEB_BIND,
    processes: Annotated[int, typer.Option(envvar="CESAR_WEB_PROCESSES", min=1)] = 2,
    threads: Annotated[int, typer.Option(envvar="CESAR_WEB_THREADS", min=1)] = 4,
) -> None:
    """Serve the pages and the API of one service (gunicorn)."""
    runtime = start_runtime(name)
    configure_logs(runtime.settings.log_format, runtime.settings.log_level, name)
    from services.console.gunicorn_server import serve

    if problems := _schema_problems(runtime):
        fail(" ".join(problems))
    serve(runtime, load_web(runtime.service), bind=bind, processes=processes, threads=threads)


def worker(name: ServiceName) -> None:
    """Relay, consume and keep time for one service. Several may run; SIGTERM stops with grace."""
    runtime = start_runtime(name)
    configure_logs(runtime.settings.log_format, runtime.settings.log_level, name)
    from services.chassis.messaging.broker import BadBroker
    from services.chassis.messaging.runner import run_workers

    if problems := _wait_for_database(runtime):
        fail(" ".join(problems))
    start_tracing(runtime.settings.traces_url, [name])
    try:
        run_workers([load_worker(runtime.service)], {name: runtime})
    except (BadBroker, BadSettings) as error:
        fail(str(error))
    finally:
        stop_tracing()


def migrate(
    name: Annotated[
        str | None, typer.Argument(metavar="[SERVICE]", help="One service; all installed ones by default.")
    ] = None,
    new: Annotated[
        str | None,
        typer.Option(help="Write a new migration from the models, with this message, for developers."),
    ] = None,
    stopped: Annotated[
        bool,
        typer.Option(help="No process of an older release runs: also take away what only they needed."),
    ] = False,
) -> None:
    """Bring the database of one service, or of all, to this release's schema. Safe to repeat.

    Processes of the release before may go on meanwhile. Started many times at once, it migrates once.
    """
    from sqlalchemy.exc import SQLAlchemyError

    for service in [name] if name else installed_names():
        runtime = start_runtime(service)
        try:
            runtime.make_migration(new) if new else runtime.migrate(stopped=stopped)
        except migrations.MigrationRefused as error:
            fail(f"The database of {service} is not migrated. {error}")
        except SQLAlchemyError as error:
            reason = str(error.__cause__ or error).splitlines()[0]
            fail(f"The database of {service} cannot be migrated: {reason}.")
        console.print(f"{service}: the database is up to date.")


def _schema_problems(runtime: Runtime) -> list[str]:
    """In what the database's schema differs from this release's. While it does not answer, nobody knows."""
    from sqlalchemy.exc import DBAPIError

    try:
        runtime.database.ping()
        return runtime.check_ready()
    except DBAPIError:
        return []
    finally:
        # The processes that serve must not inherit an open connection.
        runtime.database.close()


def _wait_for_database(runtime: Runtime) -> list[str]:
    """Wait while the database does not answer; what else keeps the service from working, if anything."""
    import time

    from sqlalchemy.exc import DBAPIError

    while True:
        try:
            runtime.database.ping()
            return runtime.check_ready()
        except DBAPIError as error:
            log.warning("waiting_for_server", server="database", error=str(error.orig).splitlines()[0])
            time.sleep(2)
