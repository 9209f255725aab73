"""Two workers at one queue: how much more do they handle than one?"""

from __future__ import annotations

import argparse
import signal
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psycopg

from tests.benchmarks.measure_consuming import fill_queue
from tests.benchmarks.report import Claim, Figure, Section
from tests.benchmarks.stand import (
    Meter,
    Stand,
    address,
    cores,
    driver_address,
    meter,
    run_alone,
    watch_effects,
)
from tests.support.process import Process

_PERIOD, _SHARE = 0.1, 0.2
_ONE, _TWO = "one worker", "two workers"
_ONE_SHORT, _TWO_SHORT = "one worker with a fifth of a core", "two workers with a fifth of a core each"


def measure(stand: Stand, arguments: argparse.Namespace) -> Section:
    rounds, number = (1, 2_000) if arguments.quick else (3, 40_000)
    measured: dict[str, list[tuple[float, Meter, int]]] = {}
    for _ in range(rounds):
        for name, workers, throttled in (
            (_ONE, 1, False),
            (_TWO, 2, False),
            (_ONE_SHORT, 1, True),
            (_TWO_SHORT, 2, True),
        ):
            events = number // (4 if throttled else 1)
            rate, used = rate_of_workers(stand, events, workers, throttled=throttled)
            measured.setdefault(name, []).append((rate, used, events))
    section = Section("Two workers at one queue", __name__)
    for name, runs in measured.items():
        rate = statistics.median(rate for rate, _, _ in runs)
        _, used, events = runs[-1]
        section.figures.append(Figure(name, rate, "events/s", used.per_event(events), plotted=True))
    _, used, events = measured[_ONE][-1]
    total = sum(used.used.values()) / events
    own = used.used["worker 1"] / events
    section.figures += [
        Figure("two to one", section.value(_TWO) / section.value(_ONE), "times"),
        Figure("most that all cores could do", cores() / total, "events/s", "had nobody to wait for anybody"),
        Figure("one worker's share of the processor time", own / total, "of all"),
    ]
    ratio = section.value(_TWO_SHORT) / section.value(_ONE_SHORT)
    section.claims = [Claim("Two to one, where processors are free for them", ratio, 1.6, "times")]
    section.remarks = [
        f"This machine has {cores()} cores, which broker, database and workers share: one worker and the "
        "servers keep them busy, so a second worker cannot find a core that is free. To see whether the "
        "workers hinder each other, they are slowed down to a fifth of a core each (they run for 20 ms of "
        "every 100), which leaves servers and cores free for both."
    ]
    return section


def rate_of_workers(
    stand: Stand, number: int, workers: int, *, throttled: bool = False
) -> tuple[float, Meter]:
    """Events per second of workers that start together at a queue that holds ``number``, and what it cost."""
    with stand.vhost() as amqp_uri, stand.hearer(amqp_uri) as hearer, ExitStack() as running:
        fill_queue(amqp_uri, number)
        url = address(hearer)
        with closed_gate(url):
            started = [
                running.enter_context(stand.start("worker", "hearer", url, amqp_uri)) for _ in range(workers)
            ]
            for process in started:
                process.wait_for_line("workers_started")
            # Each has taken its first batch and stands at the gate.
            time.sleep(1)
        for index, process in enumerate(started):
            if throttled:
                running.enter_context(throttle(process, index * _PERIOD / workers))
        begun = time.monotonic()
        with meter(
            stand, **{f"worker {index + 1}": process for index, process in enumerate(started)}
        ) as used:
            watch_effects(url, number, started[0])
        return number / (time.monotonic() - begun), used


@contextmanager
def closed_gate(database_url: str) -> Iterator[None]:
    """Nobody has an effect until the end of the block: so that all workers start at one instant."""
    with psycopg.connect(driver_address(database_url)) as connection:
        connection.execute("LOCK TABLE effect IN ACCESS EXCLUSIVE MODE")
        yield


@contextmanager
def throttle(process: Process, delay: float) -> Iterator[None]:
    """Let the process run in a fifth of each period only."""
    ending = threading.Event()

    def run() -> None:
        ending.wait(delay)
        while not ending.is_set():
            process.signal(signal.SIGSTOP)
            ending.wait(_PERIOD * (1 - _SHARE))
            process.signal(signal.SIGCONT)
            ending.wait(_PERIOD * _SHARE)

    thread = threading.Thread(target=run, name="throttle")
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join()


if __name__ == "__main__":
    run_alone(measure, __doc__)
