"""The condition of a service as its database tells it: for the person who operates it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from services.chassis import failures, outbox, processes, replays
from services.chassis.failures import FailedEvent
from services.chassis.migrations.compatibility import read_state
from services.chassis.outbox import Backlog
from services.chassis.processes import Process
from services.chassis.replays import ReplayProgress

# An event that has not been published for so long is not about to be.
LATE_AFTER = timedelta(minutes=2)
_DECIDED_SHOWN = 20
_REPLAYS_SHOWN = 5


class Concern(StrEnum):
    """What an operator has to see to first, the most urgent one before the others."""

    PARKED = "parked"
    NO_WORKER = "no_worker"
    NOT_PUBLISHED = "not_published"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class Condition:
    """``revision`` is that of the database's schema. Processes come with those that fell silent lately."""

    now: datetime
    backlog: Backlog
    failed: Sequence[FailedEvent]
    decided: Sequence[FailedEvent]
    replays: Sequence[ReplayProgress]
    processes: Sequence[Process]
    revision: str | None

    @property
    def living(self) -> list[Process]:
        return [process for process in self.processes if process.lives(self.now)]

    @property
    def parked(self) -> list[FailedEvent]:
        return [event for event in self.failed if event.state == "parked"]

    @property
    def releases(self) -> list[str]:
        """Those that run now: more than one while an update is under way."""
        return sorted({process.release for process in self.living})

    @property
    def queue(self) -> Process | None:
        """The process that has looked at the service's queue last; None when nobody has."""
        looked = [process for process in self.living if process.queue_length is not None]
        return max(looked, key=lambda process: process.seen_at, default=None)

    @property
    def concern(self) -> Concern:
        if self.parked:
            return Concern.PARKED
        if all(process.kind == "web" for process in self.living):
            return Concern.NO_WORKER
        waiting_since = self.backlog.waiting_since
        if waiting_since is not None and self.now - waiting_since > LATE_AFTER:
            return Concern.NOT_PUBLISHED
        return Concern.NONE


def condition_of(session: Session, now: datetime) -> Condition:
    """How the service stands whose database this is."""
    return Condition(
        now=now,
        backlog=outbox.backlog(session),
        failed=failures.list_failed(session),
        decided=failures.list_failed(session, ("discarded", "resolved"))[:_DECIDED_SHOWN],
        replays=replays.latest(session, _REPLAYS_SHOWN),
        processes=processes.known(session),
        revision=read_state(session.connection()).revision,
    )
