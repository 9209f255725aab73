"""One service in this process on a new SQLite database, at a time that the test decides."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from sqlalchemy import select

from services.chassis.events import Event
from services.chassis.messages import outbox
from services.chassis.service import Runtime, Service
from services.console.data_folder import embedded_settings
from services.console.installed import load_service

PUBLIC_URL = "http://localhost:8000"


@dataclass
class Clock:
    """Stands still until it is moved."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        """Let time pass, as in ``move(days=3)``."""
        self.now += timedelta(**by)


@contextmanager
def running(service: str, folder: Path, clock: Clock) -> Iterator[Runtime]:
    """The service with an empty database in ``folder``; keys and tables are made once for all tests."""
    shutil.copytree(_empty(service), folder, dirs_exist_ok=True)
    runtime = _start(load_service(service), folder, clock)
    try:
        yield runtime
    finally:
        runtime.database.close()


def recorded(runtime: Runtime, event_type: str | None = None) -> list[Event]:
    """What the service has published so far, or what it has published of one type; the oldest first."""
    query = select(outbox.c.body).order_by(outbox.c.position)
    with runtime.read() as session:
        events = [Event.from_bytes(body) for body in session.scalars(query)]
    return [event for event in events if event_type in (None, event.type)]


@cache
def _empty(service: str) -> Path:
    folder = Path(mkdtemp(prefix=f"cesar-{service}-"))
    runtime = Runtime.start(load_service(service), embedded_settings(service, folder, 8000, demo=False))
    runtime.migrate()
    runtime.database.close()
    return folder


def _start(service: Service, folder: Path, clock: Clock) -> Runtime:
    return Runtime.start(service, embedded_settings(service.name, folder, 8000, demo=False), clock=clock)
