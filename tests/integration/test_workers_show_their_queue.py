"""What the autoscaler reads is what a real worker shows."""

from pathlib import Path

from deploy.autoscaling.measuring import Reading, read_workers
from services.chassis.messaging.topology import queue_name
from tests.support.embedded import cesar
from tests.support.ports import free_port
from tests.support.postgres import Postgres
from tests.support.process import Process
from tests.support.rabbitmq import RabbitMQ, confirming
from tests.support.real import command, real_settings
from tests.support.smtp import MailServer

UNREADABLE = 40


def test_the_length_of_the_queue_and_what_was_handled(
    tmp_path: Path, postgres: Postgres, rabbitmq: RabbitMQ, smtp: MailServer
) -> None:
    settings = real_settings(tmp_path, "http://localhost", rabbitmq, postgres, smtp)
    command(settings, "migrate", "reporting")
    port = free_port()
    with cesar("worker", "reporting", env={**settings, "CESAR_WATCH_BIND": f"127.0.0.1:{port}"}) as worker:
        worker.wait_for_line("workers_started", timeout=60)
        with confirming(settings["CESAR_AMQP_URI"]) as connection:
            producer = connection.Producer()
            for number in range(UNREADABLE):
                producer.publish(f"no event {number}", routing_key=queue_name("reporting"))
        reading = wait_until_handled(worker, port)
    assert (reading.waiting, reading.handled) == (0, {"127.0.0.1": UNREADABLE})


def wait_until_handled(worker: Process, port: int) -> Reading:
    seen: list[Reading] = []

    def is_handled() -> bool:
        reading = read_workers("localhost", 0.0, port)
        if reading is not None:
            seen.append(reading)
        return bool(seen) and seen[-1].waiting == 0 and sum(seen[-1].handled.values()) >= UNREADABLE

    worker.wait_until(is_handled, "show what it handled", timeout=60)
    return seen[-1]
