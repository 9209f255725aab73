"""The processes of maker and keeper: python -m tests.chaos.process worker|web SERVICE DATABASE BROKER.

A worker is what production runs, with points at which it can be made to die. A web has three arguments more,
LEDGER SEED RATE: it changes things, and notes what it tried and what was committed.

The patience that production has with silent servers is shortened, so that a test need not wait for minutes.
"""

import sys

if sys.argv[1:2] == ["worker"]:
    from services.chassis.messaging import green  # noqa: F401

import os
import time
from pathlib import Path
from random import Random
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from services.chassis import postgresql
from services.chassis.events import Event
from services.chassis.logs import configure_logs
from services.chassis.messaging import broker
from services.chassis.messaging.runner import run_workers
from services.chassis.messaging.worker import ServiceWorker
from services.chassis.service import Runtime
from tests.chaos import death
from tests.chaos.pair import change_thing, runtime_of

_MOST_EVENTS_AT_ONCE = 20
_REMEMBERED = 50


class MakerWorker(ServiceWorker):
    name = "maker"


class KeeperWorker(ServiceWorker):
    name = "keeper"


def be_impatient() -> None:
    """Give silent servers up after seconds."""
    postgresql.PATIENCE = 5
    broker.HEARTBEAT = 3
    broker.PATIENCE = 5


def change_things(runtime: Runtime, ledger: Path, seed: int, rate: float) -> None:
    """Commit events until the process is stopped, ``rate`` a second, but not more than the ledger's limit.

    Before each commit the ledger has a line “tried ID” for each event, and after it “committed ID”.
    """
    random = Random(seed)
    ours: list[UUID] = []
    committed = committed_in(ledger)
    lines = os.open(ledger, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    limit = ledger.with_suffix(".limit")
    while True:
        allowed = int(limit.read_text() or 0) - committed
        if allowed <= 0:
            time.sleep(0.05)
            continue
        size = random.randint(1, min(_MOST_EVENTS_AT_ONCE, allowed))
        changed = random.sample(ours, min(len(ours), size // 2))
        try:
            with runtime.unit_of_work() as work:
                events = [
                    change_thing(identity, f"thing {random.random()}", work)
                    for identity in [*changed, *[None] * (size - len(changed))]
                ]
                _write(lines, "tried", events)
            _write(lines, "committed", events)
        except SQLAlchemyError as error:
            print("web could not commit:", str(error).splitlines()[0], flush=True)
            time.sleep(0.2)
            continue
        committed += size
        ours = list(dict.fromkeys([*ours, *(event.subject for event in events)]))[-_REMEMBERED:]
        time.sleep(len(events) / rate)


def committed_in(ledger: Path) -> int:
    """How many events a ledger says were committed."""
    return ledger.read_bytes().count(b"committed ") if ledger.exists() else 0


def _write(lines: int, word: str, events: list[Event]) -> None:
    # One call of the system, so that a kill leaves whole lines.
    os.write(lines, "".join(f"{word} {event.id}\n" for event in events).encode())


def main() -> None:
    role, name, database_url, amqp_uri, *rest = sys.argv[1:]
    configure_logs("console", "info")
    be_impatient()
    death.install()
    with runtime_of(name, database_url, amqp_uri) as runtime:
        if role == "worker":
            run_workers([MakerWorker if name == "maker" else KeeperWorker], {name: runtime})
        else:
            print("web started", flush=True)
            ledger, seed, rate = rest
            change_things(runtime, Path(ledger), int(seed), float(rate))


if __name__ == "__main__":
    main()
