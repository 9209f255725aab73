"""A replay sends what was asked for to whom it was asked for, and goes on where it stopped."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.chassis.events import Event
from services.chassis.outbox import BrokerUnavailable
from services.chassis.replays import ReplayRelay, progress, request_replay
from tests.integration.messaging.conftest import Stack
from tests.support.probe import make_thing

MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def day(number: int) -> datetime:
    return MONDAY + timedelta(days=number)


@pytest.fixture
def week(stack: Stack) -> list[Event]:
    """One event on each of seven days, published long ago."""
    events = []
    for number in range(7):
        with stack.runtime.unit_of_work(now=day(number)) as work:
            events.append(make_thing(f"day {number}", work))
    stack.relay_all()
    stack.received(7)
    return events


def request(stack: Stack, since: datetime | None = None, until: datetime | None = None) -> UUID:
    with stack.runtime.database.write() as session:
        return request_replay(session, "probe", stack.runtime.clock(), since=since, until=until)


def relay(stack: Stack, batch_size: int = 500) -> ReplayRelay:
    return ReplayRelay(stack.runtime.database, stack.publisher, stack.runtime.clock, batch_size)


def carry_out(replay: Callable[[], bool]) -> None:
    while replay():
        pass


def sent(stack: Stack, number: int) -> list[Event]:
    return [Event.from_bytes(body) for body in stack.received(number)]


def is_empty(stack: Stack) -> bool:
    with pytest.raises(AssertionError, match="the queue is empty"):
        stack.received(1)
    return True


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (None, None, range(7)),
        (day(2), None, range(2, 7)),
        (None, day(3), range(3)),
        (day(2), day(5), range(2, 5)),
        (day(20), None, range(0)),
    ],
)
def test_a_range_of_the_log_is_sent_again_and_nothing_else(
    stack: Stack, week: list[Event], since: datetime | None, until: datetime | None, expected: range
) -> None:
    identity = request(stack, since, until)
    carry_out(relay(stack).run_once)
    assert sent(stack, len(expected)) == [week[number] for number in expected]
    assert is_empty(stack)
    with stack.runtime.read() as session:
        [state] = progress(session, [identity])
    assert (state.sent, state.total) == (len(expected), len(expected)) and state.done_at is not None


def test_it_goes_to_the_one_service_only_and_new_events_still_to_all(stack: Stack, week: list[Event]) -> None:
    with stack.runtime.database.write() as session:
        request_replay(session, "probe.undeliverable", stack.runtime.clock())
    with stack.runtime.unit_of_work() as work:
        new = make_thing("new", work)
    carry_out(relay(stack).run_once)
    stack.relay_all()
    assert sent(stack, 1) == [new]
    assert is_empty(stack)


def test_a_replay_goes_on_where_another_process_stopped(stack: Stack, week: list[Event]) -> None:
    request(stack)
    assert relay(stack, batch_size=3).run_once()
    carry_out(relay(stack, batch_size=3).run_once)
    assert sent(stack, 7) == week
    assert is_empty(stack)


def test_an_event_of_after_the_request_is_not_replayed(stack: Stack, week: list[Event]) -> None:
    request(stack)
    with stack.runtime.unit_of_work() as work:
        make_thing("new", work)
    carry_out(relay(stack).run_once)
    assert sent(stack, 7) == week
    assert is_empty(stack)


def test_a_broker_that_is_away_leaves_the_request_open(
    stack: Stack, week: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise BrokerUnavailable("It is away.")

    request(stack)
    with monkeypatch.context() as patch:
        patch.setattr(type(stack.publisher), "send", away)
        with pytest.raises(BrokerUnavailable):
            relay(stack).run_once()
    carry_out(relay(stack).run_once)
    assert sent(stack, 7) == week
