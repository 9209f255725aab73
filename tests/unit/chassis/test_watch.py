"""What a worker says of itself when its loops stand still."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from services.chassis.messaging.entrypoints import EventBatches, Every, Loop
from services.chassis.messaging.watch import Watch
from services.chassis.service import Runtime
from tests.support.services import Clock, running
from tests.unit.chassis.web.world import MONDAY


@pytest.fixture
def runtime(tmp_path: Path) -> Iterator[Runtime]:
    with running("reporting", tmp_path, Clock(MONDAY)) as started:
        yield started


def loop(kind: type[Loop], runtime: Runtime, name: str, *, stands_for: float = 0) -> Loop:
    """A loop that has been standing for so many seconds."""
    made: Any = kind.__new__(kind)
    made.runtime, made.method_name = runtime, name
    made.last_turn = time.monotonic() - stands_for
    return made  # type: ignore[no-any-return]


def ask(watch: Watch, path: str) -> tuple[str, dict[str, Any]]:
    told = SimpleNamespace(status="")

    def start_response(status: str, headers: list[tuple[str, str]]) -> None:
        told.status = status

    [body] = watch.answer({"PATH_INFO": path}, start_response)
    return told.status[:3], json.loads(body)


def test_before_it_has_started_it_lives_and_is_not_ready(runtime: Runtime) -> None:
    watch = Watch({"reporting": runtime}, "worker")
    assert ask(watch, "/health/live") == ("200", {"status": "well"})
    assert ask(watch, "/health/started")[0] == "503"
    assert ask(watch, "/health/ready")[1]["problems"] == ["The broker has not been reached yet."]


def test_once_it_has_worked_a_server_that_is_away_is_no_reason_to_end_it(runtime: Runtime) -> None:
    watch = Watch({"reporting": runtime}, "worker")
    batches: Any = loop(EventBatches, runtime, "react")
    watch.loops = [batches]
    batches.is_connected = True
    assert ask(watch, "/health/ready")[0] == "200"
    batches.is_connected = False
    assert ask(watch, "/health/ready")[1]["problems"] == ["reporting has no connection to the broker."]
    assert ask(watch, "/health/started") == ("200", {"status": "well"})


def test_a_loop_that_stands_still_is_a_reason_to_end_it(runtime: Runtime) -> None:
    watch = Watch({"reporting": runtime}, "worker")
    watch.loops = [loop(Loop, runtime, "relay", stands_for=301)]
    for path in ("/health/live", "/health/started", "/health/ready"):
        status, body = ask(watch, path)
        assert status == "503"
        assert body["problems"][0] == "The loop “relay” of reporting has been stuck for 301 seconds."


def test_a_timer_may_take_longer(runtime: Runtime) -> None:
    watch = Watch({"reporting": runtime}, "worker")
    watch.loops = [loop(Every, runtime, "send", stands_for=3600)]
    assert ask(watch, "/health/live")[0] == "200"
