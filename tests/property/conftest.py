"""A real history, and services that hear of it in whatever order."""

import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from services.chassis import inbox
from services.chassis.events import Event
from services.chassis.inbox import Delivery
from services.chassis.messages import outbox
from services.chassis.service import Runtime
from services.console.installed import load_service
from tests.support.story import empty_runtime, list_failed_errors, log_of, story

_MESSAGING = {"inbox", "outbox", "failed_event", "replay", "process", "answered_request", "retention_run"}
# How often a row was written, and in which order rows were: this may depend on the order.
_WRITING = {"revision", "number"}

State = dict[str, list[str]]


@dataclass(frozen=True)
class Hearer:
    """One consuming service: how it is before it hears of anything, and all that it may hear."""

    name: str
    template: Path
    history: Sequence[Event]
    folder: Path
    numbers: Iterator[int]

    @contextmanager
    def fresh(self, now: datetime) -> Iterator[Runtime]:
        """The service as it was at the beginning, at an instant that does not pass."""
        folder = self.folder / str(next(self.numbers))
        folder.mkdir()
        shutil.copy(self.template, folder / f"{self.name}.db")
        runtime = empty_runtime(self.name, folder)
        runtime.clock = lambda: now
        try:
            yield runtime
        finally:
            runtime.database.close()
            shutil.rmtree(folder)

    def state_after(self, batches: Iterable[Sequence[Event]], now: datetime) -> State:
        """What the service knows once it has heard of these events, batch by batch."""
        with self.fresh(now) as runtime:
            for batch in batches:
                inbox.handle(runtime, [Delivery(event.to_bytes()) for event in batch])
            assert list_failed_errors(runtime) == []
            return state_of(runtime)


def state_of(runtime: Runtime) -> State:
    """Every row of every table that holds what the service knows, and what it said, sorted."""
    state: State = {}
    moot: set[UUID] = set()
    with runtime.read() as session:
        for table in runtime.service.metadata.sorted_tables:
            if table.name not in _MESSAGING:
                columns = [column for column in table.columns if column.name not in _WRITING]
                rows = [row._mapping for row in session.execute(select(*columns))]
                if table.name == "message":
                    moot = {row["id"] for row in rows if _is_moot(row, runtime.clock())}
                state[table.name] = sorted(_text(row) for row in rows if row.get("id") not in moot)
        events = map(Event.from_bytes, session.scalars(select(outbox.c.body)))
        said = {f"{event.type} {event.subject}" for event in events if event.subject not in moot}
    return state | {"said": sorted(said)}


def _is_moot(message: Any, now: datetime) -> bool:
    """A letter that will not leave: its reason has gone, or it comes too late.

    Which of the two is noted, and to whom it would have gone, says what was known when that was found.
    """
    too_late = message["state"] == "suppressed" and message["expires_at"] <= now
    return bool(too_late or message["state"] == "cancelled")


def _text(row: Any) -> str:
    return json.dumps({str(key): value for key, value in row.items()}, default=str, sort_keys=True)


@pytest.fixture(scope="session")
def hearer_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Hearer]]:
    """Gives each service as a hearer. Enrolment has a life of its own before it hears of others."""
    lived = tmp_path_factory.mktemp("lived")
    with story(lived) as told:
        logs = {name: log_of(runtime) for name, runtime in told.runtimes.items()}
    deaf = tmp_path_factory.mktemp("deaf")
    with story(deaf, deaf="enrolment") as told:
        deaf_logs = {name: log_of(runtime) for name, runtime in told.runtimes.items()}
    folder = tmp_path_factory.mktemp("heard")
    numbers = count()

    def make(name: str) -> Hearer:
        source = deaf_logs if name == "enrolment" else logs
        template = deaf / "enrolment.db"
        if name != "enrolment":
            empty = tmp_path_factory.mktemp("empty")
            runtime = empty_runtime(name, empty)
            runtime.database.close()
            template = empty / f"{name}.db"
        wanted = set(load_service(name).reactions.event_types)
        events = [Event.from_bytes(body) for log in source.values() for body in log]
        history = sorted(
            (each for each in events if each.type in wanted), key=lambda each: (each.time, each.id)
        )
        return Hearer(name, template, history, folder, numbers)

    yield make
