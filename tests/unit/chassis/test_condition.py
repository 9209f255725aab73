"""What an operator has to see to first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.chassis.condition import Concern, Condition
from services.chassis.failures import FailedEvent
from services.chassis.outbox import Backlog
from services.chassis.processes import Kind, Process

NOW = datetime(2026, 11, 23, 13, 32, tzinfo=UTC)


def process(
    kind: Kind, *, silent_for: float = 5, release: str = "1.0", queue_length: int | None = None
) -> Process:
    return Process(
        id=UUID(int=1),
        kind=kind,
        host="machine",
        pid=1,
        release=release,
        started_at=NOW - timedelta(hours=1),
        seen_at=NOW - timedelta(seconds=silent_for),
        queue_length=queue_length,
    )


def failed(state: str) -> FailedEvent:
    return FailedEvent(UUID(int=2), "thing.made", b"", False, state, "no", "", 1, NOW, NOW, None, None)  # type: ignore[arg-type]


WELL = Condition(
    now=NOW,
    backlog=Backlog(recorded=9, waiting=0, waiting_since=None, refused=0, refusal=None),
    failed=[],
    decided=[],
    replays=[],
    processes=[process("web"), process("worker", queue_length=3)],
    revision="abc",
)


def waiting(**since: float) -> Backlog:
    return replace(WELL.backlog, waiting=1, waiting_since=NOW - timedelta(**since))


@pytest.mark.parametrize(
    ("condition", "concern"),
    [
        (WELL, Concern.NONE),
        (replace(WELL, processes=[process("embedded")]), Concern.NONE),
        (replace(WELL, failed=[failed("retrying")]), Concern.NONE),
        (replace(WELL, backlog=waiting(seconds=90)), Concern.NONE),
        (replace(WELL, backlog=waiting(minutes=3)), Concern.NOT_PUBLISHED),
        (replace(WELL, processes=[process("web")]), Concern.NO_WORKER),
        (replace(WELL, processes=[process("web"), process("worker", silent_for=90)]), Concern.NO_WORKER),
        (replace(WELL, processes=[], backlog=waiting(hours=1)), Concern.NO_WORKER),
        (replace(WELL, processes=[], failed=[failed("parked")]), Concern.PARKED),
    ],
)
def test_the_most_urgent_comes_first(condition: Condition, concern: Concern) -> None:
    assert condition.concern is concern


def test_a_process_that_has_missed_a_minute_is_not_taken_for_a_living_one() -> None:
    condition = replace(WELL, processes=[process("worker", silent_for=59), process("worker", silent_for=61)])
    assert len(condition.living) == 1


def test_an_update_is_seen_by_the_releases_that_run() -> None:
    old_and_silent = process("web", silent_for=600, release="0.9")
    condition = replace(WELL, processes=[process("web", release="1.1"), process("worker"), old_and_silent])
    assert condition.releases == ["1.0", "1.1"]


def test_the_queue_is_as_long_as_it_was_seen_last() -> None:
    earlier, later = process("worker", silent_for=20, queue_length=7), process("worker", queue_length=4)
    looked = replace(WELL, processes=[earlier, later, process("web")]).queue
    assert looked is not None and looked.queue_length == 4
    assert replace(WELL, processes=[process("web")]).queue is None
