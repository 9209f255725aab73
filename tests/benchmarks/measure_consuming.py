"""From the broker to the committed effect: what does one worker handle per second?"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from services.chassis.messaging.broker import AmqpPublisher, connect
from services.chassis.outbox import Message
from tests.benchmarks.pair import ORDER_PLACED, order_data, order_event
from tests.benchmarks.report import Claim, Figure, Section
from tests.benchmarks.stand import (
    Stand,
    address,
    driver_address,
    meter,
    run_alone,
    watch_effects,
)
from tests.support.process import Process

_CESAR = "Cesar's worker: inbox and effect"
_NAMEKO = "nameko's event_handler, effect only"
_CELERY = "Celery, acks_late, effect only"
_FASTSTREAM = "FastStream, manual ack, effect only"


def measure(stand: Stand, arguments: argparse.Namespace) -> Section:
    rounds, number = (1, 2_000) if arguments.quick else (3, 40_000)
    few = number // 10
    ways: dict[str, tuple[Callable[[Stand, int], tuple[float, str]], int]] = {
        _CESAR: (cesar, number),
        _NAMEKO: (nameko, few),
        _CELERY: (celery, few),
        _FASTSTREAM: (faststream, few),
    }
    measured: dict[str, list[tuple[float, str]]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, (way, how_many) in ways.items():
            measured[name].append(way(stand, how_many))
    section = Section("Broker to committed effect", __name__)
    for name, runs in measured.items():
        rate = statistics.median(rate for rate, _ in runs)
        section.figures.append(Figure(name, rate, "events/s", runs[-1][1], plotted=True))
    cesar_rate = section.value(_CESAR)
    for peer, name in (("Celery", _CELERY), ("FastStream", _FASTSTREAM)):
        section.figures.append(Figure(f"Cesar to {peer}", cesar_rate / section.value(name), "times"))
    section.claims = [
        Claim("Cesar to nameko's event_handler", cesar_rate / section.value(_NAMEKO), 8, "times")
    ]
    section.remarks = [
        f"The queue is full before the worker, one process each, starts; the median of {rounds} rounds, in "
        "each of which everybody has their turn. Everybody's effect is one row; Cesar alone also keeps each "
        "event's id, so that a second delivery has no second effect. The peers commit event by event, ten "
        "at a time, and acknowledge afterwards. All queues are quorum queues but nameko's, which makes its "
        "own, a classic one."
    ]
    return section


def cesar(stand: Stand, number: int) -> tuple[float, str]:
    with stand.vhost() as amqp_uri, stand.hearer(amqp_uri) as hearer:
        fill_queue(amqp_uri, number)
        with stand.start("worker", "hearer", address(hearer), amqp_uri) as worker:
            return _rate(stand, worker, address(hearer), number)


def nameko(stand: Stand, number: int) -> tuple[float, str]:
    with _peer(stand, "nameko_hearer") as (amqp_uri, database_url, start):
        # The first start makes the queue.
        with start() as worker:
            worker.wait_for_line("ready")
        fill(amqp_uri, _data(number), exchange="teller.events", routing_key=ORDER_PLACED)
        with start() as worker:
            return _rate(stand, worker, database_url, number)


def celery(stand: Stand, number: int) -> tuple[float, str]:
    with _peer(stand, "celery_hearer") as (amqp_uri, database_url, start):
        stand.run("peers.celery_hearer", driver_address(database_url), amqp_uri, "fill", number)
        with start() as worker:
            return _rate(stand, worker, database_url, number)


def faststream(stand: Stand, number: int) -> tuple[float, str]:
    with _peer(stand, "faststream_hearer") as (amqp_uri, database_url, start):
        with connect(amqp_uri) as connection:
            arguments = {"x-queue-type": "quorum"}
            connection.default_channel.queue_declare(
                "faststream.hearer", durable=True, auto_delete=False, arguments=arguments
            )
        fill(amqp_uri, _data(number), exchange="", routing_key="faststream.hearer")
        with start() as worker:
            return _rate(stand, worker, database_url, number)


def fill_queue(amqp_uri: str, number: int) -> None:
    """Events as the relay would bring them."""
    publisher = AmqpPublisher(amqp_uri)
    for begin in range(0, number, 500):
        events = [order_event() for _ in range(min(500, number - begin))]
        assert not publisher.send([Message(event.id, event.type, event.to_bytes()) for event in events])()
    publisher.close()


def fill(amqp_uri: str, all_data: Iterable[dict[str, str]], *, exchange: str, routing_key: str) -> None:
    """JSON messages for a peer; the channel's polite end says that the broker has them."""
    with connect(amqp_uri) as connection:
        channel = connection.default_channel
        for data in all_data:
            message = channel.prepare_message(
                json.dumps(data),
                content_type="application/json",
                content_encoding="utf-8",
                properties={"delivery_mode": 2},
            )
            channel.basic_publish(message, exchange=exchange, routing_key=routing_key)


def _data(number: int) -> Iterator[dict[str, str]]:
    """As much to read as Cesar's worker has: a note makes up for the envelope that these messages lack."""
    for _ in range(number):
        event = order_event()
        bare = order_data(event.subject)
        yield {**bare, "envelope": "e" * (len(event.to_bytes()) - len(json.dumps(bare)))}


@contextmanager
def _peer(stand: Stand, module: str) -> Iterator[tuple[str, str, Callable[[], Process]]]:
    """A virtual host, a database with the table of effects, and what starts the peer on both."""
    with stand.vhost() as amqp_uri, stand.hearer(amqp_uri) as hearer:
        arguments = (driver_address(address(hearer)), amqp_uri)

        def start(**options: Any) -> Process:
            return stand.start(f"peers.{module}", *arguments, **options)

        yield amqp_uri, address(hearer), start


def _rate(stand: Stand, worker: Process, database_url: str, number: int) -> tuple[float, str]:
    watch_effects(database_url, 1, worker)
    with meter(stand, worker=worker) as used:
        progress = watch_effects(database_url, number, worker)
    return progress.rate, used.per_event(progress.effects)


if __name__ == "__main__":
    run_alone(measure, __doc__)
