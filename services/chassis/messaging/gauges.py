"""What the broker can be asked about a service's queue."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import Metric

from services.chassis.gauges import gauge, reachable
from services.chassis.messaging import topology
from services.chassis.messaging.broker import BadBroker, broker_errors, close, connect, patience
from services.chassis.outbox import BrokerUnavailable
from services.chassis.service import Runtime

# In seconds.
_PATIENCE = 2.5


def queue_length(runtime: Runtime) -> int | None:
    """How many events wait in the service's queue, without those that a worker has taken but not finished.

    None when the broker does not tell.
    """
    try:
        with patience(_PATIENCE), broker_errors():
            connection = connect(runtime.settings.amqp_uri)
            try:
                return topology.waiting(connection, runtime.service.name)
            finally:
                close(connection)
    except (BadBroker, BrokerUnavailable):
        return None


def queue_gauges(runtime: Runtime) -> Iterator[Metric]:
    """The figures that the broker has of the service, and whether it can be asked at all."""
    name = runtime.service.name
    length = queue_length(runtime)
    yield reachable(name, "broker", length is not None)
    if length is not None:
        yield gauge("cesar_queue_messages", "Events that wait in the service's queue.", name, length)
