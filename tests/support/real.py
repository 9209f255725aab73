"""The product as it runs for real: a web and a worker process for each service, on real servers."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from services.console.keys import read_or_make_keys
from tests.support.embedded import cesar
from tests.support.gateway import gateway
from tests.support.ports import free_port
from tests.support.postgres import Postgres
from tests.support.rabbitmq import RabbitMQ
from tests.support.smtp import MailServer

SERVICES = ("enrolment", "assessment", "notifications", "reporting")


def real_settings(
    folder: Path, url: str, rabbitmq: RabbitMQ, postgres: Postgres, smtp: MailServer
) -> dict[str, str]:
    """The environment of all processes of one installation, with new databases and a new virtual host."""
    read_or_make_keys(folder)
    databases = {
        f"CESAR_{service.upper()}_DATABASE_URL": postgres.create_database(service) for service in SERVICES
    }
    return {
        **databases,
        "CESAR_AMQP_URI": rabbitmq.create_vhost(),
        "CESAR_PUBLIC_URL": url,
        "CESAR_MAIL_URL": smtp.uri_at_any_hour,
        "CESAR_MAIL_FROM": "Cesar <cesar@cci-herault.example>",
        "CESAR_ENROLMENT_SESSION_PRIVATE_KEY_FILE": str(folder / "session.pem"),
        "CESAR_SESSION_PUBLIC_KEY_FILE": str(folder / "session.pub"),
        "CESAR_SECRET_KEY_FILE": str(folder / "secret"),
        "CESAR_TRUSTED_PROXIES": "1",
        "CESAR_WEB_PROCESSES": "1",
    }


def command(settings: dict[str, str], *arguments: str) -> str:
    """Run a command of the installation to its end; what it printed. Fails when the command does."""
    with cesar(*arguments, env=settings) as process:
        assert process.wait(60) == 0, process.output
        return process.output


@contextmanager
def run_services(settings: dict[str, str], port: int) -> Iterator[None]:
    """Migrate, then run web and worker of every service behind one address, until the block ends."""
    command(settings, "migrate")
    ports = {service: free_port() for service in SERVICES}
    with ExitStack() as running:
        for service in SERVICES:
            bind = {"CESAR_BIND": f"127.0.0.1:{ports[service]}"}
            web = running.enter_context(cesar("web", service, env={**settings, **bind}))
            worker = running.enter_context(cesar("worker", service, env=settings))
            web.wait_for_port(ports[service], timeout=60)
            worker.wait_for_line("workers_started", timeout=60)
        running.enter_context(gateway(port, {"": ports["enrolment"], **ports}))
        yield
