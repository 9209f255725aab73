"""The probe service on both stacks: what is promised is promised on each of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from kombu import Queue

from services.chassis.messaging import topology
from services.chassis.messaging.broker import connect, publisher_for
from services.chassis.outbox import Publisher, Relay
from services.chassis.service import Runtime
from services.chassis.settings import MEMORY_BROKER
from tests.support.postgres import Postgres
from tests.support.probe import probe_runtime
from tests.support.rabbitmq import RabbitMQ


@dataclass
class Stack:
    """The probe with a database and a broker, its queue declared."""

    runtime: Runtime
    publisher: Publisher

    def relay(self, batch_size: int = 500) -> Relay:
        return Relay("probe", self.runtime.database, self.publisher, self.runtime.clock, batch_size)

    def relay_all(self, batch_size: int = 500) -> int:
        """Publish what the outbox holds; how many events that were."""
        relay, published = self.relay(batch_size), 0
        while (relayed := relay.run_once()).published or relayed.more:
            published += relayed.published
        return published

    def received(self, number: int) -> list[bytes]:
        """Take ``number`` messages from the probe's queue."""
        bodies: list[bytes] = []
        with connect(self.runtime.settings.amqp_uri) as connection:
            queue = topology.queues_of("probe", ())[0](connection.default_channel)
            while len(bodies) < number:
                bodies.append(_next_message(queue))
        return bodies


def _next_message(queue: Queue) -> bytes:
    message = queue.get(no_ack=True)
    assert message is not None, "the queue is empty"
    return message.body.encode() if isinstance(message.body, str) else bytes(message.body)


@pytest.fixture(params=["embedded", "real"])
def stack(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stack]:
    """SQLite with the broker in memory, then PostgreSQL with RabbitMQ."""
    if request.param == "embedded":
        database_url, amqp_uri = f"sqlite:///{tmp_path / 'probe.db'}", MEMORY_BROKER
    else:
        postgres: Postgres = request.getfixturevalue("postgres")
        rabbitmq: RabbitMQ = request.getfixturevalue("rabbitmq")
        database_url, amqp_uri = postgres.create_database("probe"), rabbitmq.create_vhost()
    with probe_runtime(database_url, amqp_uri) as runtime:
        with connect(amqp_uri) as connection:
            topology.declare(connection, "probe", runtime.service.reactions.event_types)
            connection.default_channel.queue_purge(topology.queue_name("probe"))
        publisher = publisher_for(amqp_uri)
        yield Stack(runtime, publisher)
        publisher.close()
