"""The ledger: what was tried, committed, confirmed and applied, and in what these differ.

It accounts as the queue checker of Jepsen does (https://github.com/jepsen-io/jepsen): what was committed has
to be applied; what nobody sent must not appear; what was tried without an answer may have happened or not.
"""

import sys
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from services.chassis.events import Event
from services.chassis.messages import failed_event, outbox
from services.chassis.service import Runtime
from tests.chaos.pair import effects, kept, things, wants_answer


@dataclass(frozen=True)
class Flow:
    """The account of all events from one service to another.

    ``tried`` events were about to be committed, ``committed`` ones are those of which the committing process
    learnt that they were; ``recorded`` are in the outbox, ``confirmed`` were taken by the broker.
    """

    name: str
    tried: frozenset[UUID]
    committed: frozenset[UUID]
    recorded: frozenset[UUID]
    confirmed: frozenset[UUID]
    applied: Counter[UUID]

    @property
    def lost(self) -> set[UUID]:
        """Committed or in the outbox, and without effect."""
        return set((self.committed | self.recorded) - self.applied.keys())

    @property
    def forgotten(self) -> set[UUID]:
        """Committed, and not in the outbox: the database lost them."""
        return set(self.committed - self.recorded)

    @property
    def twice(self) -> set[UUID]:
        return {event_id for event_id, times in self.applied.items() if times > 1}

    @property
    def unexpected(self) -> set[UUID]:
        """With an effect that nobody recorded, or recorded by nobody's wish."""
        return set(self.applied.keys() - self.recorded) | set(self.recorded - self.tried)

    @property
    def stuck(self) -> set[UUID]:
        """In the outbox, and not taken by the broker."""
        return set(self.recorded - self.confirmed)

    @property
    def recovered(self) -> set[UUID]:
        """Committed by a process that died, or lost its database, before it learnt so."""
        return set(self.recorded - self.committed)

    def row(self) -> dict[str, str | int]:
        """The numbers, by what they count."""
        return {
            "flow": self.name,
            "tried": len(self.tried),
            "committed": len(self.committed),
            "recovered": len(self.recovered),
            "recorded": len(self.recorded),
            "confirmed": len(self.confirmed),
            "applied": len(self.applied),
            "lost": len(self.lost),
            "forgotten": len(self.forgotten),
            "twice": len(self.twice),
            "unexpected": len(self.unexpected),
            "stuck": len(self.stuck),
        }


def flows(maker: Runtime, keeper: Runtime, ledgers: Iterable[Path]) -> tuple[Flow, Flow]:
    """The accounts of both directions. The keeper answers in the transaction in which it has its effect."""
    tried, committed = _read(ledgers)
    changes, heard = _outbox(maker), _applied(keeper)
    answers = _outbox(keeper)
    answered = frozenset(
        event.causation_id for event in answers.values() if event.causation_id in heard and event.causation_id
    )
    wanted = {event_id for event_id in heard if event_id in changes and wants_answer(changes[event_id])}
    # An answer that is missing, or that answers nothing, is one that nobody tried.
    mismatched = wanted ^ answered
    return (
        _flow("maker → keeper", tried, committed, changes, _confirmed(maker), heard),
        _flow(
            "keeper → maker",
            frozenset() if mismatched else frozenset(answers),
            frozenset(answers),
            answers,
            _confirmed(keeper),
            _applied(maker),
        ),
    )


def published(runtime: Runtime) -> int:
    """How many events have to have an effect until all is through; endless while one is not confirmed."""
    with runtime.read() as session:
        query = select(func.count(), func.count(outbox.c.published_at)).select_from(outbox)
        recorded, confirmed = session.execute(query).one()
    return recorded if recorded == confirmed else sys.maxsize


def applied(runtime: Runtime) -> int:
    """How many different events had an effect."""
    with runtime.read() as session:
        event_id = effects[runtime.service.metadata].c.event_id
        return session.scalar(select(func.count(event_id.distinct()))) or 0


def failures_of(runtime: Runtime) -> dict[str, int]:
    """How many events failed at least once, by what became of them."""
    with runtime.read() as session:
        query = select(failed_event.c.state, func.count()).group_by(failed_event.c.state)
        return {state: number for state, number in session.execute(query)}


def state_of_things(maker: Runtime, keeper: Runtime) -> tuple[list[Any], list[Any]]:
    """Every thing as the maker has it and as the keeper knows it."""
    with maker.read() as session:
        made = session.execute(select(things).order_by(things.c.id)).all()
    with keeper.read() as session:
        known = session.execute(select(kept).order_by(kept.c.id)).all()
    return [tuple(row) for row in made], [tuple(row) for row in known]


def table(rows: Collection[dict[str, Any]]) -> str:
    """Rows with the same keys as a table that reads well as plain text and as Markdown."""
    if not rows:
        return ""
    columns = list(next(iter(rows)))
    texts = [columns, *([str(row[column]) for column in columns] for row in rows)]
    widths = [max(len(line[index]) for line in texts) for index in range(len(columns))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
        for line in texts
    ]
    rule = "| " + " | ".join("-" * width for width in widths) + " |"
    return "\n".join([lines[0], rule, *lines[1:]])


def _flow(
    name: str,
    tried: frozenset[UUID],
    committed: frozenset[UUID],
    recorded: dict[UUID, Event],
    confirmed: frozenset[UUID],
    applied: Counter[UUID],
) -> Flow:
    return Flow(name, tried, committed, frozenset(recorded), confirmed, applied)


def _read(ledgers: Iterable[Path]) -> tuple[frozenset[UUID], frozenset[UUID]]:
    tried: set[UUID] = set()
    committed: set[UUID] = set()
    for ledger in ledgers:
        for line in ledger.read_text().splitlines():
            word, _, identity = line.partition(" ")
            (committed if word == "committed" else tried).add(UUID(identity))
    return frozenset(tried), frozenset(committed)


def _outbox(runtime: Runtime) -> dict[UUID, Event]:
    with runtime.read() as session:
        bodies = session.scalars(select(outbox.c.body))
        return {event.id: event for event in map(Event.from_bytes, bodies)}


def _confirmed(runtime: Runtime) -> frozenset[UUID]:
    with runtime.read() as session:
        return frozenset(session.scalars(select(outbox.c.event_id).where(outbox.c.published_at.is_not(None))))


def _applied(runtime: Runtime) -> Counter[UUID]:
    with runtime.read() as session:
        return Counter(session.scalars(select(effects[runtime.service.metadata].c.event_id)))
