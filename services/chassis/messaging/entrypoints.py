"""Nameko entry points for what a worker does: relay the outbox, consume events in batches, keep time.

Each runs in a managed green thread of its container and calls the service method it decorates as a worker,
so that nameko's life cycle holds: after ``stop`` nothing new begins, and what is under way ends first.
"""

from __future__ import annotations

import random
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import eventlet
import structlog
from eventlet.event import Event as Signal
from kombu import Connection, Consumer
from kombu import Message as Received
from nameko.extensions import DependencyProvider, Entrypoint
from sqlalchemy.exc import DBAPIError

from services.chassis.inbox import Delivery
from services.chassis.messaging import broker, topology
from services.chassis.messaging.broker import broker_errors, close, connect, patience, publisher_for
from services.chassis.messaging.traced import traced
from services.chassis.outbox import BrokerUnavailable, Relay
from services.chassis.replays import ReplayRelay
from services.chassis.service import Runtime

log = structlog.get_logger(__name__)

RUNTIMES = "cesar_runtimes"
_POLL_SECONDS = 1.0
# How many messages are read at a time while a batch is handled, and how long is waited for the first.
_READ_AHEAD, _READ_AHEAD_SECONDS = 50, 0.005
_PAUSES = (0.2, 0.5, 1, 2, 5, 10)


class ServiceRuntime(DependencyProvider):
    """Gives the service method its Runtime."""

    def get_dependency(self, worker_ctx: Any) -> Runtime:
        return _runtime(worker_ctx.container)


class Loop(Entrypoint):
    """A green thread that does something again and again until it is asked to stop.

    ``last_turn`` is when it last began a turn (monotonic seconds). One that has not for ``stuck_after``
    seconds, longer than all that it may have to wait for together, never will.
    """

    stuck_after = 300.0

    def setup(self) -> None:
        self.runtime = _runtime(self.container)
        self.last_turn = time.monotonic()
        self._stopping = Signal()
        self._ended: Any = None

    def start(self) -> None:
        self._ended = self.container.spawn_managed_thread(self._run, identifier=self.method_name)

    def stop(self) -> None:
        if not self._stopping.ready():
            self._stopping.send()
        self.wake()
        if self._ended is not None:
            self._ended.wait()

    @property
    def stopping(self) -> bool:
        return bool(self._stopping.ready())

    def wake(self) -> None:
        """Called at the stop, for loops that wait for something else than time."""

    def turn(self) -> None:
        """One round; returns to be called again. Broker and database errors are waited out."""
        raise AssertionError("Every loop has its own turn.")

    def call(self, *arguments: Any, meanwhile: Callable[[], bool] = lambda: False) -> Any:
        """Run the decorated method as a worker and give its result or raise its exception.

        Until it has one, ``meanwhile`` is called as long as it returns true.
        """
        done = Signal()

        def settle(_context: Any, result: Any, failure: Any) -> tuple[Any, Any]:
            if failure is None:
                done.send(result)
            else:
                done.send_exception(failure[1])
            return result, failure

        self.container.spawn_worker(self, arguments, {}, handle_result=settle)
        try:
            while not done.ready() and meanwhile():
                pass
        finally:
            result = done.wait()
        return result

    def pause(self, seconds: float) -> None:
        """Sleep, but not longer than until the stop."""
        with eventlet.Timeout(seconds, False):
            self._stopping.wait()

    def _run(self) -> None:
        pauses: Iterator[float] = iter(_PAUSES)
        while not self.stopping:
            self.last_turn = time.monotonic()
            try:
                self.turn()
                pauses = iter(_PAUSES)
            except (BrokerUnavailable, DBAPIError) as error:
                pause = next(pauses, _PAUSES[-1])
                log.warning(
                    "waiting_for_server",
                    service=self.runtime.service.name,
                    loop=self.method_name,
                    seconds=pause,
                    error=str(error).splitlines()[0],
                )
                self.pause(pause * random.uniform(0.8, 1.2))


class OutboxRelay(Loop):
    """Calls the method with the relay whenever there may be something to publish."""

    def setup(self) -> None:
        super().setup()
        runtime = self.runtime
        name = runtime.service.name
        publisher = traced(publisher_for(runtime.settings.amqp_uri), name)
        batch_size = runtime.settings.batch_size
        self._relay = Relay(name, runtime.database, publisher, runtime.clock, batch_size)
        self._replays = ReplayRelay(runtime.database, publisher, runtime.clock, batch_size)

    def start(self) -> None:
        super().start()
        if not self.runtime.database.is_sqlite:
            self.container.spawn_managed_thread(self._listen, identifier="outbox listener")

    def wake(self) -> None:
        self.runtime.outbox_filled.set()

    def turn(self) -> None:
        self.runtime.outbox_filled.clear()
        if self.call(self._relay, self._replays):
            eventlet.sleep(0)
        else:
            self.runtime.outbox_filled.wait(_POLL_SECONDS)

    def _listen(self) -> None:
        """Polling is the truth; a notification of the database only makes it prompt."""
        while not self.stopping:
            try:
                for _ in self.runtime.database.notifications(lambda: self.stopping):
                    self.runtime.outbox_filled.set()
            except DBAPIError:
                self.pause(_POLL_SECONDS)


class EventBatches(Loop):
    """Calls the method with up to ``batch_size`` deliveries and acknowledges them when it returns.

    A turn lasts as long as its connection. When it ends, for whatever reason, the broker delivers again
    what was not acknowledged.
    """

    is_connected = False

    def turn(self) -> None:
        reactions = self.runtime.service.reactions
        size = self.runtime.settings.batch_size
        arrived: deque[Received] = deque()
        connection = connect(self.runtime.settings.amqp_uri, heartbeat=broker.HEARTBEAT)
        try:
            with broker_errors():
                with patience():
                    queues = topology.declare(connection, reactions.service, reactions.event_types)
                    _subscribe(connection, queues, arrived, prefetch_count=2 * size)
                self.is_connected = True
                self._consume(connection, arrived, size)
        finally:
            self.is_connected = False
            close(connection)

    def _consume(self, connection: Connection, arrived: deque[Received], size: int) -> None:
        def read_ahead() -> bool:
            """Have the next batch at hand while the database works on this one."""
            eventlet.sleep(0)
            enough = min(size, len(arrived) + _READ_AHEAD)
            timeout = _READ_AHEAD_SECONDS
            while len(arrived) < enough and _drain(connection, timeout):
                timeout = 0
            return len(arrived) < size

        while not self.stopping:
            self.last_turn = time.monotonic()
            _drain(connection, _POLL_SECONDS)
            # What has arrived is a batch; waiting for more would only make the first one late.
            while 0 < len(arrived) < size and _drain(connection, 0):
                pass
            while arrived:
                batch = [arrived.popleft() for _ in range(min(size, len(arrived)))]
                self.call([_delivery(message) for message in batch], meanwhile=read_ahead)
                _acknowledge(connection, batch)
            if connection.supports_heartbeats:
                connection.heartbeat_check()


class Every(Loop):
    """Calls the method every ``seconds``, in one replica at a time."""

    # Two hundred mails to a server that swallows each in silence for half a minute.
    stuck_after = 7200.0

    def __init__(self, seconds: float, **options: Any) -> None:
        super().__init__(**options)
        self.seconds = seconds

    def turn(self) -> None:
        begun = time.monotonic()
        with self.runtime.database.leadership(f"timer {self.method_name}") as leads:
            if leads:
                self.call()
        self.pause(max(0.0, self.seconds - (time.monotonic() - begun)))


outbox_relay: Callable[..., Any] = OutboxRelay.decorator
event_batches: Callable[..., Any] = EventBatches.decorator
every: Callable[..., Any] = Every.decorator


def loops_of(containers: Iterable[Any]) -> list[Loop]:
    """The loops of nameko's containers, one of which runs each service."""
    return [
        entrypoint
        for container in containers
        for entrypoint in container.entrypoints
        if isinstance(entrypoint, Loop)
    ]


def _runtime(container: Any) -> Runtime:
    runtime: Runtime = container.config[RUNTIMES][container.service_name]
    return runtime


def _subscribe(
    connection: Connection, queues: Sequence[Any], arrived: deque[Received], *, prefetch_count: int
) -> None:
    """Have what arrives appended to ``arrived``, until the connection ends."""
    consumer = Consumer(connection.channel(), queues, on_message=arrived.append, auto_declare=False)
    consumer.qos(prefetch_count=prefetch_count)
    consumer.consume()


def _drain(connection: Connection, timeout: float) -> bool:
    """Wait for one message, in seconds; false when none came in time."""
    try:
        connection.drain_events(timeout=timeout)
    except TimeoutError:
        return False
    return True


def _delivery(message: Received) -> Delivery:
    queue = message.delivery_info.get("routing_key", "")
    return Delivery(
        bytes(message.body) if not isinstance(message.body, str) else message.body.encode(),
        replaying=topology.REPLAY_HEADER in message.headers,
        undeliverable=str(queue).endswith(topology.UNDELIVERABLE_SUFFIX),
    )


def _acknowledge(connection: Connection, batch: list[Received]) -> None:
    if connection.transport.driver_type == "amqp":
        batch[-1].channel.basic_ack(batch[-1].delivery_tag, multiple=True)
    else:
        for message in batch:
            message.ack()
