"""What is measured when somebody asks: in a bounded time, and not more often than is of use."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prometheus_client import Metric

from services.chassis import gauges, inbox, replays
from services.chassis.gauges import Measured, gauge
from services.chassis.inbox import Delivery
from tests.support.probe import make_thing, probe_runtime
from tests.support.services import Clock

MONDAY = datetime(2026, 11, 23, 13, 32, tzinfo=UTC)


def values(figures: Iterator[Metric] | list[Metric]) -> dict[str, float]:
    """By name, and by server for those that name one."""
    return {
        sample.name + sample.labels.get("server", ""): sample.value
        for figure in figures
        for sample in figure.samples
    }


class Thermometer:
    """Counts how often it is read."""

    def __init__(self) -> None:
        self.read = 0
        self.is_there = threading.Event()
        self.is_there.set()

    def __call__(self) -> list[Metric]:
        self.is_there.wait()
        self.read += 1
        return [gauge("degrees", "How warm it is.", "orchard", 20 + self.read)]


def test_a_measurement_stands_for_a_few_seconds() -> None:
    thermometer = Thermometer()
    measured = Measured(thermometer)
    assert [values(measured.collect()) for _ in range(5)] == [{"degrees": 21}] * 5
    assert thermometer.read == 1


def test_after_that_it_is_taken_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gauges, "_FRESH_FOR", 0.0)
    measured = Measured(Thermometer())
    assert [values(measured.collect()) for _ in range(2)] == [{"degrees": 21}, {"degrees": 22}]


def test_who_asks_waits_only_so_long_and_is_told_nothing_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gauges, "_FRESH_FOR", 0.0)
    monkeypatch.setattr(gauges, "_PATIENCE", 0.05)
    thermometer = Thermometer()
    measured = Measured(thermometer)
    measured.collect()
    thermometer.is_there.clear()
    begun = time.monotonic()
    assert measured.collect() == measured.collect() == []
    assert time.monotonic() - begun < 1
    thermometer.is_there.set()
    # Whoever asked meanwhile has not set it off again.
    deadline = time.monotonic() + 5
    while thermometer.read < 2:
        assert time.monotonic() < deadline
    assert thermometer.read == 2


def test_what_fails_shows_nothing_and_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gauges, "_FRESH_FOR", 0.0)
    answers = iter([ValueError("broken"), []])

    def measure() -> list[Metric]:
        if isinstance(answer := next(answers), Exception):
            raise answer
        return [gauge("degrees", "How warm it is.", "orchard", 20)]

    measured = Measured(measure)
    assert measured.collect() == []
    assert values(measured.collect()) == {"degrees": 20}


def test_a_service_tells_what_waits_and_what_got_stuck(tmp_path: Path) -> None:
    clock = Clock(MONDAY)
    with probe_runtime(f"sqlite:///{tmp_path / 'probe.db'}", "memory://") as runtime:
        runtime.clock = clock
        with runtime.unit_of_work() as work:
            make_thing("a thing", work)
            make_thing("another", work)
        clock.move(minutes=5)
        inbox.handle(runtime, [Delivery(b"not an event")])
        with runtime.database.write() as session:
            replays.request_replay(session, "probe", clock())
        assert values(runtime.measure()) == {
            "cesar_server_reachabledatabase": 1,
            "cesar_outbox_recorded": 2,
            "cesar_outbox_waiting": 2,
            "cesar_outbox_oldest_seconds": 300,
            "cesar_outbox_refused": 0,
            "cesar_events_parked": 1,
            "cesar_events_retrying": 0,
            "cesar_replays_open": 1,
        }


def test_a_database_that_is_away_is_told_and_nothing_else(tmp_path: Path) -> None:
    with probe_runtime(f"sqlite:///{tmp_path / 'probe.db'}", "memory://") as runtime:
        runtime.service.metadata.drop_all(runtime.database.engine)
        assert values(runtime.measure()) == {"cesar_server_reachabledatabase": 0}
