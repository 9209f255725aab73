"""The private broker that tests start."""

import time
import urllib.error
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from kombu import Exchange, Queue

from tests.support.ports import listens
from tests.support.process import Process
from tests.support.rabbitmq import PrivateRabbitMQ, any_rabbitmq, confirming, private_rabbitmq

PERSISTENT = 2


@pytest.fixture(scope="module")
def broker() -> Iterator[PrivateRabbitMQ]:
    with private_rabbitmq() as started:
        yield started


@pytest.fixture
def vhost(broker: PrivateRabbitMQ) -> Iterator[str]:
    uri = broker.create_vhost()
    yield uri
    broker.delete_vhost(uri)


def quorum_queue(name: str) -> Queue:
    exchange = Exchange("events", type="topic", durable=True)
    return Queue(name, exchange, routing_key="#", queue_arguments={"x-queue-type": "quorum"})


def publish(uri: str, *bodies: str) -> None:
    """Return when the broker has confirmed every message."""
    with confirming(uri) as connection:
        queue = quorum_queue("events")
        producer = connection.Producer(exchange=queue.exchange)
        for body in bodies:
            producer.publish(body, routing_key="x", delivery_mode=PERSISTENT, declare=[queue])


def consume(uri: str) -> list[str]:
    """Take and acknowledge everything that waits in the queue."""
    with confirming(uri) as connection:
        queue = quorum_queue("events")(connection.default_channel)
        bodies = []
        while message := queue.get():
            message.ack()
            bodies.append(message.payload)
        return bodies


def test_a_quorum_queue_gives_back_what_the_broker_confirmed(vhost: str) -> None:
    publish(vhost, "first", "second")
    assert consume(vhost) == ["first", "second"]
    assert consume(vhost) == []


def test_confirmed_messages_survive_a_restart(broker: PrivateRabbitMQ, vhost: str) -> None:
    publish(vhost, "kept")
    broker.restart()
    assert consume(vhost) == ["kept"]


def test_confirmed_messages_survive_a_kill(broker: PrivateRabbitMQ, vhost: str) -> None:
    publish(vhost, "before")
    assert consume(vhost) == ["before"]
    # RabbitMQ 3.10 notes a new quorum queue on disk a second or so after it has confirmed the declaration:
    # killed before, the queue never finds its leader again. Messages have no such delay.
    time.sleep(2)
    publish(vhost, "kept")
    broker.kill()
    assert not listens(broker.port)
    broker.start()
    assert consume(vhost) == ["kept"]


def test_virtual_hosts_know_nothing_of_each_other(broker: PrivateRabbitMQ, vhost: str) -> None:
    other = broker.create_vhost()
    publish(vhost, "here")
    publish(other, "there")
    assert consume(other) == ["there"]
    assert consume(vhost) == ["here"]


def test_an_account_may_do_only_what_it_was_given(broker: PrivateRabbitMQ, vhost: str) -> None:
    publish(vhost, "secret")
    reader = broker.create_user(vhost, "reader", configure="", write="", read="^events$")
    with confirming(reader) as connection:
        queue = Queue("events")(connection.default_channel)
        assert queue.get(no_ack=True).payload == "secret"
        with pytest.raises(connection.connection_errors + connection.channel_errors, match="ACCESS_REFUSED"):
            Queue("another", durable=True)(connection.default_channel).declare()


def test_a_memory_alarm_holds_publishers_back_until_it_ends(broker: PrivateRabbitMQ, vhost: str) -> None:
    with ThreadPoolExecutor(max_workers=1) as background:
        with broker.memory_alarm():
            publishing = background.submit(publish, vhost, "late")
            with pytest.raises(TimeoutError):
                publishing.result(timeout=1)
        publishing.result(timeout=20)
    assert consume(vhost) == ["late"]


def test_a_deleted_virtual_host_is_gone(broker: PrivateRabbitMQ) -> None:
    uri = broker.create_vhost()
    broker.delete_vhost(uri)
    with pytest.raises(urllib.error.HTTPError, match="404"):
        broker.delete_vhost(uri)


def test_a_named_broker_takes_the_place_of_a_private_one(
    broker: PrivateRabbitMQ, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CESAR_TEST_AMQP_URI", broker.uri)
    monkeypatch.setenv("CESAR_TEST_RABBITMQ_API", broker.api)
    with any_rabbitmq() as named:
        uri = named.create_vhost()
        publish(uri, "here")
        assert consume(uri) == ["here"]
        named.delete_vhost(uri)
    assert broker.process is not None and broker.process.running


def test_nothing_of_the_broker_is_left_at_the_end() -> None:
    with private_rabbitmq() as broker:
        assert isinstance(broker.process, Process)
        port = broker.port
        assert listens(port)
    assert not listens(port)
    assert broker.process is None
