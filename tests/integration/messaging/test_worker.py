"""The worker process on real servers: killed, stopped and cut off, it loses nothing and repeats nothing."""

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlsplit

import pytest
from kombu import Connection, Queue
from sqlalchemy import func, select, text

from services.chassis import failures, replays
from services.chassis.messages import inbox, outbox
from services.chassis.messaging import broker, topology
from services.chassis.service import Runtime
from tests.support.ports import free_port
from tests.support.postgres import Postgres
from tests.support.probe import effect_names, effects_by_event, make_thing, probe_runtime
from tests.support.process import Process
from tests.support.rabbitmq import RabbitMQ, confirming


@dataclass
class Probe:
    """The probe's database and broker, and the worker processes that a test starts."""

    runtime: Runtime
    processes: ExitStack = field(default_factory=ExitStack)

    def start_worker(self) -> Process:
        return self.processes.enter_context(worker(self.database_url, self.runtime.settings.amqp_uri))

    @property
    def database_url(self) -> str:
        return self.runtime.database.url.render_as_string(hide_password=False)

    def make(self, number: int) -> None:
        with self.runtime.unit_of_work() as work:
            for index in range(number):
                make_thing(f"thing {index}", work)

    def recorded(self) -> int:
        with self.runtime.read() as session:
            return session.scalar(select(func.count()).select_from(outbox)) or 0

    def each_had_one_effect(self) -> bool:
        effects = effects_by_event(self.runtime)
        assert set(effects.values()) <= {1}
        return len(effects) == self.recorded()


def worker(database_url: str, amqp_uri: str) -> Process:
    return Process(
        [sys.executable, "-m", "tests.support.probe_worker", database_url, amqp_uri], name="probe worker"
    )


def eventually(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until the condition holds. Fails when it does not within ``seconds``."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s: {condition}"
        time.sleep(0.02)


@pytest.fixture
def probe(postgres: Postgres, rabbitmq: RabbitMQ) -> Iterator[Probe]:
    with probe_runtime(postgres.create_database("probe"), rabbitmq.create_vhost()) as runtime:
        probe = Probe(runtime)
        with probe.processes:
            yield probe


def test_an_event_has_its_effect_soon_after_the_commit(probe: Probe) -> None:
    probe.start_worker().wait_for_line("workers_started")
    probe.make(3)
    eventually(probe.each_had_one_effect)


def test_two_workers_share_the_work_without_repeating_any(probe: Probe) -> None:
    for process in (probe.start_worker(), probe.start_worker()):
        process.wait_for_line("workers_started")
    for _ in range(20):
        probe.make(100)
    eventually(probe.each_had_one_effect)


def test_a_worker_that_is_killed_under_load_loses_nothing_and_repeats_nothing(probe: Probe) -> None:
    for handled in (0, 2000, 4000):
        process = probe.start_worker()
        process.wait_for_line("workers_started")
        for _ in range(10):
            probe.make(200)
        eventually(partial(has_handled_more_than, probe, handled))
        process.kill()
    probe.start_worker()
    eventually(probe.each_had_one_effect, 60)


def has_handled_more_than(probe: Probe, number: int) -> bool:
    return len(effect_names(probe.runtime)) > number


def test_a_stop_under_load_ends_in_time_and_another_worker_takes_over(probe: Probe) -> None:
    process = probe.start_worker()
    process.wait_for_line("workers_started")
    probe.make(3000)
    eventually(lambda: bool(effect_names(probe.runtime)))
    assert process.terminate(timeout=20) == 0
    assert "workers_stopped" in process.output
    probe.start_worker()
    eventually(probe.each_had_one_effect)


def test_a_broker_that_restarts_is_waited_for(probe: Probe, rabbitmq: RabbitMQ) -> None:
    process = probe.start_worker()
    process.wait_for_line("workers_started")
    probe.make(500)
    close_all_connections(rabbitmq)
    probe.make(500)
    eventually(probe.each_had_one_effect)
    assert process.running


def close_all_connections(rabbitmq: RabbitMQ) -> None:
    for connection in rabbitmq.call("GET", "/connections") or []:
        rabbitmq.call("DELETE", f"/connections/{connection['name'].replace(' ', '%20').replace('>', '%3E')}")


def test_a_database_that_ends_every_connection_is_waited_for(probe: Probe) -> None:
    process = probe.start_worker()
    process.wait_for_line("workers_started")
    probe.make(500)
    end_all_other_connections(probe.runtime)
    probe.make(500)
    eventually(probe.each_had_one_effect)
    assert process.running


def end_all_other_connections(runtime: Runtime) -> None:
    others = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with runtime.database.write() as session:
        session.execute(others)


def test_a_publisher_may_have_nothing_to_say_for_long(probe: Probe, rabbitmq: RabbitMQ) -> None:
    """It has a deadline of its own; the broker must not wait for a heartbeat that nobody sends."""
    probe.start_worker().wait_for_line("workers_started")
    probe.make(1)
    eventually(probe.each_had_one_effect)
    eventually(lambda: {0, broker.HEARTBEAT} == heartbeats(probe, rabbitmq))


def heartbeats(probe: Probe, rabbitmq: RabbitMQ) -> set[int]:
    vhost = urlsplit(probe.runtime.settings.amqp_uri).path[1:]
    connections = rabbitmq.call("GET", f"/vhosts/{vhost}/connections")
    return {connection.get("timeout", -1) for connection in connections}


def test_a_worker_waits_for_servers_that_are_not_there_yet(probe: Probe) -> None:
    nowhere = f"amqp://guest:guest@127.0.0.1:{free_port()}//"
    with worker(probe.database_url, nowhere) as process:
        process.wait_for_line("waiting_for_server")
        assert process.terminate() == 0


def test_what_cannot_be_decoded_is_parked_and_the_rest_flows_on(probe: Probe) -> None:
    probe.start_worker().wait_for_line("workers_started")
    with confirming(probe.runtime.settings.amqp_uri) as connection:
        connection.default_channel.basic_publish(
            connection.default_channel.prepare_message(
                b"\x80\x81", content_type="application/x-python-serialize", content_encoding="unknown"
            ),
            exchange="",
            routing_key=topology.queue_name("probe"),
        )
    probe.make(2)
    eventually(probe.each_had_one_effect)
    eventually(lambda: parked(probe.runtime) == [b"\x80\x81"])


def parked(runtime: Runtime) -> list[bytes]:
    with runtime.read() as session:
        return [failed.body for failed in failures.list_failed(session, ["parked"])]


def test_what_the_broker_gave_up_delivering_is_parked(probe: Probe) -> None:
    with confirming(probe.runtime.settings.amqp_uri) as connection:
        topology.declare(connection, "probe", ())
        connection.default_channel.basic_publish(
            connection.default_channel.prepare_message(b"it brought down whoever took it"),
            exchange=topology.UNDELIVERABLE.name,
            routing_key=topology.queue_name("probe") + topology.UNDELIVERABLE_SUFFIX,
        )
    probe.start_worker()
    eventually(lambda: parked(probe.runtime) == [b"it brought down whoever took it"])


def test_a_replay_reaches_a_rebuilt_consumer_while_new_events_arrive(probe: Probe) -> None:
    probe.start_worker().wait_for_line("workers_started")
    probe.make(1200)
    eventually(probe.each_had_one_effect)
    probe.runtime.forget_projections()
    assert not effect_names(probe.runtime)
    with probe.runtime.database.write() as session:
        replays.request_replay(session, "probe", probe.runtime.clock())
    probe.make(300)
    eventually(probe.each_had_one_effect)


def test_a_replay_of_what_was_handled_has_no_effect(probe: Probe) -> None:
    probe.start_worker().wait_for_line("workers_started")
    probe.make(50)
    eventually(probe.each_had_one_effect)
    with probe.runtime.database.write() as session:
        identity = replays.request_replay(session, "probe", probe.runtime.clock())
    eventually(lambda: replay_is_done(probe.runtime, identity))
    probe.make(1)
    eventually(probe.each_had_one_effect)


def replay_is_done(runtime: Runtime, identity: object) -> bool:
    with runtime.read() as session:
        [progress] = replays.progress(session, [identity])  # type: ignore[list-item]
        assert progress.done_at is None or progress.sent == progress.total
        return progress.done_at is not None


@contextmanager
def declared_differently(uri: str) -> Iterator[None]:
    with Connection(uri) as connection:
        Queue(topology.queue_name("probe"), durable=True)(connection.default_channel).declare()
    yield


def test_a_queue_with_other_arguments_ends_the_worker_with_a_sentence(probe: Probe) -> None:
    with declared_differently(probe.runtime.settings.amqp_uri):
        process = probe.start_worker()
        assert process.wait() == 1
    assert "exists on the broker with other arguments" in process.output


def test_an_unknown_virtual_host_ends_the_worker_with_a_sentence(probe: Probe) -> None:
    with worker(probe.database_url, probe.runtime.settings.amqp_uri + "-misspelt") as process:
        assert process.wait() == 1
    assert "virtual host" in process.output and "CESAR_AMQP_URI" in process.output


def test_a_wrong_password_ends_the_worker_with_a_sentence(probe: Probe) -> None:
    uri = probe.runtime.settings.amqp_uri
    scheme, _, rest = uri.partition("://")
    with worker(probe.database_url, f"{scheme}://nobody:nothing@{rest.partition('@')[2]}") as process:
        assert process.wait() == 1
    assert "refuses the account" in process.output


def test_missing_rights_end_the_worker_with_a_sentence(probe: Probe, rabbitmq: RabbitMQ) -> None:
    uri = rabbitmq.create_user(
        probe.runtime.settings.amqp_uri, "reader", configure="^$", write="^$", read=".*"
    )
    with worker(probe.database_url, uri) as process:
        assert process.wait() == 1
    assert "refuses" in process.output


def test_a_second_signal_does_not_disturb_the_stop(probe: Probe) -> None:
    process = probe.start_worker()
    process.wait_for_line("workers_started")
    process.signal(signal.SIGTERM)
    process.signal(signal.SIGTERM)
    assert process.wait() == 0


def test_the_inbox_knows_every_event_that_was_handled(probe: Probe) -> None:
    probe.start_worker().wait_for_line("workers_started")
    probe.make(10)
    eventually(probe.each_had_one_effect)
    with probe.runtime.read() as session:
        assert session.scalar(select(func.count()).select_from(inbox)) == 10
