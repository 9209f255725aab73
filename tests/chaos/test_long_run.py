"""The long run: every kind of fault, a hundred thousand events. ``make chaos SEED=7 EVENTS=200000``."""

import os
from pathlib import Path

from tests.chaos.faults import FAULTS, schedule
from tests.chaos.run import run
from tests.chaos.world import world
from tests.support.postgres import PrivatePostgres
from tests.support.rabbitmq import PrivateRabbitMQ

_RECORD = Path(__file__).with_name("LEDGER.md")
_DRAIN_SECONDS = 90  # more than the patience with a database that has fallen silent


def test_under_every_kind_of_fault_each_event_has_its_effect_once(
    broker: PrivateRabbitMQ, database_server: PrivatePostgres, tmp_path: Path
) -> None:
    seed = int(os.environ.get("SEED") or 1)
    events = int(os.environ.get("EVENTS") or 100_000)
    number = int(os.environ.get("FAULTS") or len(FAULTS) + 4)
    with world(broker, database_server, tmp_path, rate=500) as scene:
        outcome = run(scene, seed, events, schedule(seed, number), _DRAIN_SECONDS)
    print(f"\n{outcome.report()}\n")
    outcome.check(_DRAIN_SECONDS)
    if os.environ.get("RECORD"):
        _RECORD.write_text(f"{_INTRODUCTION}\n{outcome.report()}\n", "utf-8")


_INTRODUCTION = """# A recorded run

Two services, each with its own database, two workers each, and two committing processes, on a real
RabbitMQ and a real PostgreSQL, behind a network that can be slow, silent or cut. `make chaos SEED=… EVENTS=…`
makes the same schedule again; with `RECORD=1` it writes this file.

What the columns count:

- *tried*: about to be committed; *committed*: the committing process learnt that it was;
- *recovered*: committed, but the process died or lost its database before it learnt so;
- *recorded*: in the outbox; *confirmed*: taken by the broker; *applied*: with an effect;
- *lost*: committed, without effect; *forgotten*: committed, and not in the outbox; *twice*: applied more than
  once; *unexpected*: applied or recorded without having been tried; *stuck*: never confirmed.
"""
