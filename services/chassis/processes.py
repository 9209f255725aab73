"""Which processes of a service live: each says so in the service's database from time to time."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from services.chassis.database import insert_for
from services.chassis.events import new_id
from services.chassis.messages import process
from services.chassis.release import RELEASE

if TYPE_CHECKING:
    from services.chassis.service import Runtime

Kind = Literal["web", "worker", "embedded"]

SEEN_EVERY = timedelta(seconds=15)
# A process that has missed that many times is not taken for a living one any more.
LIVES_FOR = 4 * SEEN_EVERY
# For how long one that ended without a word is still shown.
REMEMBERED_FOR = timedelta(days=1)
# How long the end of a process waits for the beat that is under way, in seconds.
_LAST_BEAT = 2.0


@dataclass(frozen=True, kw_only=True)
class Process:
    """A process as it was last seen; ``queue_length`` is how many events it saw in the service's queue."""

    id: UUID
    kind: Kind
    host: str
    pid: int
    release: str
    started_at: datetime
    seen_at: datetime
    queue_length: int | None

    def lives(self, now: datetime) -> bool:
        return now - self.seen_at <= LIVES_FOR


def note(session: Session, seen: Process) -> None:
    """Have the process known as it is now."""
    values = asdict(seen)
    statement = insert_for(session, process).values(**values)
    session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))


def known(session: Session) -> list[Process]:
    """The processes that live, and those that ended lately without a word; the newest of each kind first."""
    rows = session.execute(select(process).order_by(process.c.kind, process.c.started_at.desc()))
    return [Process(**row._mapping) for row in rows]


def living(session: Session, now: datetime) -> list[Process]:
    return [each for each in known(session) if each.lives(now)]


@dataclass
class Heartbeat:
    """Has this process known in its service's database until it is stopped.

    ``queue_length`` tells how many events wait in the service's queue, or None where nobody can tell.
    """

    runtime: Runtime
    kind: Kind
    queue_length: Callable[[], int | None] = lambda: None
    _stopping: threading.Event = field(default_factory=threading.Event, init=False)

    def start(self) -> None:
        """In the process that is to be known, which is not always the one that this was made in."""
        self._id, self._started_at = new_id(), self.runtime.clock()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """A process that ends as it should is not remembered."""
        self._stopping.set()
        self._thread.join(_LAST_BEAT)
        with suppress(SQLAlchemyError), self.runtime.database.write() as session:
            session.execute(delete(process).where(process.c.id == self._id))

    def _run(self) -> None:
        is_stopping = False
        while not is_stopping:
            # A database that is away is others' business; the process is seen again when it is back.
            with suppress(SQLAlchemyError):
                self._beat()
            is_stopping = self._stopping.wait(SEEN_EVERY.total_seconds())

    def _beat(self) -> None:
        queue_length = self.queue_length()
        now = self.runtime.clock()
        seen = Process(
            id=self._id,
            kind=self.kind,
            host=socket.gethostname(),
            pid=os.getpid(),
            release=RELEASE,
            started_at=self._started_at,
            seen_at=now,
            queue_length=queue_length,
        )
        with self.runtime.database.write() as session:
            note(session, seen)
            session.execute(delete(process).where(process.c.seen_at < now - REMEMBERED_FOR))
