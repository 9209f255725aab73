"""Enrolment and notifications as they run for real: two services that a sign-in link passes through."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from services.chassis.service import Runtime
from services.chassis.settings import load_settings
from services.console.installed import load_service
from services.enrolment.domain.person import PersonGrant, Role
from services.enrolment.handlers import people
from tests.support.ask import Answer, get, post
from tests.support.embedded import cesar
from tests.support.ports import free_port
from tests.support.postgres import Postgres
from tests.support.process import Process
from tests.support.rabbitmq import RabbitMQ
from tests.support.real import real_settings
from tests.support.smtp import MailServer

PERSON = "claire@cci.example"


@dataclass
class Installation:
    """The processes of some services, each with a port of its own; ``settings`` is their environment."""

    settings: dict[str, str]
    processes: dict[str, Process] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def running(self, *names: str, **settings: str) -> Iterator[None]:
        """Run these, each a kind and a service (“worker enrolment”), until the block ends."""
        with ExitStack() as stack:
            for name in names:
                self.ports[name] = free_port()
                bind = "CESAR_BIND" if name.startswith("web") else "CESAR_WATCH_BIND"
                env = {**self.settings, **settings, bind: f"127.0.0.1:{self.ports[name]}"}
                self.processes[name] = stack.enter_context(cesar(*name.split(), env=env))
            for name, process in self.processes.items():
                if name.startswith("web"):
                    process.wait_for_port(self.ports[name], timeout=60)
                else:
                    process.wait_for_line("workers_started", timeout=60)
            yield

    def url(self, name: str, path: str) -> str:
        return f"http://127.0.0.1:{self.ports[name]}{path}"

    def ask(self, name: str, path: str) -> Answer:
        return get(self.url(name, path))

    def ask_for_a_link(self, **headers: str) -> Answer:
        """Somebody whom the installation knows asks for a link to sign in with."""
        return post(self.url("web enrolment", "/sign-in"), {"email": PERSON}, headers)


@pytest.fixture
def installation(tmp_path: Path, rabbitmq: RabbitMQ, postgres: Postgres, smtp: MailServer) -> Installation:
    """Migrated, with one person in it; nothing runs yet."""
    settings = real_settings(tmp_path / "keys", "http://localhost", rabbitmq, postgres, smtp)
    for name in ("enrolment", "notifications"):
        runtime = Runtime.start(load_service(name), load_settings(name, settings))
        runtime.migrate()
        if name == "enrolment":
            with runtime.unit_of_work() as work:
                grant = PersonGrant(Role.OPERATOR, None)
                people.register_person(people.RegisterPerson(name="Claire", email=PERSON, grant=grant), work)
        runtime.database.close()
    return Installation(settings)
