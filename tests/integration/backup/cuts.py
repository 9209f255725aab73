"""Whether the databases of services belong to one instant."""

from sqlalchemy import select

from services.chassis.messages import inbox, outbox
from services.chassis.service import Runtime


def handled_and_not_recorded(producer: Runtime, consumer: Runtime) -> int:
    """How many of the producer's events the consumer knows although the producer never recorded them."""
    with producer.read() as session:
        recorded = set(session.scalars(select(outbox.c.event_id)))
    with consumer.read() as session:
        from_producer = select(inbox.c.event_id).where(inbox.c.source == producer.service.name)
        return len(set(session.scalars(from_producer)) - recorded)
