"""The maker and the keeper at work: servers, a network between, webs and workers as processes."""

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import func, select

from services.chassis.messages import outbox
from services.chassis.postgresql import PATIENCE
from services.chassis.service import Runtime
from tests.chaos import death
from tests.chaos.ledger import Flow, applied, flows, published
from tests.chaos.pair import SERVICES, runtime_of
from tests.support.postgres import PrivatePostgres
from tests.support.process import Process
from tests.support.proxy import Proxy, proxy_to
from tests.support.rabbitmq import PrivateRabbitMQ

WEBS = 2
WORKERS = ("maker", "maker", "keeper", "keeper")


@dataclass
class Member:
    """One process that is to run all the time; ``role`` is web, maker or keeper."""

    role: str
    command: list[str]
    process: Process
    ended: int = 0


@dataclass
class World:
    """Everything that a fault can hit. The processes reach the servers through the proxies only."""

    rabbitmq: PrivateRabbitMQ
    postgres: PrivatePostgres
    broker_network: Proxy
    database_network: Proxy
    runtimes: dict[str, Runtime]
    """For the harness itself, past the proxies."""
    folder: Path
    rate: float
    members: list[Member] = field(default_factory=list)
    gave_up: list[str] = field(default_factory=list)
    """The last words of processes that ended although nobody killed them."""

    @property
    def ledgers(self) -> list[Path]:
        return [self.folder / f"web-{number}.ledger" for number in range(WEBS)]

    def start(self, seed: int) -> None:
        """Start all processes; nothing is committed until it is allowed."""
        for number, ledger in enumerate(self.ledgers):
            ledger.touch()
            ledger.with_suffix(".limit").write_text("0")
            self._add("web", "web", "maker", [str(ledger), str(seed + number), str(self.rate / WEBS)])
        for name in WORKERS:
            self._add(name, "worker", name, [])
        for member in self.members:
            self._wait_until_started(member)

    def allow(self, number: int) -> None:
        """Let the webs commit events until there are about ``number``."""
        for ledger in self.ledgers:
            limit = ledger.with_suffix(".limit")
            beside = limit.with_suffix(".new")
            beside.write_text(str(number // WEBS))
            beside.rename(limit)

    def recorded(self) -> int:
        """How many events the maker's outbox has."""
        with self.runtimes["maker"].read() as session:
            return session.scalar(select(func.max(outbox.c.position))) or 0

    def wait_for_events(self, number: int, timeout: float = 2 * PATIENCE) -> None:
        """Wait until the outbox has so many events. Raises AssertionError when it takes too long.

        A process whose database has fallen silent in the middle of a statement waits out its patience first.
        """
        deadline = time.monotonic() + timeout
        while self.recorded() < number:
            self.replace_the_dead()
            assert time.monotonic() < deadline, f"{self.recorded()} of {number} events after {timeout:g} s"
            time.sleep(0.05)

    def member(self, role: str, number: int) -> Member:
        """One of the processes with this role."""
        same = [member for member in self.members if member.role == role]
        return same[number % len(same)]

    def kill_at(self, member: Member, point: str, patience: float = 10) -> bool:
        """Kill a process where it next passes ``point``, or anywhere when it does not come there in time."""
        process = member.process
        death.make_deadly(process.pid, point)
        deadline = time.monotonic() + patience
        while process.running and time.monotonic() < deadline:
            time.sleep(0.01)
        reached = not process.running
        self.kill(member)
        return reached

    def kill(self, member: Member) -> None:
        """Kill a process where it is, and start another in its place."""
        member.process.kill()
        self._replace(member)

    def replace_the_dead(self) -> None:
        """Start those again that ended by themselves, as a supervisor does, and keep their last words."""
        for member in self.members:
            if not member.process.running:
                self.gave_up.append(f"{member.role}:\n" + "\n".join(member.process.lines[-15:]))
                self._replace(member)

    def accounts(self) -> tuple[Flow, Flow]:
        return flows(self.runtimes["maker"], self.runtimes["keeper"], self.ledgers)

    def drain(self, timeout: float) -> float:
        """Wait until everything is through or the time is over; how many seconds it took.

        A web that has not noticed yet that it may commit no more records another event: that has an end too.
        """
        begun, before = time.monotonic(), -1
        while time.monotonic() < begun + timeout:
            recorded = self.recorded()
            if recorded == before and self._is_drained():
                break
            before = recorded
            self.replace_the_dead()
            time.sleep(0.5)
        return time.monotonic() - begun

    def stop(self) -> None:
        for member in self.members:
            member.process.kill()

    def _is_drained(self) -> bool:
        """Counted by the database: the harness is the network too, and must not be busy itself."""
        maker, keeper = self.runtimes["maker"], self.runtimes["keeper"]
        return applied(keeper) >= published(maker) and applied(maker) >= published(keeper)

    def _add(self, role: str, kind: str, service: str, more: list[str]) -> None:
        url = self.runtimes[service].database.url.set(port=self.database_network.port)
        broker = urlsplit(self.runtimes[service].settings.amqp_uri)
        account, _, _ = broker.netloc.rpartition("@")
        netloc = f"{account}@127.0.0.1:{self.broker_network.port}"
        command = [
            sys.executable,
            *("-m", "tests.chaos.process", kind, service),
            url.render_as_string(hide_password=False),
            broker._replace(netloc=netloc).geturl(),
            *more,
        ]
        self.members.append(Member(role, command, Process(command, name=f"{role} ({kind})")))

    def _replace(self, member: Member) -> None:
        member.ended += 1
        member.process = Process(member.command, name=member.process.name)

    @staticmethod
    def _wait_until_started(member: Member) -> None:
        member.process.wait_for_line("web started|workers_started", timeout=90)


@contextmanager
def world(rabbitmq: PrivateRabbitMQ, postgres: PrivatePostgres, folder: Path, rate: float) -> Iterator[World]:
    """A world with empty databases and an empty broker; ``rate`` events a second are committed at most."""
    with ExitStack() as stack:
        broker_network = stack.enter_context(proxy_to(rabbitmq.port))
        database_network = stack.enter_context(proxy_to(postgres.port))
        amqp_uri = rabbitmq.create_vhost()
        runtimes = {
            name: stack.enter_context(runtime_of(name, postgres.create_database(name), amqp_uri))
            for name in SERVICES
        }
        for runtime in runtimes.values():
            runtime.service.metadata.create_all(runtime.database.engine)
        made = World(rabbitmq, postgres, broker_network, database_network, runtimes, folder, rate)
        stack.callback(made.stop)
        yield made
