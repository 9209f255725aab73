"""Publishers to measure the relay against: python -m tests.benchmarks.peers.publish HOW BROKER NUMBER.

HOW is ``nameko`` (its EventDispatcher, confirms on, as a service uses it), ``window`` (py-amqp, 500 messages
within one window of confirms) or ``unconfirmed`` (py-amqp, nothing awaited but the polite end of the
connection, by which time the broker has read everything). Prints JSON: {"seconds": …}.
"""

# ruff: noqa: I001
import sys

if sys.argv[1] == "nameko":
    from services.chassis.messaging import green  # noqa: F401

import json
import time
from collections.abc import Callable
from urllib.parse import unquote, urlsplit
from typing import Any

import amqp
from nameko.containers import ServiceContainer
from nameko.events import EventDispatcher
from nameko.testing.services import dummy, entrypoint_hook

from services.chassis.events import CONTENT_TYPE
from services.chassis.messaging.topology import EVENTS, queue_name
from tests.benchmarks.pair import ORDER_PLACED, order_data, order_event

_WINDOW = 500


def nameko(uri: str, number: int) -> float:
    class Teller:
        name = "teller"
        dispatch = EventDispatcher()

        @dummy
        def tell(self) -> None:
            for data in all_data:
                self.dispatch(ORDER_PLACED, data)

    events = [order_event() for _ in range(number)]
    # The same weight on the wire: what the envelope says goes with the data.
    all_data = [{**order_data(event.subject), "envelope": _rest(event)} for event in events]
    container = ServiceContainer(Teller, {"AMQP_URI": uri})
    container.start()
    channel = _channel(uri)
    channel.queue_bind(queue_name("hearer"), "teller.events", ORDER_PLACED)
    begun = time.monotonic()
    with entrypoint_hook(container, "tell") as tell:
        tell()
    seconds = time.monotonic() - begun
    container.stop()
    return seconds


def _rest(event: Any) -> str:
    envelope = json.loads(event.to_bytes())
    return json.dumps({name: value for name, value in envelope.items() if name != "data"})


def window(uri: str, number: int) -> float:
    bodies = [order_event().to_bytes() for _ in range(number)]
    channel = _channel(uri)
    channel.confirm_select()
    waiting: set[int] = set()

    def confirmed(tag: int, multiple: bool) -> None:
        waiting.difference_update(range(tag - _WINDOW, tag + 1) if multiple else (tag,))

    channel.events["basic_ack"].add(confirmed)
    begun = time.monotonic()
    for tag, body in enumerate(bodies, start=1):
        _publish(channel, body)
        waiting.add(tag)
        if tag % _WINDOW == 0 or tag == number:
            while waiting:
                channel.connection.drain_events(timeout=30)
    return time.monotonic() - begun


def unconfirmed(uri: str, number: int) -> float:
    bodies = [order_event().to_bytes() for _ in range(number)]
    channel = _channel(uri)
    begun = time.monotonic()
    for body in bodies:
        _publish(channel, body)
    channel.connection.close()
    return time.monotonic() - begun


def _publish(channel: Any, body: bytes) -> None:
    message = amqp.Message(body, content_type=CONTENT_TYPE, delivery_mode=2)
    channel.basic_publish(message, exchange=EVENTS.name, routing_key=ORDER_PLACED)


def _channel(uri: str) -> Any:
    parts = urlsplit(uri)
    connection = amqp.Connection(
        f"{parts.hostname}:{parts.port}",
        userid=parts.username,
        password=parts.password,
        virtual_host=unquote(parts.path[1:]),
    )
    connection.connect()
    return connection.channel()


HOW: dict[str, Callable[[str, int], float]] = {
    "nameko": nameko,
    "window": window,
    "unconfirmed": unconfirmed,
}

if __name__ == "__main__":
    how, uri, number = sys.argv[1], sys.argv[2], int(sys.argv[3])
    print(json.dumps({"seconds": HOW[how](uri, number)}), flush=True)
