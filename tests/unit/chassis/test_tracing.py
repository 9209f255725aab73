"""What is handed on from one piece of work to the next, with a collector and without one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.chassis.context import WorkContext, current_context, work_context
from services.chassis.events import Event, new_id
from services.chassis.messaging.traced import traced
from services.chassis.outbox import Answer, Message
from services.chassis.traceparent import TraceParent, read_traceparent
from services.chassis.tracing import handling, recorded, span, start_tracing, stop_tracing
from tests.support.otlp import Collector, collector

PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
TRACE = PARENT.split("-")[1]


def event(traceparent: str | None = PARENT) -> Event:
    return Event(
        id=new_id(),
        source="orchard",
        type="orchard.apple.picked",
        version=1,
        subject=new_id(),
        sequence=1,
        time=datetime(2026, 11, 23, tzinfo=UTC),
        data={},
        correlation_id=new_id(),
        traceparent=traceparent,
    )


class Post:
    """A publisher that refuses the messages with these numbers."""

    def __init__(self, *refused: int) -> None:
        self._refused = refused

    def send(self, messages: object) -> Answer:
        return lambda: dict.fromkeys(self._refused, "no")

    def waiting(self, consumer: str) -> int:
        return 0

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def traces() -> Iterator[Collector]:
    with collector() as taken:
        start_tracing(taken.url, ["orchard"])
        try:
            yield taken
        finally:
            stop_tracing()


def names(traces: Collector) -> list[tuple[str, str]]:
    """Every span that was sent, with the trace that it belongs to."""
    stop_tracing()
    return sorted((each.name, each.trace) for each in traces.spans)


def test_without_a_collector_the_trace_is_handed_on_as_it_is() -> None:
    picked = event()
    post = Post()
    with handling("orchard", picked, replaying=False):
        assert current_context() == WorkContext(picked.correlation_id, picked.id, traceparent=PARENT)
        assert recorded(picked) is picked
        with span("orchard", "work", "internal", {}) as begun:
            assert begun is None
            assert current_context().traceparent == PARENT
    assert traced(post, "orchard") is post


def test_an_empty_address_is_no_collector() -> None:
    start_tracing("", ["orchard"])
    assert recorded(picked := event()) is picked


def test_what_an_event_sets_off_is_a_part_of_it(traces: Collector) -> None:
    told = recorded(event())
    assert read_traceparent(told.traceparent or "") != read_traceparent(PARENT)
    with handling("orchard", told, replaying=False):
        assert current_context().traceparent != told.traceparent
        assert current_context().correlation_id == told.correlation_id
    assert names(traces) == [("create orchard.apple.picked", TRACE), ("process orchard.apple.picked", TRACE)]


def test_a_past_that_is_replayed_leaves_no_trace(traces: Collector) -> None:
    with handling("orchard", event(), replaying=True):
        assert current_context().traceparent == PARENT
    assert names(traces) == []


def test_a_trace_that_cannot_be_read_is_begun_anew(traces: Collector) -> None:
    told = recorded(event("nonsense"))
    assert read_traceparent(told.traceparent or "") is not None
    [(_, trace)] = names(traces)
    assert trace != TRACE


def test_another_services_work_in_this_process_is_not_traced(traces: Collector) -> None:
    assert recorded(replace(event(), source="vineyard")).traceparent == PARENT


def test_what_the_broker_took_is_noted_and_what_it_refused_or_has_had_before_is_not(
    traces: Collector,
) -> None:
    bodies = [event().to_bytes() for _ in range(3)]
    messages = [Message(new_id(), f"orchard.{index}", body) for index, body in enumerate(bodies)]
    messages[2] = replace(messages[2], consumer="vineyard")
    assert traced(Post(1), "orchard").send(messages)() == {1: "no"}
    assert names(traces) == [("send orchard.0", TRACE)]


def test_a_failure_is_told_without_what_it_says_of_people(traces: Collector) -> None:
    with (
        pytest.raises(ValueError, match="elise"),
        work_context(WorkContext(new_id())),
        span("orchard", "work", "internal", {}),
    ):
        raise ValueError("elise@example.fr is unknown")
    stop_tracing()
    [failed] = traces.spans
    assert failed.failed
    assert "elise" not in str(failed)


@pytest.mark.parametrize("text", ["", "nonsense", PARENT.upper(), f"ff{PARENT[2:]}", f"{PARENT}-more"])
def test_what_is_no_traceparent_is_none(text: str) -> None:
    assert read_traceparent(text) is None


def test_a_traceparent_is_written_as_it_is_read() -> None:
    assert str(read_traceparent(PARENT)) == PARENT
    assert read_traceparent(PARENT) == TraceParent(TRACE, "00f067aa0ba902b7", "01")
