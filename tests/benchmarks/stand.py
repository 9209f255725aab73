"""The test stand: private servers that wait for the disk, child processes, and what each of them costs."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psutil
import psycopg

from services.chassis.messaging import topology
from services.chassis.messaging.broker import connect
from services.chassis.service import Runtime
from tests.benchmarks.pair import HEARER, ORDER_PLACED, TELLER, runtime_of
from tests.benchmarks.report import Section
from tests.support.postgres import PrivatePostgres, private_postgres
from tests.support.process import Process
from tests.support.rabbitmq import PrivateRabbitMQ, private_rabbitmq

PACKAGE = "tests.benchmarks"


@dataclass
class Stand:
    """A database server and a broker, both private and durable."""

    postgres: PrivatePostgres
    rabbitmq: PrivateRabbitMQ

    def start(self, module: str, *arguments: object, env: dict[str, str] | None = None) -> Process:
        """A module of the benchmarks in a process of its own."""
        command = [sys.executable, "-m", f"{PACKAGE}.{module}", *map(str, arguments)]
        return Process(command, name=module, env=env)

    def run(self, module: str, *arguments: object) -> Any:
        """Run a module to its end; the JSON that its last line is. Raises ProcessFailed."""
        with self.start(module, *arguments) as process:
            answer = process.wait_for_line(r"^\{.*\}$", timeout=600).group()
        return json.loads(answer)

    @contextmanager
    def vhost(self) -> Iterator[str]:
        """An empty virtual host, gone with all its queues at the end."""
        uri = self.rabbitmq.create_vhost()
        try:
            yield uri
        finally:
            self.rabbitmq.delete_vhost(uri)

    @contextmanager
    def database(self, service: str) -> Iterator[str]:
        uri = self.postgres.create_database(service)
        try:
            yield uri
        finally:
            self.postgres.drop_database(uri)

    @contextmanager
    def teller(self, amqp_uri: str) -> Iterator[Runtime]:
        with self.database("teller") as url, runtime_of(TELLER, url, amqp_uri) as runtime:
            yield runtime

    @contextmanager
    def hearer(self, amqp_uri: str) -> Iterator[Runtime]:
        """The hearer, its queue declared and bound."""
        with self.database("hearer") as url, runtime_of(HEARER, url, amqp_uri) as runtime:
            declare_hearer(amqp_uri)
            yield runtime


@dataclass
class Meter:
    """Processor time, in seconds, that some processes took while the meter ran."""

    processes: dict[str, int]
    used: dict[str, float] = field(default_factory=dict)

    def __enter__(self) -> Meter:
        self._before = {name: processor_seconds(pid) for name, pid in self.processes.items()}
        return self

    def __exit__(self, *_: object) -> None:
        for name, pid in self.processes.items():
            self.used[name] = processor_seconds(pid) - self._before[name]

    def per_event(self, number: int) -> str:
        """For a note: microseconds of processor per event, process by process."""
        each = (f"{name} {seconds / number * 1e6:.0f}" for name, seconds in self.used.items())
        return "processor µs per event: " + ", ".join(each)


def meter(stand: Stand, **workers: Process) -> Meter:
    processes = {name: process.pid for name, process in workers.items()}
    for name, server in (("PostgreSQL", stand.postgres.process), ("RabbitMQ", stand.rabbitmq.process)):
        if server is not None:
            processes[name] = server.pid
    return Meter(processes)


def processor_seconds(pid: int) -> float:
    """What a process and its descendants, living and dead, have taken so far."""
    process = psutil.Process(pid)
    total = 0.0
    for one in (process, *process.children(recursive=True)):
        try:
            times = one.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


def address(runtime: Runtime) -> str:
    return runtime.database.url.render_as_string(hide_password=False)


def driver_address(database_url: str) -> str:
    """The same database as the plain driver wants it."""
    return database_url.replace("+psycopg", "", 1)


def declare_hearer(amqp_uri: str) -> None:
    with connect(amqp_uri) as connection:
        topology.declare(connection, "hearer", [ORDER_PLACED])


@dataclass(frozen=True)
class Progress:
    """From the first look that saw an effect to the one that saw the last."""

    effects: int
    seconds: float

    @property
    def rate(self) -> float:
        return self.effects / self.seconds


def watch_effects(database_url: str, number: int, process: Process, timeout: float = 600) -> Progress:
    """Look until ``number`` effects are committed. Looking costs one index entry each time.

    Raises TimeoutError.
    """
    begun: tuple[float, int] | None = None
    give_up = time.monotonic() + timeout
    with psycopg.connect(driver_address(database_url), autocommit=True) as connection:
        while True:
            cursor = connection.execute("SELECT coalesce(max(position), 0) FROM effect")
            [(seen,)] = cursor.fetchall()
            now = time.monotonic()
            if begun is None and seen:
                begun = (now, seen)
            if seen >= number:
                assert begun is not None
                return Progress(max(1, seen - begun[1]), max(now - begun[0], 1e-3))
            if now > give_up or not process.running:
                raise TimeoutError(f"{seen} of {number} effects\n{process.output[-2000:]}")
            time.sleep(0.02)


@contextmanager
def stand() -> Iterator[Stand]:
    with private_postgres(durable=True) as postgres, private_rabbitmq() as rabbitmq:
        yield Stand(postgres, rabbitmq)


def run_alone(measure: Callable[[Stand, argparse.Namespace], Section], description: str | None) -> None:
    """The command of one benchmark: measure and print."""
    arguments = parser(description).parse_args()
    with stand() as ready:
        print(measure(ready, arguments).as_text())


def parser(description: str | None) -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(description=description)
    options.add_argument("--quick", action="store_true", help="small numbers: see that it works")
    options.add_argument("--replayed", type=int, default=1_000_000, help="events of the replay (1000000)")
    options.add_argument("--log", type=int, default=10_000_000, help="events of the long log (10000000)")
    return options


def cores() -> int:
    return len(os.sched_getaffinity(0))
