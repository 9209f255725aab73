"""The unit of work: state and the events that tell of it are written in one transaction, or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.orm import Session

from services.chassis import audit, tracing
from services.chassis.bulk import RowWrite, write_rows
from services.chassis.context import current_context
from services.chassis.contracts import Contracts
from services.chassis.database import OUTBOX_CHANNEL
from services.chassis.events import Event, new_id
from services.chassis.messages import outbox
from services.chassis.model import Aggregate, NotFound

Entity = TypeVar("Entity")
_TO_OUTBOX = RowWrite(outbox, ("event_id", "type", "recorded_at", "body"), announced_on=OUTBOX_CHANNEL)


class UnitOfWork:
    """One transaction of one service, handed to a handler or to a reaction.

    ``now`` is the instant at which everything in it happens. ``replaying`` is true while old events are
    delivered again: read models are rebuilt then, and nothing is set off outside the service.
    """

    def __init__(
        self, session: Session, contracts: Contracts, now: datetime, *, replaying: bool = False
    ) -> None:
        self.session = session
        self.now = now
        self.replaying = replaying
        self.recorded: list[Event] = []
        self._by_itself: set[UUID] = set()
        self._contracts = contracts
        self._later: dict[RowWrite, list[Mapping[str, Any]]] = {}
        sqlalchemy_event.listen(session, "do_orm_execute", lambda _statement: self._write_rows())

    def get(self, entity: type[Entity], identity: object, *, lock: bool = False) -> Entity:
        """The entity with this primary key. Raises NotFound.

        ``lock`` makes others who ask with ``lock`` wait for the end of this transaction.
        """
        found = self.session.get(entity, identity, with_for_update=lock or None, populate_existing=lock)
        if found is None:
            raise NotFound("This does not exist, or no longer.")
        return found

    def record(self, aggregate: Aggregate, event_type: str, data: Mapping[str, Any]) -> Event:
        """Let the aggregate's next event be part of this transaction.

        Raises ContractViolation when ``data`` are not what the service promised for ``event_type``.
        """
        contract = self._contracts.current(event_type)
        context = current_context()
        aggregate.version += 1
        event = Event(
            id=new_id(),
            source=self._contracts.service,
            type=event_type,
            version=contract.version,
            subject=aggregate.id,
            sequence=aggregate.version,
            time=self.now,
            data=contract.dump(data),
            correlation_id=context.correlation_id,
            causation_id=context.causation_id,
            traceparent=context.traceparent,
        )
        event = tracing.recorded(event)
        self.recorded.append(event)
        return event

    def write_later(self, write: RowWrite, row: Mapping[str, Any]) -> None:
        """Write the row with others of its kind: before the session's next statement, or at the end."""
        self._later.setdefault(write, []).append(row)

    def flush(self) -> None:
        """Write state, outbox and audit log; the transaction stays open. Called once before the commit."""
        self.session.flush()
        self._write_rows()
        audit.note_work(self.session, self.recorded, self.now, self._by_itself)
        if not self.recorded:
            return
        rows = [
            {"event_id": event.id, "type": event.type, "recorded_at": event.time, "body": event.to_bytes()}
            for event in self.recorded
        ]
        write_rows(self.session, _TO_OUTBOX, rows)
        self.recorded.clear()

    @contextmanager
    def by_itself(self) -> Iterator[None]:
        """What is recorded in the block follows from a rule; in the audit log it is nobody's doing."""
        recorded = len(self.recorded)
        yield
        self._by_itself.update(event.id for event in self.recorded[recorded:])

    @contextmanager
    def undone(self) -> Iterator[None]:
        """At its end the block is as if it had never been: to see what would come of something."""
        self.session.flush()
        self._write_rows()
        recorded = len(self.recorded)
        savepoint = self.session.begin_nested()
        try:
            yield
        finally:
            self._later.clear()
            savepoint.rollback()
            del self.recorded[recorded:]

    def _write_rows(self) -> None:
        if not self._later:
            return
        later, self._later = self._later, {}
        # In one order of tables, so that two workers do not wait for each other crosswise.
        for write in sorted(later, key=lambda write: write.table.name):
            write_rows(self.session, write, later[write])
