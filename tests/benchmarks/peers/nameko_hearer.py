"""nameko's own event handler: inserts and commits per event. Arguments: DATABASE BROKER."""

# ruff: noqa: I001
from services.chassis.messaging import green  # noqa: F401  (first: it turns the standard library green)

import sys
from typing import Any
from uuid import UUID

import eventlet
from eventlet.queue import Queue
from nameko.events import event_handler
from nameko.extensions import DependencyProvider
from nameko.runners import ServiceRunner
import psycopg

from tests.benchmarks.pair import EFFECT_SQL, ORDER_PLACED

# nameko's default number of concurrent handlers; each has a connection at hand.
_WORKERS = 10


class Connections(DependencyProvider):
    def setup(self) -> None:
        self.idle: Any = Queue()
        for _ in range(_WORKERS):
            self.idle.put(psycopg.connect(self.container.config["DATABASE"]))

    def get_dependency(self, worker_ctx: Any) -> Any:
        return self.idle


class Hearer:
    name = "hearer"
    connections = Connections()

    @event_handler("teller", ORDER_PLACED)
    def note_effect(self, data: dict[str, str]) -> None:
        connection = self.connections.get()
        try:
            connection.execute(EFFECT_SQL, (UUID(data["id"]), data["name"]))
            connection.commit()
        finally:
            self.connections.put(connection)


if __name__ == "__main__":
    runner = ServiceRunner({"AMQP_URI": sys.argv[2], "DATABASE": sys.argv[1], "max_workers": _WORKERS})
    runner.add_service(Hearer)
    runner.start()
    print("ready", flush=True)
    while True:
        eventlet.sleep(60)
