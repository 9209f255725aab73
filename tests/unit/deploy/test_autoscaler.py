"""The autoscaler reads what workers show, scales, and leaves word of what it did and why."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, cast

import pytest
from docker import DockerClient

from deploy.autoscaling import last_decision, loop
from deploy.autoscaling.loop import LABEL, Autoscaler, LastDecision
from deploy.autoscaling.measuring import Reading, read_workers, sample
from deploy.stack import Component, Replicas
from deploy.swarm import Deployed

WORKER = Component(name="reporting-worker", image="cesar/reporting:1", replicas=Replicas(least=1, most=4))
FIGURES = """
# TYPE cesar_events_handled_total counter
cesar_events_handled_total{service="reporting",outcome="applied"} 900.0
cesar_events_handled_total{service="reporting",outcome="duplicate"} 100.0
# TYPE cesar_queue_messages gauge
cesar_queue_messages{service="reporting"} 4200.0
"""


@contextmanager
def worker_that_shows(text: str) -> Iterator[int]:
    """Its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            assert self.path == "/metrics"
            self.send_response(200)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, format: str, *args: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


class Engine:
    """What the loop sees and changes of an engine: one service."""

    def __init__(self, replicas: int = 1) -> None:
        self.replicas = replicas
        self.labels: dict[str, str] = {}

    def observe(self, client: DockerClient, stack: str) -> dict[str, Deployed]:
        return {
            WORKER.name: Deployed(
                id="x",
                component=WORKER.name,
                fingerprint="",
                image=WORKER.image,
                replicas=self.replicas,
                runs_once=False,
                update="",
                iteration=0,
                tasks=(),
                specification={"Labels": self.labels},
                previous=None,
            )
        }

    def scale(self, *place: Any, notes: Mapping[str, str]) -> None:
        self.replicas = place[-1]
        self.labels.update(notes)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    made = Engine()
    monkeypatch.setattr(loop, "observe", made.observe)
    monkeypatch.setattr(loop, "scale", made.scale)
    return made


def autoscaler(readings: Mapping[float, Reading | None], said: list[str]) -> Autoscaler:
    return Autoscaler(
        cast(DockerClient, None), "cesar", WORKER, said.append, lambda name, now: readings.get(now)
    )


def test_what_a_worker_shows_is_read() -> None:
    with worker_that_shows(FIGURES) as port:
        assert read_workers("localhost", 50.0, port) == Reading(50.0, 4200, {"127.0.0.1": 1000.0})


def test_who_does_not_answer_or_shows_something_else_is_left_out() -> None:
    with worker_that_shows("# a worker that has just started") as port:
        assert read_workers("localhost", 50.0, port) is None
    assert read_workers("localhost", 50.0, port) is None
    assert read_workers("no-such-name.invalid", 50.0, port) is None


def test_the_rate_is_of_those_that_worked_all_the_time() -> None:
    before = Reading(100.0, 500, {"a": 1000, "b": 2000, "ended": 7})
    after = Reading(110.0, 400, {"a": 1500, "b": 2300, "new": 50})
    between = sample(before, after)
    assert (between.at, between.waiting, between.rate, between.replicas) == (110.0, 400, 80.0, 2)


def test_a_worker_that_started_again_does_not_work_backwards() -> None:
    assert sample(Reading(0.0, 0, {"a": 1000}), Reading(10.0, 0, {"a": 5})).rate == 0


def test_a_queue_that_grows_is_answered_and_the_answer_is_left_to_read(engine: Engine) -> None:
    said: list[str] = []
    readings = {at: Reading(at, int(2000 + 100 * at), {"a": 10 * at}) for at in (0.0, 5.0, 10.0)}
    scaler = autoscaler(readings, said)
    for now in readings:
        scaler.take_turn(now)
    assert engine.replicas == 2
    assert last_decision(engine.labels) == LastDecision(
        at=datetime.fromtimestamp(5, UTC),
        before=1,
        after=2,
        reason="2500 events wait, for 250 s.",
        capacity=10.0,
    )
    assert said == ["reporting-worker at 1970-01-01 00:00 UTC: 1 → 2. 2500 events wait, for 250 s."]


def test_another_autoscaler_goes_on_where_the_first_one_ended(engine: Engine) -> None:
    engine.replicas = 2
    left = LastDecision(at=datetime.fromtimestamp(90, UTC), before=1, after=2, reason=".", capacity=20.0)
    engine.labels[LABEL] = left.as_label()
    readings = {at: Reading(at, 5000, {"a": 10 * at}) for at in (100.0, 105.0, 125.0)}
    scaler = autoscaler(readings, [])
    for now in (100.0, 105.0):
        scaler.take_turn(now)
        assert engine.replicas == 2, "the change of a moment ago has yet to show its effect"
    scaler.take_turn(125.0)
    assert engine.replicas == 4


def test_workers_that_cannot_be_read_keep_their_count(engine: Engine) -> None:
    engine.replicas = 3
    scaler = autoscaler({}, [])
    for now in range(0, 1000, 5):
        scaler.take_turn(float(now))
    assert engine.replicas == 3


def test_what_a_person_has_stopped_stays_stopped(engine: Engine) -> None:
    engine.replicas = 0
    autoscaler({0.0: Reading(0.0, 10**6, {"a": 1})}, []).take_turn(0.0)
    assert engine.replicas == 0
