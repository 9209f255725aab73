"""What makes the in-memory broker harmless: at each start, nothing that it may have forgotten stays undone.

An event that some consumer's inbox does not know, and that has not failed there either, is published
again. Inboxes take care of those who know it already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select, update

from services.chassis.messages import failed_event, inbox, outbox
from services.chassis.service import Runtime

_BATCH = 1000


def publish_unhandled_again(runtimes: Mapping[str, Runtime]) -> int:
    """Have every published event relayed again that one of its consumers has not handled; how many."""
    return sum(_publish_again(producer, runtimes.values()) for producer in runtimes.values())


def _publish_again(producer: Runtime, consumers: Iterable[Runtime]) -> int:
    wanted = {
        consumer.service.name: (consumer, frozenset(consumer.service.reactions.event_types))
        for consumer in consumers
    }
    count, position = 0, 0
    while batch := _published_after(producer, position):
        position = batch[-1][0]
        forgotten: set[UUID] = set()
        for consumer, types in wanted.values():
            ids = [event_id for _, event_id, event_type in batch if event_type in types]
            forgotten |= set(ids) - _known(consumer, producer.service.name, ids)
        if forgotten:
            with producer.database.write() as session:
                session.execute(
                    update(outbox).where(outbox.c.event_id.in_(forgotten)).values(published_at=None)
                )
        count += len(forgotten)
    return count


def _published_after(producer: Runtime, position: int) -> Sequence[tuple[int, UUID, str]]:
    with producer.read() as session:
        query = (
            select(outbox.c.position, outbox.c.event_id, outbox.c.type)
            .where(outbox.c.position > position, outbox.c.published_at.is_not(None))
            .order_by(outbox.c.position)
            .limit(_BATCH)
        )
        return [(row.position, row.event_id, row.type) for row in session.execute(query)]


def _known(consumer: Runtime, source: str, ids: Sequence[UUID]) -> set[UUID]:
    """Those of the events that the consumer has handled, or keeps as failed."""
    if not ids:
        return set()
    keys = {f"{source}/{identity}": identity for identity in ids}
    with consumer.read() as session:
        handled = session.scalars(
            select(inbox.c.event_id).where(inbox.c.source == source, inbox.c.event_id.in_(ids))
        )
        failed = session.scalars(select(failed_event.c.key).where(failed_event.c.key.in_(keys)))
        return set(handled) | {keys[key] for key in failed}
