"""Connections to the broker, and the ways to publish through them.

``AmqpPublisher`` speaks to RabbitMQ and believes nothing that is not confirmed. ``MemoryPublisher`` serves
the embedded default, whose broker lives in this process and forgets everything with it; there the outbox
and the inboxes alone carry the guarantee (see ``catch_up``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import amqp
import eventlet
from kombu import Connection, Producer

from services.chassis.events import CONTENT_TYPE
from services.chassis.messaging import topology
from services.chassis.messaging.frames import publication
from services.chassis.messaging.topology import EVENTS, REPLAY_HEADER, queue_name
from services.chassis.messaging.transport import ReadAhead
from services.chassis.outbox import Answer, BrokerUnavailable, Message, Publisher
from services.chassis.settings import MEMORY_BROKER

# Of the embedded broker: how often a consumer looks for messages, in seconds.
_MEMORY_POLLING = 0.02
_WRITE_SIZE = 256 * 1024

# A consumer's connection on which the broker says nothing for twice this many seconds is given up, by both
# sides. (RabbitMQ's manual advises 5 to 20.)
HEARTBEAT = 15
# How long the broker has to answer, in seconds.
PATIENCE = 15.0


class BadBroker(Exception):
    """The broker answers, and refuses us for a reason that no waiting mends. The text is a sentence."""


def connect(uri: str, *, heartbeat: float = 0) -> Connection:
    """A connection that is open. Raises BrokerUnavailable or BadBroker.

    Whoever asks for a ``heartbeat`` (seconds) has to call ``heartbeat_check`` more often than that: the
    broker closes a connection whose heart has stopped.
    """
    if uri.startswith(MEMORY_BROKER):
        return Connection(MEMORY_BROKER, transport_options={"polling_interval": _MEMORY_POLLING})
    connection = Connection(uri, connect_timeout=5, heartbeat=heartbeat)
    if uri.startswith("amqp://"):
        connection.transport_cls = ReadAhead
    with broker_errors():
        connection.connect()
    return connection


@contextmanager
def patience(seconds: float | None = None) -> Iterator[None]:
    """Raises BrokerUnavailable when the block takes longer: a broker that is cut off, or short of memory,
    does not say that it will not answer."""
    error = BrokerUnavailable("The broker took too long to answer.")
    with eventlet.Timeout(PATIENCE if seconds is None else seconds, error):
        yield


def close(connection: Connection) -> None:
    """Take leave, and hang up when the broker does not answer at once."""
    with eventlet.Timeout(2, False), suppress(Exception):
        connection.release()
    with suppress(Exception):
        connection.collect()


@contextmanager
def broker_errors() -> Iterator[None]:
    """Turn what the broker's client raises into BadBroker or BrokerUnavailable."""
    try:
        yield
    except amqp.PreconditionFailed as error:
        raise BadBroker(
            f"A queue or exchange exists on the broker with other arguments than this release uses: "
            f"{error.reply_text}. Delete it once it is empty, or use another virtual host."
        ) from error
    except amqp.AccessRefused as error:
        raise BadBroker(
            f"The broker refuses the account named in CESAR_AMQP_URI: {error.reply_text}."
        ) from error
    except amqp.NotAllowed as error:
        raise BadBroker(
            f"The broker does not know the virtual host in CESAR_AMQP_URI: {error.reply_text}."
        ) from error
    except (OSError, amqp.AMQPError) as error:
        raise BrokerUnavailable(f"The broker does not answer: {error}.") from error


def publisher_for(uri: str) -> Publisher:
    """The way to publish that fits the address."""
    return MemoryPublisher() if uri.startswith(MEMORY_BROKER) else AmqpPublisher(uri)


class MemoryPublisher:
    """Publishes to the broker inside this process."""

    def __init__(self) -> None:
        self._connection = connect(MEMORY_BROKER)

    def send(self, messages: Sequence[Message]) -> Answer:
        # The default channel opens again after the connection was closed.
        producer = Producer(self._connection)
        for message in messages:
            exchange, routing_key = _address(message)
            producer.publish(
                message.body,
                exchange=exchange,
                routing_key=routing_key,
                content_type=CONTENT_TYPE,
                content_encoding="binary",
                headers=_headers(message),
            )
        return lambda: {}

    def waiting(self, consumer: str) -> int:
        return topology.waiting(self._connection, consumer) or 0

    def close(self) -> None:
        self._connection.release()


@dataclass
class _Window:
    """Messages on their way: the tags ``first`` and following, of which ``pending`` have no answer yet."""

    messages: Sequence[Message]
    channel: Any
    first: int
    pending: set[int]
    nacked: set[int] = field(default_factory=set)

    def settle(self, tag: int, multiple: bool, *, nacked: bool) -> None:
        settled = {waiting for waiting in self.pending if waiting <= tag} if multiple else {tag}
        if nacked:
            self.nacked |= settled & self.pending
        self.pending -= settled


class AmqpPublisher:
    """Publishes to RabbitMQ within windows of publisher confirms.

    A window is sent as a whole before its first confirmation is awaited, and the next one may be sent
    before; each delivery tag is tracked, since the client library by itself takes any confirmation for the
    one that it waits for. A broker under a resource alarm stops reading without a word, so everything has a
    deadline, after which the connection is dropped without the polite handshake that would block as well.
    """

    def __init__(self, uri: str, *, deadline: float | None = None) -> None:
        self._uri = uri
        self._deadline = PATIENCE if deadline is None else deadline
        self._connection: Connection | None = None
        self._channel: Any = None
        self._sent = 0
        self._windows: list[_Window] = []
        self._returned: dict[str, str] = {}

    def send(self, messages: Sequence[Message]) -> Answer:
        with self._hanging_up_on_errors():
            channel = self._open()
            first = self._sent + 1
            self._sent += len(messages)
            window = _Window(messages, channel, first, set(range(first, self._sent + 1)))
            self._windows.append(window)
            for write in _in_writes(_publication(message, channel) for message in messages):
                channel.connection.transport.write(write)
        return partial(self._answer, window)

    def waiting(self, consumer: str) -> int:
        with self._hanging_up_on_errors():
            self._open()
            return topology.waiting(self._connection, consumer) or 0

    def close(self) -> None:
        connection, self._connection, self._channel = self._connection, None, None
        if connection is not None:
            with suppress(Exception):
                connection.collect()

    @contextmanager
    def _hanging_up_on_errors(self) -> Iterator[None]:
        try:
            with patience(self._deadline), broker_errors():
                yield
        except BaseException:
            self.close()
            raise

    def _answer(self, window: _Window) -> Mapping[int, str]:
        with self._hanging_up_on_errors():
            while window.pending:
                if window.channel is not self._channel:
                    raise BrokerUnavailable("The connection was lost before the broker confirmed.")
                window.channel.connection.drain_events(timeout=self._deadline)
        self._windows.remove(window)
        refused = {tag - window.first: "The broker refused it." for tag in window.nacked}
        if self._returned:
            for index, message in enumerate(window.messages):
                if reason := self._returned.get(str(message.event_id)):
                    refused[index] = reason
            if not self._windows:
                self._returned.clear()
        return refused

    def _open(self) -> Any:
        if self._channel is not None and self._channel.is_open:
            return self._channel
        self.close()
        self._connection = connect(self._uri)
        channel = self._connection.channel()
        channel.confirm_select()
        channel.events["basic_ack"].add(self._on_ack)
        channel.events["basic_nack"].add(self._on_nack)
        channel.events["basic_return"].add(self._on_return)
        self._sent = 0
        self._windows.clear()
        self._returned.clear()
        self._channel = channel
        return channel

    def _on_ack(self, tag: int, multiple: bool) -> None:
        for window in self._windows:
            window.settle(tag, multiple, nacked=False)

    def _on_nack(self, tag: int, multiple: bool, *_: object) -> None:
        for window in self._windows:
            window.settle(tag, multiple, nacked=True)

    def _on_return(
        self, error: amqp.ChannelError, _exchange: str, routing_key: str, message: amqp.Message
    ) -> None:
        self._returned[message.properties["message_id"]] = (
            f"No queue takes {routing_key}: {error.reply_text}."
        )


def _publication(message: Message, channel: Any) -> bytes:
    exchange, routing_key = _address(message)
    return publication(
        channel.channel_id,
        channel.connection.frame_max,
        exchange=exchange,
        routing_key=routing_key,
        content_type=CONTENT_TYPE,
        headers=tuple(_headers(message).items()),
        message_id=str(message.event_id),
        body=message.body,
    )


def _in_writes(publications: Iterable[bytes]) -> Iterator[bytes]:
    """Joined to pieces that are worth a system call, without holding a second copy of all."""
    waiting, size = [], 0
    for one in publications:
        waiting.append(one)
        size += len(one)
        if size >= _WRITE_SIZE:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join(waiting)


def _address(message: Message) -> tuple[str, str]:
    if message.consumer is None:
        return EVENTS.name, message.type
    return "", queue_name(message.consumer)


def _headers(message: Message) -> dict[str, Any]:
    return {} if message.consumer is None else {REPLAY_HEADER: "1"}
