"""State and events are one; the relay publishes each event at least once and loses none."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from services.chassis.contracts import ContractViolation
from services.chassis.events import Event, new_id
from services.chassis.messages import outbox
from services.chassis.messaging import topology
from services.chassis.messaging.broker import AmqpPublisher, connect
from services.chassis.model import Conflict
from services.chassis.outbox import BrokerUnavailable, Message
from services.chassis.unit_of_work import UnitOfWork
from tests.integration.messaging.conftest import Stack
from tests.support.ports import free_port
from tests.support.probe import THING_MADE, Thing, make_thing, things


def count(stack: Stack, table: object) -> int:
    with stack.runtime.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0  # type: ignore[arg-type]


def test_state_and_event_are_committed_together(stack: Stack) -> None:
    with stack.runtime.unit_of_work() as work:
        make_thing("lamp", work)
    assert (count(stack, things), count(stack, outbox)) == (1, 1)


def test_an_exception_undoes_state_and_event(stack: Stack) -> None:
    with pytest.raises(Conflict), stack.runtime.unit_of_work() as work:
        make_thing("lamp", work)
        work.session.flush()
        raise Conflict("Somebody was faster.")
    assert (count(stack, things), count(stack, outbox)) == (0, 0)


def test_data_that_break_the_contract_store_nothing(stack: Stack) -> None:
    def record(data: dict[str, object], work: UnitOfWork) -> None:
        thing = Thing(id=make_thing("lamp", work).subject, name="lamp")
        work.record(thing, THING_MADE, data)

    for data in ({"name": "lamp"}, {"id": "not an id", "name": "lamp"}, {"colour": "green"}):
        with pytest.raises(ContractViolation), stack.runtime.unit_of_work() as work:
            record(data, work)
    assert (count(stack, things), count(stack, outbox)) == (0, 0)


def test_what_is_recorded_arrives_unchanged_and_in_order(stack: Stack) -> None:
    with stack.runtime.unit_of_work() as work:
        events = [make_thing(f"Béziers–Pézenas №{number} 🌿", work) for number in range(7)]
    assert stack.relay_all(batch_size=3) == 7
    received = [Event.from_bytes(body) for body in stack.received(7)]
    assert received == events


def test_each_change_of_an_aggregate_raises_its_sequence(stack: Stack) -> None:
    with stack.runtime.unit_of_work() as work:
        first = make_thing("lamp", work)
    with stack.runtime.unit_of_work() as work:
        thing = work.get(Thing, first.subject)
        second = work.record(thing, THING_MADE, {"id": thing.id, "name": "lamp"})
    assert (first.sequence, second.sequence) == (1, 2)


def test_an_event_of_a_megabyte_passes(stack: Stack) -> None:
    with stack.runtime.unit_of_work() as work:
        thing = Thing(id=make_thing("big", work).subject, name="big")
        work.record(thing, THING_MADE, {"id": thing.id, "name": "é" * 500_000})
    assert stack.relay_all() == 2
    assert max(map(len, stack.received(2))) > 1_000_000


def test_a_published_event_is_not_published_again(stack: Stack) -> None:
    with stack.runtime.unit_of_work() as work:
        make_thing("lamp", work)
    assert stack.relay_all() == 1
    assert stack.relay_all() == 0


def test_a_broker_that_is_away_leaves_everything_in_the_outbox(stack: Stack) -> None:
    with stack.runtime.unit_of_work() as work:
        make_thing("lamp", work)
    away = AmqpPublisher(f"amqp://guest:guest@127.0.0.1:{free_port()}//")
    relay = stack.relay()
    relay.publisher = away
    with pytest.raises(BrokerUnavailable):
        relay.run_once()
    assert stack.relay_all() == 1


@pytest.mark.parametrize("stack", ["real"], indirect=True)
def test_an_event_that_no_queue_takes_stays_with_the_reason_and_holds_nothing_up(stack: Stack) -> None:
    with connect(stack.runtime.settings.amqp_uri) as connection:
        connection.default_channel.queue_unbind(
            topology.queue_name("probe"), topology.EVENTS.name, routing_key=THING_MADE
        )
    with stack.runtime.unit_of_work() as work:
        event = make_thing("lamp", work)
    relayed = stack.relay().run_once()
    assert (relayed.published, relayed.refused) == (0, 1)
    with stack.runtime.read() as session:
        refusal = session.scalar(select(outbox.c.refusal).where(outbox.c.event_id == event.id))
    assert refusal is not None and THING_MADE in refusal

    with connect(stack.runtime.settings.amqp_uri) as connection:
        topology.declare(connection, "probe", [THING_MADE])
    assert stack.relay_all() == 1


@pytest.mark.parametrize("stack", ["real"], indirect=True)
def test_of_one_window_only_the_refused_messages_are_told_apart(stack: Stack) -> None:
    with stack.runtime.unit_of_work() as work:
        event = make_thing("lamp", work)
    taken = Message(event.id, THING_MADE, event.to_bytes())
    unroutable = Message(new_id(), "probe.thing.unheard_of", event.to_bytes())
    assert set(stack.publisher.send([taken, unroutable, taken])()) == {1}


def test_a_turn_that_fails_halfway_leaves_nothing_behind_for_the_next(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the broker said of messages that nobody asked about any more must not count for later ones."""
    with connect(stack.runtime.settings.amqp_uri) as connection:
        connection.default_channel.queue_unbind(
            topology.queue_name("probe"), topology.EVENTS.name, routing_key=THING_MADE
        )
    with stack.runtime.unit_of_work() as work:
        make_thing("first", work)
        make_thing("second", work)
    relay = stack.relay(batch_size=1)

    def fail(*_: object) -> None:
        raise OperationalError("UPDATE", None, Exception("The database is gone."))

    with monkeypatch.context() as patch, pytest.raises(OperationalError):
        patch.setattr(relay, "_mark", fail)
        relay.run_once()
    with connect(stack.runtime.settings.amqp_uri) as connection:
        topology.declare(connection, "probe", [THING_MADE])
    relayed = relay.run_once()
    assert (relayed.published, relayed.refused) == (2, 0)
