"""One of Cesar's workers in a process of its own: python -m tests.benchmarks.worker SERVICE DATABASE BROKER.

SERVICE is the teller or the hearer, or one of the real services. The hearer prints, when it is stopped, when
each event had its effect.
"""

# ruff: noqa: I001
from services.chassis.messaging import green  # noqa: F401  (first: it turns the standard library green)

import json
import os
import sys
import time
from collections.abc import Sequence

from services.chassis import inbox
from services.chassis.events import Event
from services.chassis.inbox import Delivery
from services.chassis.logs import configure_logs
from services.chassis.messaging.entrypoints import event_batches
from services.chassis.messaging.runner import run_workers
from services.chassis.messaging.worker import ServiceWorker
from services.console.installed import load_service, load_worker
from tests.benchmarks.pair import HEARER, TELLER, TIMES, runtime_of


class TellerWorker(ServiceWorker):
    name = "teller"


class HearerWorker(ServiceWorker):
    name = "hearer"


class TimedHearerWorker(ServiceWorker):
    """Remembers when each event's effect was committed."""

    name = "hearer"
    times: list[tuple[bytes, float]] = []  # noqa: RUF012

    @event_batches
    def react(self, deliveries: Sequence[Delivery]) -> None:
        inbox.handle(self.runtime, deliveries)
        now = time.monotonic()
        self.times.extend((delivery.body, now) for delivery in deliveries)


def main() -> None:
    configure_logs("console", "info")
    name, database_url, amqp_uri = sys.argv[1:4]
    times = os.environ.get(TIMES)
    if name == "teller":
        service, worker = TELLER, TellerWorker
    elif name == "hearer":
        service, worker = HEARER, TimedHearerWorker if times else HearerWorker
    else:
        service = load_service(name)
        worker = load_worker(service)
    with runtime_of(service, database_url, amqp_uri) as runtime:
        run_workers([worker], {name: runtime})
    if times:
        with open(times, "w") as file:
            for body, instant in TimedHearerWorker.times:
                file.write(json.dumps([str(Event.from_bytes(body).id), instant]) + "\n")


if __name__ == "__main__":
    main()
