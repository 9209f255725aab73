"""Replays: a part of a service's event log, delivered again to one consumer.

An operator writes a request into the producer's database; the producer's relay carries it out in the
background, batch by batch, and remembers how far it came. The consumer is told that the events are old.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, insert, select, update
from sqlalchemy.orm import Session

from services.chassis.clock import Clock
from services.chassis.database import Database
from services.chassis.events import new_id
from services.chassis.messages import outbox, replay
from services.chassis.outbox import Message, Publisher

# In seconds.
_LOOK_EVERY = 1.0
# More than a consumer handles in that time.
_MOST_WAITING = 20_000


@dataclass(frozen=True)
class ReplayProgress:
    """How far a replay is: ``sent`` events of about ``total``; ``done_at`` when it is through."""

    id: UUID
    consumer: str
    sent: int
    total: int
    done_at: datetime | None


def request_replay(
    session: Session,
    consumer: str,
    now: datetime,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> UUID:
    """Ask for the events recorded in [since, until) to be delivered to ``consumer`` again."""
    period = _within(since, until)
    first = session.scalar(select(func.min(outbox.c.position)).where(*period))
    last = session.scalar(select(func.max(outbox.c.position)).where(*period))
    identity = new_id()
    session.execute(
        insert(replay).values(
            id=identity,
            consumer=consumer,
            since=since,
            until=until,
            position=(first or 1) - 1,
            end_position=last or 0,
            sent=0,
            requested_at=now,
            done_at=None if last else now,
        )
    )
    return identity


def progress(session: Session, identities: Sequence[UUID]) -> list[ReplayProgress]:
    """The state of these replays."""
    rows = session.execute(select(replay).where(replay.c.id.in_(identities)))
    return [_progress(session, row) for row in rows]


def latest(session: Session, number: int) -> list[ReplayProgress]:
    """The state of the latest replays, the newest first."""
    rows = session.execute(select(replay).order_by(replay.c.requested_at.desc()).limit(number))
    return [_progress(session, row) for row in rows]


def count_open(session: Session) -> int:
    """How many replays are not through yet."""
    return session.scalar(select(func.count()).select_from(replay).where(replay.c.done_at.is_(None))) or 0


@dataclass
class ReplayRelay:
    """Carries out the replay requests in one service's database."""

    database: Database
    publisher: Publisher
    clock: Clock
    batch_size: int = 500
    _looked_in_vain: float = field(default=0, init=False)

    def run_once(self) -> bool:
        """Send the next batch of the oldest open replay; false without one. Raises BrokerUnavailable.

        Replays are rare and the relay is busy: without one, it is looked for once a second. While the
        consumer has enough to do, it is sent nothing: what happens now would queue up behind a long past.
        """
        if time.monotonic() < self._looked_in_vain + _LOOK_EVERY:
            return False
        sent = self._send_next()
        self._looked_in_vain = 0 if sent else time.monotonic()
        return sent

    def _send_next(self) -> bool:
        with self.database.exclusive("replay") as connection:
            if connection is None:
                return False
            request = connection.execute(
                select(replay).where(replay.c.done_at.is_(None)).order_by(replay.c.requested_at).limit(1)
            ).one_or_none()
            if request is None or self.publisher.waiting(request.consumer) > _MOST_WAITING:
                return False
            batch = connection.execute(
                select(outbox.c.position, outbox.c.event_id, outbox.c.type, outbox.c.body)
                .where(*_left(request))
                .order_by(outbox.c.position)
                .limit(self.batch_size)
            ).all()
            answer = self.publisher.send(
                [Message(row.event_id, row.type, row.body, request.consumer) for row in batch]
            )
            refused = answer()
            # What the broker refused is where the next turn begins again.
            sent = batch[: min(refused)] if refused else batch
            changes: dict[str, Any] = {"sent": request.sent + len(sent)}
            if sent:
                changes["position"] = sent[-1].position
            if not refused and len(batch) < self.batch_size:
                changes["done_at"] = self.clock()
            connection.execute(update(replay).where(replay.c.id == request.id).values(**changes))
        return not refused


def _within(since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if since is not None:
        conditions.append(outbox.c.recorded_at >= since)
    if until is not None:
        conditions.append(outbox.c.recorded_at < until)
    return conditions


def _left(request: Row[Any]) -> list[ColumnElement[bool]]:
    return [
        outbox.c.position > request.position,
        outbox.c.position <= request.end_position,
        *_within(request.since, request.until),
    ]


def _progress(session: Session, row: Row[Any]) -> ReplayProgress:
    return ReplayProgress(row.id, row.consumer, row.sent, row.sent + _remaining(session, row), row.done_at)


def _remaining(session: Session, request: Row[Any]) -> int:
    if request.done_at is not None:
        return 0
    return session.scalar(select(func.count()).select_from(outbox).where(*_left(request))) or 0
