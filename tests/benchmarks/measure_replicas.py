"""More of the same: events per second with 1, 2 and 4 workers, pages with 1, 2 and 4 web processes."""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.console.keys import read_or_make_keys
from tests.benchmarks.measure_scaling import rate_of_workers
from tests.benchmarks.report import Figure, Section
from tests.benchmarks.stand import Stand, cores, meter, run_alone
from tests.support.embedded import cesar
from tests.support.ports import free_port
from tests.support.process import Process

_NUMBERS = (1, 2, 4)
_PAGE = "/programmes/cesar"
_CALLERS = 8


def measure(stand: Stand, arguments: argparse.Namespace) -> Section:
    rounds, events, seconds = (1, 2_000, 1.0) if arguments.quick else (3, 40_000, 8.0)
    section = Section("More workers, more web processes", __name__)
    for workers in _NUMBERS:
        runs = [rate_of_workers(stand, events, workers) for _ in range(rounds)]
        rate = statistics.median(rate for rate, _ in runs)
        note = runs[-1][1].per_event(events)
        section.figures.append(Figure(f"events, {workers} workers", rate, "events/s", note, plotted=True))
    for processes in _NUMBERS:
        with serving(stand, processes) as (url, web):
            stand.run("peers.call", url, _CALLERS, max(3.0, seconds / 4))  # what each process does once
            with meter(stand, web=web) as used:
                load = stand.run("peers.call", url, _CALLERS, seconds)
        cost = used.per_event(load["requests"]).replace("event", "page")
        note = f"half within {load['median_ms']:.0f} ms, {cost}"
        rate = load["requests"] / load["seconds"]
        section.figures.append(Figure(f"pages, {processes} processes", rate, "pages/s", note, plotted=True))
    section.remarks = [
        f"Everything shares {cores()} cores: workers or web processes, broker, database and, for pages, "
        f"{_CALLERS} callers. The page is a programme's public one, which asks the database a handful of "
        "questions; each answer comes whole before the next call."
    ]
    return section


@contextmanager
def serving(stand: Stand, processes: int) -> Iterator[tuple[str, Process]]:
    """Enrolment's pages with one programme in the database: where they are, and the process."""
    port = free_port()
    with (
        tempfile.TemporaryDirectory() as folder,
        stand.vhost() as amqp_uri,
        stand.database("web") as database,
    ):
        read_or_make_keys(Path(folder))
        settings = {
            "CESAR_ENROLMENT_DATABASE_URL": database,
            "CESAR_AMQP_URI": amqp_uri,
            "CESAR_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "CESAR_MAIL_URL": "maildir:///nowhere",
            "CESAR_MAIL_FROM": "bench@cesar.example",
            "CESAR_ENROLMENT_SESSION_PRIVATE_KEY_FILE": f"{folder}/session.pem",
            "CESAR_SESSION_PUBLIC_KEY_FILE": f"{folder}/session.pub",
            "CESAR_SECRET_KEY_FILE": f"{folder}/secret",
            "CESAR_LOG_LEVEL": "warning",
            "CESAR_BIND": f"127.0.0.1:{port}",
            "CESAR_WEB_PROCESSES": str(processes),
        }
        about = ("--name", "C.E.S.A.R.", "--chamber", "CCI", "--contact-email", "cesar@cci.example")
        for command in (("migrate", "enrolment"), ("programme", "create", "cesar", *about)):
            with cesar(*command, env=settings) as process:
                assert process.wait(60) == 0, process.output
        with cesar("web", "enrolment", env=settings) as web:
            web.wait_for_port(port)
            time.sleep(1)
            yield f"http://127.0.0.1:{port}{_PAGE}", web


if __name__ == "__main__":
    run_alone(measure, __doc__)
