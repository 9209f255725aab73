"""The relay: from the outbox to the broker, at least once, in order as far as that is cheap.

A batch is marked as published in the transaction that holds the relay's lock, and only what the broker has
confirmed. If the process dies between confirmation and commit, the batch is published again; consumers'
inboxes take care of that.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Connection, Row, func, select, update
from sqlalchemy.orm import Session

from services.chassis import metrics
from services.chassis.clock import Clock
from services.chassis.database import Database, is_one_of
from services.chassis.messages import outbox


@dataclass(frozen=True, slots=True)
class Message:
    """An event's bytes on their way: to everybody who is bound to its type, or to one ``consumer``."""

    event_id: UUID
    type: str
    body: bytes
    consumer: str | None = None


# The refused ones: index in the messages to the reason.
Answer = Callable[[], Mapping[int, str]]


class Publisher(Protocol):
    """A way to the broker."""

    def send(self, messages: Sequence[Message]) -> Answer:
        """Send the messages; the answer, when it is asked for, waits until the broker has taken or refused
        each. The next messages may be sent before.

        Raises BrokerUnavailable when the broker cannot be reached, and so does the answer when it does not
        come in time; then any number may have been taken.
        """
        ...

    def waiting(self, consumer: str) -> int:
        """How many messages wait in the queue of this consumer. Raises BrokerUnavailable."""
        ...

    def close(self) -> None:
        """Let go of the connection; a later publication opens another."""
        ...


class BrokerUnavailable(Exception):
    """The broker does not answer. What was not confirmed is sent again later."""


@dataclass(frozen=True)
class Backlog:
    """The state of an outbox. ``recorded`` counts the whole log, ``refused`` what the broker did not take."""

    recorded: int
    waiting: int
    waiting_since: datetime | None
    refused: int
    refusal: str | None


def backlog(session: Session) -> Backlog:
    """What is in the outbox now. The log is counted by its last position, which is exact but for gaps."""
    waiting = outbox.c.published_at.is_(None)
    refused = outbox.c.refusal.is_not(None)
    number, since = session.execute(select(func.count(), func.min(outbox.c.recorded_at)).where(waiting)).one()
    return Backlog(
        recorded=session.scalar(select(func.max(outbox.c.position))) or 0,
        waiting=number,
        waiting_since=since,
        refused=session.scalar(select(func.count()).where(waiting, refused)) or 0,
        refusal=session.scalar(select(outbox.c.refusal).where(waiting, refused).limit(1)),
    )


def publish_log_again(database: Database) -> int:
    """Have the whole log published once more; how many events that are.

    After the databases were put back to an earlier instant the broker has forgotten, or knows of what has
    not happened: the inboxes know which of the events had their effect.
    """
    with database.in_turn("relay") as connection:
        return connection.execute(update(outbox).values(published_at=None, refusal=None)).rowcount


@dataclass(frozen=True)
class Relayed:
    """What one turn of the relay did. ``refused`` stay in the outbox and are tried again."""

    published: int = 0
    refused: int = 0
    more: bool = False


@dataclass(frozen=True)
class _Batch:
    """Rows of the outbox that are on their way."""

    rows: Sequence[Row[Any, Any, Any, Any]]
    answer: Answer

    @property
    def size(self) -> int:
        """In bytes."""
        return sum(len(row.body) for row in self.rows)


# How many batches one turn of the relay publishes at most, in one transaction: what is published again when
# the process dies before its commit.
_BATCHES = 32
# How much is sent before the first answer is awaited, in bytes.
_ON_THEIR_WAY = 2_000_000


@dataclass
class Relay:
    """The relay of one service's outbox."""

    service: str
    database: Database
    publisher: Publisher
    clock: Clock
    batch_size: int = 500
    _after_refused: int = field(default=0, init=False)

    def run_once(self) -> Relayed:
        """Publish what waits and what comes meanwhile, a few batches at most.

        Does nothing while another process is at it.

        Refused events are passed over until the end of the outbox is reached, so that they do not hold
        up what comes behind them; then they have their next try. Raises BrokerUnavailable.
        """
        published = refused = batches = last = 0
        with self._hanging_up_on_errors(), self.database.exclusive("relay") as connection:
            if connection is None:
                return Relayed()
            for batch in _with_more_behind(self._batches(connection)):
                answer = batch.answer()
                self._mark(connection, batch.rows, answer)
                published += len(batch.rows) - len(answer)
                refused += len(answer)
                batches += 1
                last = batch.rows[-1].position
        more = batches == _BATCHES
        passing_over = refused > 0 or self._after_refused > 0
        self._after_refused = last if more and passing_over else 0
        metrics.published.labels(self.service).inc(published)
        metrics.refused.labels(self.service).inc(refused)
        return Relayed(published, refused, more)

    @contextmanager
    def _hanging_up_on_errors(self) -> Iterator[None]:
        """What was sent and is not asked about any more must not answer for what is sent next."""
        try:
            yield
        except BaseException:
            self.publisher.close()
            raise

    def _batches(self, connection: Connection) -> Iterator[_Batch]:
        """Batches that have been sent, from the oldest event on."""
        position = self._after_refused
        for _ in range(_BATCHES):
            rows = connection.execute(
                select(outbox.c.position, outbox.c.event_id, outbox.c.type, outbox.c.body)
                .where(outbox.c.published_at.is_(None), outbox.c.position > position)
                .order_by(outbox.c.position)
                .limit(self.batch_size)
            ).all()
            if not rows:
                return
            position = rows[-1].position
            answer = self.publisher.send([Message(row.event_id, row.type, row.body) for row in rows])
            yield _Batch(rows, answer)

    def _mark(
        self, connection: Connection, rows: Sequence[Row[Any, Any, Any, Any]], refused: Mapping[int, str]
    ) -> None:
        taken = [row.position for index, row in enumerate(rows) if index not in refused]
        if taken:
            connection.execute(
                update(outbox)
                .where(is_one_of(connection, outbox.c.position, taken))
                .values(published_at=self.clock(), refusal=None)
            )
        for index, reason in refused.items():
            of_this = outbox.c.position == rows[index].position
            connection.execute(update(outbox).where(of_this).values(refusal=reason))


def _with_more_behind(batches: Iterator[_Batch]) -> Iterator[_Batch]:
    """Each batch once enough others have been sent behind it: while one is read and marked, the broker has
    work."""
    sent: deque[_Batch] = deque()
    on_their_way = 0
    for batch in batches:
        sent.append(batch)
        on_their_way += batch.size
        while len(sent) > 1 and on_their_way > _ON_THEIR_WAY:
            on_their_way -= sent[0].size
            yield sent.popleft()
    yield from sent
