"""A long history replayed into the real reporting service: at what rate, and does memory stay flat?"""

from __future__ import annotations

import argparse
import time
from contextlib import ExitStack

import psutil
from sqlalchemy import func, select

from services.chassis.messaging import topology
from services.chassis.messaging.broker import connect
from services.chassis.replays import request_replay
from services.chassis.service import Runtime
from services.reporting.storage.tables import facts
from tests.benchmarks.history import real_service, write_history
from tests.benchmarks.report import Claim, Figure, Section
from tests.benchmarks.stand import Meter, Stand, address, meter, run_alone
from tests.support.process import Process

_MEGABYTE = 1024 * 1024

# Events handled so far, and the resident memory in bytes of producer and consumer.
Sample = tuple[int, int, int]


def measure(stand: Stand, arguments: argparse.Namespace) -> Section:
    number = 4_000 if arguments.quick else arguments.replayed
    with ExitStack() as stack:
        amqp_uri = stack.enter_context(stand.vhost())
        enrolment, reporting = (
            stack.enter_context(real_service(name, stack.enter_context(stand.database(name)), amqp_uri))
            for name in ("enrolment", "reporting")
        )
        write_history(enrolment, number)
        samples, seconds, used = _replay(stand, enrolment, reporting, number)
    early = _after(samples, number // 10)
    section = Section("A history replayed into reporting", __name__)
    section.figures = [
        Figure("events", number, ""),
        Figure("replayed", number / seconds, "events/s", used.per_event(number), plotted=True),
        Figure("whole replay", seconds, "s"),
        Figure("reporting's worker, after a tenth", early[2] / _MEGABYTE, "MB"),
        Figure("reporting's worker, at the end", samples[-1][2] / _MEGABYTE, "MB"),
        Figure("enrolment's worker, after a tenth", early[1] / _MEGABYTE, "MB"),
        Figure("enrolment's worker, at the end", samples[-1][1] / _MEGABYTE, "MB"),
    ]
    section.claims = [
        Claim("Reporting's memory, end to tenth", samples[-1][2] / early[2], 1.1, "times", at_least=False),
        Claim("Enrolment's memory, end to tenth", samples[-1][1] / early[1], 1.1, "times", at_least=False),
    ]
    section.remarks = [
        "Enrolment's log holds organisations that are registered and suppliers that are invited, enrolled "
        "and active, all different, in its own contracts' bytes. Its worker replays them to reporting, whose "
        "worker builds its read models and its facts, with its inbox, from nothing.",
        "",
        "A million: `.venv/bin/python -m tests.benchmarks.measure_replaying --replayed 1000000`",
    ]
    return section


def _replay(
    stand: Stand, enrolment: Runtime, reporting: Runtime, number: int
) -> tuple[list[Sample], float, Meter]:
    amqp_uri = enrolment.settings.amqp_uri
    with connect(amqp_uri) as connection:
        topology.declare(connection, "reporting", reporting.service.reactions.event_types)
    with (
        stand.start("worker", "reporting", address(reporting), amqp_uri) as consumer,
        stand.start("worker", "enrolment", address(enrolment), amqp_uri) as producer,
    ):
        for worker in (consumer, producer):
            worker.wait_for_line("workers_started")
        with enrolment.database.write() as session:
            request_replay(session, "reporting", enrolment.clock())
        begun = time.monotonic()
        with meter(stand, producer=producer, consumer=consumer) as used:
            samples = [sample(reporting, producer, consumer)]
            while samples[-1][0] < number:
                time.sleep(0.2)
                samples.append(sample(reporting, producer, consumer))
        return samples, time.monotonic() - begun, used


def sample(reporting: Runtime, producer: Process, consumer: Process) -> Sample:
    with reporting.read() as session:
        handled = session.scalar(select(func.max(facts.c.number))) or 0
    first, second = (psutil.Process(process.pid).memory_info().rss for process in (producer, consumer))
    return handled, first, second


def _after(samples: list[Sample], events: int) -> Sample:
    return next(one for one in samples if one[0] >= events)


if __name__ == "__main__":
    run_alone(measure, __doc__)
