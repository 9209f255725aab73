"""What exists on the broker: one exchange for all events, one queue for each consuming service.

Every worker declares all that it needs at start; declaring twice changes nothing. A queue that exists with
other arguments than ours is never changed or deleted by us: the operator decides.
"""

from __future__ import annotations

from collections.abc import Iterable

from kombu import Connection, Exchange, Queue, binding

EVENTS = Exchange("cesar.events", type="topic", durable=True)
UNDELIVERABLE = Exchange("cesar.undeliverable", type="direct", durable=True)
REPLAY_HEADER = "cesar-replay"
UNDELIVERABLE_SUFFIX = ".undeliverable"

# A message that brings its consumer down again and again is set aside instead of being dropped.
_DELIVERY_LIMIT = 50


def queue_name(service: str) -> str:
    return f"cesar.{service}"


def queues_of(service: str, event_types: Iterable[str]) -> tuple[Queue, Queue]:
    """The service's queue, bound to the types that it reacts to, and the one for what is set aside."""
    name = queue_name(service)
    aside = name + UNDELIVERABLE_SUFFIX
    events = Queue(
        name,
        durable=True,
        bindings=[binding(EVENTS, routing_key=event_type) for event_type in event_types],
        queue_arguments={
            "x-queue-type": "quorum",
            "x-delivery-limit": _DELIVERY_LIMIT,
            "x-dead-letter-exchange": UNDELIVERABLE.name,
            "x-dead-letter-routing-key": aside,
            "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",
        },
    )
    undeliverable = Queue(
        aside, UNDELIVERABLE, routing_key=aside, durable=True, queue_arguments={"x-queue-type": "quorum"}
    )
    return events, undeliverable


def declare(connection: Connection, service: str, event_types: Iterable[str]) -> tuple[Queue, Queue]:
    """Declare exchange, queues and bindings of one service. Raises what the broker answers."""
    with connection.channel() as channel:
        EVENTS(channel).declare()
        queues = queues_of(service, event_types)
        for queue in queues:
            queue(channel).declare()
    return queues


def waiting(connection: Connection, service: str) -> int | None:
    """How many events wait in a service's queue; None when no worker has declared it yet."""
    try:
        with connection.channel() as channel:
            return int(channel.queue_declare(queue_name(service), passive=True).message_count)
    except connection.channel_errors as error:
        if getattr(error, "reply_code", None) == 404:
            return None
        raise


def empty(connection: Connection, service: str) -> None:
    """Throw away what waits in a service's queues, where it has some."""
    for queue in (queue_name(service), queue_name(service) + UNDELIVERABLE_SUFFIX):
        try:
            with connection.channel() as channel:
                channel.queue_purge(queue)
        except connection.channel_errors as error:
            if getattr(error, "reply_code", None) != 404:
                raise
