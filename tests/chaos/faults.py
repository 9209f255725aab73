"""What can go wrong, and in which order it does: a schedule that a seed makes and makes again."""

import time
from collections.abc import Callable, Mapping
from functools import partial
from random import Random

from sqlalchemy import select

from services.chassis.events import CONTENT_TYPE
from services.chassis.messages import outbox
from services.chassis.messaging.topology import queue_name
from tests.chaos.world import World
from tests.support.rabbitmq import confirming

Fault = Callable[[World, Random], str]
"""Breaks something, mends it if it does not mend by itself, and says what happened."""

_COPIES = 1500


def _kill_at(role: str, point: str, world: World, random: Random) -> str:
    member = world.member(role, random.randrange(2))
    return "there" if world.kill_at(member, point) else "anywhere: it did not come there"


def _kill(role: str, world: World, random: Random) -> str:
    time.sleep(random.uniform(0, 0.5))
    world.kill(world.member(role, random.randrange(2)))
    return "wherever it was"


def _restart_broker(world: World, random: Random) -> str:
    world.rabbitmq.stop()
    time.sleep(random.uniform(0, 2))
    world.rabbitmq.start()
    return "in good order"


def _kill_broker(world: World, random: Random) -> str:
    world.rabbitmq.kill()
    world.rabbitmq.start()
    return "kill -9"


def _close_connections(world: World, random: Random) -> str:
    number = world.broker_network.connections
    world.rabbitmq.control("close_all_connections", "--global", "test")
    return f"{number} connections"


def _memory_alarm(world: World, random: Random) -> str:
    seconds = random.uniform(3, 10)
    with world.rabbitmq.memory_alarm():
        time.sleep(seconds)
    return f"for {seconds:.1f} s"


def _restart_database(world: World, random: Random) -> str:
    world.postgres.stop()
    time.sleep(random.uniform(0, 2))
    world.postgres.start()
    return "in good order"


def _kill_database(world: World, random: Random) -> str:
    world.postgres.kill()
    world.postgres.start()
    return "kill -9"


def _delay(network: str, world: World, random: Random) -> str:
    proxy = world.broker_network if network == "broker" else world.database_network
    delay, seconds = random.uniform(0.02, 0.3), random.uniform(2, 5)
    proxy.delay = delay
    time.sleep(seconds)
    proxy.delay = 0
    return f"{delay * 1000:.0f} ms each way for {seconds:.1f} s"


def _silence(network: str, world: World, random: Random) -> str:
    proxy = world.broker_network if network == "broker" else world.database_network
    seconds = random.uniform(0, 3)
    proxy.swallows = True
    number = proxy.silence()
    time.sleep(seconds)
    proxy.swallows = False
    return f"{number} connections for ever, new ones for {seconds:.1f} s"


def _cut(network: str, world: World, random: Random) -> str:
    proxy = world.broker_network if network == "broker" else world.database_network
    number = proxy.connections
    proxy.cut()
    return f"{number} connections"


def _copies(world: World, random: Random) -> str:
    """Put copies of past, present and not yet published events into the keeper's queue, in no order."""
    maker = world.runtimes["maker"]
    last = world.recorded()
    positions = [random.randint(max(1, last - 20_000), last) for _ in range(_COPIES)]
    with maker.read() as session:
        query = select(outbox.c.position, outbox.c.body).where(outbox.c.position.in_(positions))
        bodies = {row.position: row.body for row in session.execute(query)}
    chosen = [bodies[position] for position in positions if position in bodies]
    with confirming(maker.settings.amqp_uri) as connection:
        channel = connection.default_channel
        for body in chosen:
            message = channel.prepare_message(body, content_type=CONTENT_TYPE, content_encoding="binary")
            channel.basic_publish(message, exchange="", routing_key=queue_name("keeper"))
    return f"{len(chosen)} in no order"


FAULTS: Mapping[str, Fault] = {
    "web killed before its commit": partial(_kill_at, "web", "before the commit"),
    "web killed after its commit": partial(_kill_at, "web", "after the commit"),
    "relay killed before publishing": partial(_kill_at, "maker", "before publishing"),
    "relay killed between publishing and marking": partial(
        _kill_at, "maker", "after publishing, before marking"
    ),
    "consumer killed before its commit": partial(_kill_at, "keeper", "before the commit"),
    "consumer killed between effect and acknowledgement": partial(
        _kill_at, "keeper", "after the effect, before acknowledging"
    ),
    "maker's worker killed": partial(_kill, "maker"),
    "keeper's worker killed": partial(_kill, "keeper"),
    "broker restarted": _restart_broker,
    "broker killed": _kill_broker,
    "broker closes all connections": _close_connections,
    "broker short of memory": _memory_alarm,
    "broker's network slow": partial(_delay, "broker"),
    "broker's network silent": partial(_silence, "broker"),
    "broker's network cut": partial(_cut, "broker"),
    "database restarted": _restart_database,
    "database killed": _kill_database,
    "database's network slow": partial(_delay, "database"),
    "database's network silent": partial(_silence, "database"),
    "database's network cut": partial(_cut, "database"),
    "copies and disorder": _copies,
}


def schedule(seed: int, number: int) -> list[str]:
    """``number`` faults, each kind about as often as the others, in an order that the seed makes."""
    random = Random(seed)
    names: list[str] = []
    while len(names) < number:
        names += random.sample(list(FAULTS), len(FAULTS))
    return names[:number]
