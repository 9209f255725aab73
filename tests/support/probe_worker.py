"""Runs the probe's worker in a process of its own: python -m tests.support.probe_worker DATABASE BROKER."""

# ruff: noqa: I001
from services.chassis.messaging import green  # noqa: F401  (first: it turns the standard library green)

import sys

from services.chassis.logs import configure_logs
from services.chassis.messaging.broker import BadBroker
from services.chassis.messaging.runner import run_workers
from services.chassis.messaging.worker import ServiceWorker
from tests.support.probe import probe_runtime


class ProbeWorker(ServiceWorker):
    name = "probe"


def main() -> None:
    configure_logs("console", "info")
    database_url, amqp_uri = sys.argv[1:3]
    with probe_runtime(database_url, amqp_uri) as runtime:
        try:
            run_workers([ProbeWorker], {"probe": runtime})
        except BadBroker as error:
            sys.exit(str(error))


if __name__ == "__main__":
    main()
