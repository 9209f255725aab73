"""From the commit in one process to the committed effect in another: how long, at a steady rate?"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from pathlib import Path

from sqlalchemy import func, select

from services.chassis.service import Runtime
from tests.benchmarks.pair import TIMES, effects
from tests.benchmarks.report import Claim, Figure, Section
from tests.benchmarks.stand import Stand, address, run_alone

_RATE = 500
# Two producers, since one whose every commit waits for the disk does not reach the rate on a slow one.
_TELLERS = 2
_WARM_UP = 1.0


def measure(stand: Stand, arguments: argparse.Namespace) -> Section:
    seconds = 2 if arguments.quick else 20
    with tempfile.TemporaryDirectory() as folder:
        placed, heard = _run(stand, seconds, Path(folder))
    begun = min(placed.values())
    warm = [identity for identity, instant in placed.items() if instant > begun + _WARM_UP]
    delays = sorted(max(0.0, heard[identity] - placed[identity]) * 1000 for identity in warm)
    reached = (len(placed) - 1) / (max(placed.values()) - begun)
    section = Section("Commit to effect in another process", __name__)
    section.figures = [
        Figure("rate that the producers reached", reached, "events/s"),
        Figure("half of the events within", _share(delays, 0.5), "ms"),
        Figure("95 of 100 within", _share(delays, 0.95), "ms"),
        Figure("99 of 100 within", _share(delays, 0.99), "ms"),
        Figure("mean", statistics.mean(delays), "ms"),
    ]
    section.claims = [
        Claim("half of the events", _share(delays, 0.5), 10, "ms", at_least=False),
        Claim("99 of 100", _share(delays, 0.99), 50, "ms", at_least=False),
    ]
    section.remarks = [
        f"{_TELLERS} processes commit {_RATE} orders a second together, each in its own transaction; a "
        "worker relays them and another, with its own database, hears of them. Measured from the instant "
        "at which the producer's commit returned to the one at which the effect's commit returned, over "
        f"{seconds} s, of which the first is left out. On the way the disk is waited for twice: by the "
        "quorum queue and by the effect's commit."
    ]
    return section


def _run(stand: Stand, seconds: float, folder: Path) -> tuple[dict[str, float], dict[str, float]]:
    """When each event was committed, and when it was heard."""
    heard = folder / "heard"
    with (
        stand.vhost() as amqp_uri,
        stand.teller(amqp_uri) as teller,
        stand.hearer(amqp_uri) as hearer,
        stand.start("worker", "hearer", address(hearer), amqp_uri, env={TIMES: str(heard)}) as listening,
        stand.start("worker", "teller", address(teller), amqp_uri) as relaying,
    ):
        for worker in (listening, relaying):
            worker.wait_for_line("workers_started")
        files = [folder / str(number) for number in range(_TELLERS)]
        rate = _RATE / _TELLERS
        tellers = [stand.start("teller", address(teller), rate, seconds, file) for file in files]
        for process in tellers:
            process.wait(timeout=seconds * 10 + 60)
        placed = {identity: instant for file in files for identity, instant in _lines(file)}
        listening.wait_until(lambda: _effects(hearer) == len(placed), "hear of every order")
        listening.terminate()
        return placed, dict(_lines(heard))


def _effects(hearer: Runtime) -> int:
    with hearer.read() as session:
        return session.scalar(select(func.count()).select_from(effects)) or 0


def _lines(file: Path) -> list[tuple[str, float]]:
    return [tuple(json.loads(line)) for line in file.read_text().splitlines()]  # type: ignore[misc]


def _share(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


if __name__ == "__main__":
    run_alone(measure, __doc__)
