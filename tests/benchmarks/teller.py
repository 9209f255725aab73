"""Tells of orders at a steady rate: python -m tests.benchmarks.teller DATABASE RATE SECONDS FILE.

Each order is a transaction of its own, as a request's is. FILE gets one JSON list for each order:
[event id, monotonic seconds at which its commit returned].
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass

from services.chassis.events import new_id
from services.chassis.model import Aggregate
from services.chassis.service import Runtime
from tests.benchmarks.pair import ORDER_PLACED, TELLER, order_data, runtime_of


@dataclass(eq=False, kw_only=True)
class Order(Aggregate):
    pass


def place_order(runtime: Runtime) -> tuple[str, float]:
    order = Order(id=new_id())
    with runtime.unit_of_work() as unit_of_work:
        event = unit_of_work.record(order, ORDER_PLACED, order_data(order.id))
    return str(event.id), time.monotonic()


def place_orders(runtime: Runtime, rate: float, seconds: float) -> list[tuple[str, float]]:
    """At evenly spaced instants; who is late catches up without a pause."""
    placed = []
    begun = time.monotonic()
    for index in range(round(rate * seconds)):
        time.sleep(max(0.0, begun + index / rate - time.monotonic()))
        placed.append(place_order(runtime))
    return placed


if __name__ == "__main__":
    database_url, rate, seconds, file = sys.argv[1], float(sys.argv[2]), float(sys.argv[3]), sys.argv[4]
    with runtime_of(TELLER, database_url, "amqp://nowhere") as runtime:
        placed = place_orders(runtime, rate, seconds)
    with open(file, "w") as output:
        output.writelines(json.dumps(order) + "\n" for order in placed)
    print("{}", flush=True)
