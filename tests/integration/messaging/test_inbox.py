"""Each event has its effect exactly once; a bad one costs only itself and is never lost."""

from datetime import timedelta
from itertools import pairwise
from uuid import UUID

import orjson
import pytest
from sqlalchemy.exc import OperationalError

from services.chassis import failures, inbox
from services.chassis.events import Event, new_id
from services.chassis.failures import FailedEvent
from services.chassis.inbox import Delivery
from services.chassis.model import Conflict, DomainError
from services.chassis.service import Runtime
from tests.integration.messaging.conftest import Stack
from tests.support.ports import free_port
from tests.support.probe import effect_names, effects_by_event, make_thing, probe_settings, repair


def events_named(stack: Stack, *names: str) -> list[Event]:
    with stack.runtime.unit_of_work() as work:
        return [make_thing(name, work) for name in names]


def deliver(stack: Stack, *events: Event | bytes) -> None:
    bodies = [event if isinstance(event, bytes) else event.to_bytes() for event in events]
    inbox.handle(stack.runtime, [Delivery(body) for body in bodies])


def failed(stack: Stack) -> list[FailedEvent]:
    with stack.runtime.read() as session:
        return failures.list_failed(session)


def discard(stack: Stack, identity: UUID, reason: str) -> None:
    with stack.runtime.unit_of_work() as work:
        inbox.discard(work, identity, reason, by="ayral")


def changed(event: Event, **attributes: object) -> bytes:
    return orjson.dumps(orjson.loads(event.to_bytes()) | attributes)


def test_a_batch_has_all_its_effects(stack: Stack) -> None:
    deliver(stack, *events_named(stack, "a", "b", "c"))
    assert effect_names(stack.runtime) == ["a", "b", "c"]


def test_an_event_that_comes_again_has_no_second_effect(stack: Stack) -> None:
    [event] = events_named(stack, "a")
    deliver(stack, event, event)
    deliver(stack, event)
    assert effects_by_event(stack.runtime) == {event.id: 1}


def test_an_id_that_another_source_uses_too_is_another_event(stack: Stack) -> None:
    [event] = events_named(stack, "a")
    deliver(stack, event, changed(event, source="/elsewhere"))
    assert effects_by_event(stack.runtime) == {event.id: 2}


def test_an_event_from_a_clock_that_is_wrong_is_handled_all_the_same(stack: Stack) -> None:
    first, second = events_named(stack, "past", "future")
    deliver(
        stack, changed(first, time="1970-01-01T00:00:00Z"), changed(second, time="2199-12-31T23:59:59+14:00")
    )
    assert effect_names(stack.runtime) == ["past", "future"]


def test_a_type_that_nobody_reacts_to_is_passed_over(stack: Stack) -> None:
    event, other = events_named(stack, "a", "b")
    deliver(stack, changed(other, type="probe.thing.painted"), event)
    assert (effect_names(stack.runtime), failed(stack)) == (["a"], [])


@pytest.mark.parametrize(
    "poison",
    [
        b"\xff\xfe not JSON",
        b"[]",
        b"{}",
        b'{"specversion": "1.0", "id": "x"}',
    ],
)
def test_bytes_that_are_no_event_are_parked_as_they_are(stack: Stack, poison: bytes) -> None:
    events = events_named(stack, "a", "b")
    deliver(stack, events[0], poison, events[1])
    assert sorted(effect_names(stack.runtime)) == ["a", "b"]
    [kept] = failed(stack)
    assert (kept.state, kept.body, kept.type) == ("parked", poison, None)
    assert "MalformedEvent" in kept.error


@pytest.mark.parametrize(
    ("attribute", "value", "words"),
    [
        ("data", {"id": "1"}, "Missing data"),
        ("data", {"name": 5}, "Not a valid string"),
        ("dataschema", "/schemas/probe.thing.made/2", "reads up to version 1"),
    ],
)
def test_an_event_that_this_release_cannot_read_is_parked_at_once(
    stack: Stack, attribute: str, value: object, words: str
) -> None:
    good, bad = events_named(stack, "good", "bad")
    deliver(stack, changed(bad, **{attribute: value}), good)
    assert effect_names(stack.runtime) == ["good"]
    [kept] = failed(stack)
    assert (kept.state, kept.attempts) == ("parked", 1)
    assert words in kept.error


def test_a_bad_event_costs_only_itself_and_leaves_no_half_effect(stack: Stack) -> None:
    deliver(stack, *events_named(stack, "a", "broken", "b", "hopeless", "c"))
    assert effect_names(stack.runtime) == ["a", "b", "c"]
    assert {(kept.type, kept.state) for kept in failed(stack)} == {
        ("probe.thing.made", "retrying"),
        ("probe.thing.made", "parked"),
    }


def test_a_failed_event_is_retried_with_growing_delays_and_then_parked(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    [event] = events_named(stack, "broken")
    deliver(stack, event)
    delays = []
    while (kept := failed(stack)[0]).next_attempt_at is not None:
        delays.append(kept.next_attempt_at - kept.last_failed_at)
        due = kept.next_attempt_at
        monkeypatch.setattr(stack.runtime, "clock", lambda due=due: due)
        assert inbox.handle_due_retries(stack.runtime) == 1
    assert (kept.state, kept.attempts) == ("parked", inbox.POLICY.attempts)
    assert len(delays) == inbox.POLICY.attempts - 1
    assert all(later > earlier for earlier, later in pairwise(delays))
    assert delays[0] < timedelta(seconds=2)


def test_nothing_is_retried_before_its_time(stack: Stack) -> None:
    deliver(stack, *events_named(stack, "broken"))
    now = stack.runtime.clock()
    stack.runtime.clock = lambda: now
    assert inbox.handle_due_retries(stack.runtime) == 0


def test_a_retry_works_once_the_reason_is_mended(stack: Stack) -> None:
    [event] = events_named(stack, "broken")
    deliver(stack, event)
    repair(stack.runtime, "broken")
    with stack.runtime.database.write() as session:
        failures.retry_now(session, failed(stack)[0].id, stack.runtime.clock())
    inbox.handle_due_retries(stack.runtime)
    deliver(stack, event)
    assert effects_by_event(stack.runtime) == {event.id: 1}
    assert failed(stack) == []


def test_a_failed_event_that_is_delivered_again_and_works_now_is_settled(stack: Stack) -> None:
    [event] = events_named(stack, "broken")
    deliver(stack, event)
    repair(stack.runtime, "broken")
    deliver(stack, event)
    assert effects_by_event(stack.runtime) == {event.id: 1}
    assert failed(stack) == []


def test_a_parked_event_can_be_mended_and_tried_again(stack: Stack) -> None:
    [event] = events_named(stack, "hopeless")
    deliver(stack, event)
    mended = changed(event, data={"id": str(event.subject), "name": "hopeful"})
    with stack.runtime.database.write() as session:
        failures.retry_now(session, failed(stack)[0].id, stack.runtime.clock(), mended)
    inbox.handle_due_retries(stack.runtime)
    assert effect_names(stack.runtime) == ["hopeful"]
    assert failed(stack) == []


def test_a_mended_event_must_stay_an_event_and_the_same_one(stack: Stack) -> None:
    [event] = events_named(stack, "hopeless")
    deliver(stack, event)
    for body in (b"nonsense", changed(event, id=str(new_id()))):
        with pytest.raises(DomainError), stack.runtime.database.write() as session:
            failures.retry_now(session, failed(stack)[0].id, stack.runtime.clock(), body)


def test_discarding_wants_a_reason_and_is_final(stack: Stack) -> None:
    [event] = events_named(stack, "hopeless")
    deliver(stack, event)
    identity: UUID = failed(stack)[0].id
    with pytest.raises(DomainError):
        discard(stack, identity, "  ")
    discard(stack, identity, "A test of last year.")
    deliver(stack, event)
    assert (effect_names(stack.runtime), failed(stack)) == ([], [])
    with pytest.raises(Conflict):
        discard(stack, identity, "Again.")


def test_what_brought_every_consumer_down_is_parked(stack: Stack) -> None:
    [event] = events_named(stack, "a")
    inbox.handle(stack.runtime, [Delivery(event.to_bytes(), undeliverable=True)])
    [kept] = failed(stack)
    assert (kept.state, effect_names(stack.runtime)) == ("parked", [])


def test_a_database_that_is_gone_blames_no_event(stack: Stack) -> None:
    [event] = events_named(stack, "a")
    url = f"postgresql+psycopg://probe:probe@127.0.0.1:{free_port()}/probe"
    gone = Runtime.start(stack.runtime.service, probe_settings(url, "memory://"))
    with pytest.raises(OperationalError):
        inbox.handle(gone, [Delivery(event.to_bytes())])
    deliver(stack, event)
    assert effects_by_event(stack.runtime) == {event.id: 1}
