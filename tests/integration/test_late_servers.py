"""Servers that are down at the start and come back later are waited for."""

import http.client
from contextlib import closing
from pathlib import Path

from services.console.keys import read_or_make_keys
from tests.support.embedded import cesar
from tests.support.ports import free_port
from tests.support.postgres import private_postgres
from tests.support.rabbitmq import RabbitMQ
from tests.support.real import command


def status(port: int, path: str) -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status


def test_web_and_worker_outlast_a_database_that_comes_late(tmp_path: Path, rabbitmq: RabbitMQ) -> None:
    read_or_make_keys(tmp_path)
    with private_postgres() as postgres:
        settings = {
            "CESAR_ENROLMENT_DATABASE_URL": postgres.create_database("enrolment"),
            "CESAR_AMQP_URI": rabbitmq.create_vhost(),
            "CESAR_PUBLIC_URL": "http://localhost",
            "CESAR_MAIL_URL": "smtp://127.0.0.1:25",
            "CESAR_MAIL_FROM": "cesar@cci.example",
            "CESAR_SESSION_PRIVATE_KEY_FILE": str(tmp_path / "session.pem"),
            "CESAR_SESSION_PUBLIC_KEY_FILE": str(tmp_path / "session.pub"),
            "CESAR_SECRET_KEY_FILE": str(tmp_path / "secret"),
            "CESAR_WEB_PROCESSES": "1",
        }
        command(settings, "migrate", "enrolment")
        postgres.stop()
        port = free_port()
        with (
            cesar("web", "enrolment", env={**settings, "CESAR_BIND": f"127.0.0.1:{port}"}) as web,
            cesar("worker", "enrolment", env=settings) as worker,
        ):
            web.wait_for_port(port, timeout=60)
            assert (status(port, "/"), status(port, "/health/live")) == (503, 200)
            assert status(port, "/health/ready") == 503
            worker.wait_for_line('"server": "database".*"waiting_for_server"', timeout=60)
            postgres.start()
            worker.wait_for_line("workers_started", timeout=60)
            web.wait_until(lambda: status(port, "/health/ready") == 200, "ready")
            assert status(port, "/") == 200


def test_a_database_without_tables_ends_the_worker_with_a_sentence(tmp_path: Path) -> None:
    read_or_make_keys(tmp_path)
    environment = {
        "CESAR_REPORTING_DATABASE_URL": f"sqlite:///{tmp_path / 'reporting.db'}",
        "CESAR_AMQP_URI": "memory://",
        "CESAR_PUBLIC_URL": "http://localhost",
        "CESAR_MAIL_URL": "smtp://127.0.0.1:25",
        "CESAR_MAIL_FROM": "cesar@cci.example",
        "CESAR_SESSION_PUBLIC_KEY_FILE": str(tmp_path / "session.pub"),
        "CESAR_SECRET_KEY_FILE": str(tmp_path / "secret"),
    }
    with cesar("worker", "reporting", env=environment) as process:
        assert process.wait(60) == 1
        assert "run “cesar migrate reporting”" in process.output
