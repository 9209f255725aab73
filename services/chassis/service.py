"""What a service is, as data; and what it needs while it runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from prometheus_client import Metric
from sqlalchemy import MetaData, Table, delete
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from services.chassis import migrations
from services.chassis.clock import Clock, utc_now
from services.chassis.contracts import Contracts
from services.chassis.database import Database
from services.chassis.gauges import Gauge, database_gauges
from services.chassis.messages import inbox
from services.chassis.reactions import Reactions
from services.chassis.settings import Settings
from services.chassis.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from services.chassis.privacy.retention import Outlived


Names = Callable[[Session, Collection[UUID]], Mapping[UUID, str]]


def _no_names(_session: Session, _ids: Collection[UUID]) -> Mapping[UUID, str]:
    return {}


@dataclass(frozen=True)
class Service:
    """The declaration of one service: its name, its title for people, its tables, and
    what it publishes and reacts to.

    ``projections`` are the tables that hold nothing but what events said: a rebuild empties them and has
    the events delivered again. ``gauges`` are figures of its own for those who watch it.
    ``names`` is how people call what has these ids, for the audit log.
    ``outlived`` is how it ends what has been kept long enough, by the names in its ``data/retention.yaml``.
    """

    name: str
    title: str
    metadata: MetaData
    contracts: Contracts
    reactions: Reactions
    projections: tuple[Table, ...] = ()
    gauges: tuple[Gauge, ...] = ()
    names: Names = _no_names
    outlived: Mapping[str, Outlived] = field(default_factory=dict)

    @property
    def package(self) -> str:
        return f"services.{self.name}"


@dataclass
class Runtime:
    """One service at work in one process: its settings, its database and the time.

    ``outbox_filled`` is set after each commit that recorded events, and wakes a relay in this process.
    ``has_been_ready``: since its start, nothing has kept the process from working at least once.
    """

    service: Service
    settings: Settings
    database: Database
    clock: Clock = utc_now
    outbox_filled: threading.Event = field(default_factory=threading.Event)
    has_been_ready: bool = False

    @classmethod
    def start(cls, service: Service, settings: Settings, *, clock: Clock = utc_now) -> Runtime:
        database = Database(settings.database_url, pool_size=settings.database_pool_size)
        return cls(service, settings, database, clock)

    @contextmanager
    def unit_of_work(self, *, now: datetime | None = None, replaying: bool = False) -> Iterator[UnitOfWork]:
        """State and events of the block are committed together at its end; an exception undoes both."""
        with self.database.write() as session:
            unit_of_work = UnitOfWork(
                session, self.service.contracts, now or self.clock(), replaying=replaying
            )
            yield unit_of_work
            has_events = bool(unit_of_work.recorded)
            unit_of_work.flush()
        if has_events:
            self.outbox_filled.set()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for queries only."""
        with self.database.read() as session:
            yield session

    def migrate(self, *, stopped: bool = False) -> None:
        """Bring the database to the newest schema. Safe to call at every start.

        ``stopped``: no process of an older release works with it. Raises MigrationRefused.
        """
        migrations.upgrade(self.service.package, self.database, stopped=stopped)

    def make_migration(self, message: str) -> None:
        """Write the next migration from what the models have and the database lacks."""
        migrations.make_revision(self.service.package, self.database, message)

    def check_ready(self) -> list[str]:
        """What keeps the service from working, one sentence each; empty when nothing does."""
        try:
            problems = migrations.problems(self.service.package, self.database)
        except SQLAlchemyError:
            return [f"The database of {self.service.name} cannot be reached."]
        self.has_been_ready = self.has_been_ready or not problems
        return problems

    def measure(self) -> Iterable[Metric]:
        """What the database says of the service's state, for those who watch it."""
        return database_gauges(self)

    def forget_projections(self) -> None:
        """Empty the read models and the inbox, so that events delivered again build them anew."""
        with self.database.write() as session:
            for table in (*self.service.projections, inbox):
                session.execute(delete(table))
