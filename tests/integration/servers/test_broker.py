"""The broker's start script, on a real RabbitMQ: one node."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import amqp
import pytest

from deploy.credentials import missing_secrets
from deploy.installation import Broker
from deploy.topology import stack_of
from tests.support.laid_out import lay_out, replace_in, short_folder
from tests.support.ports import free_port
from tests.support.process import Process
from tests.unit.deploy.installations import an_installation

INSTALLATION = an_installation(broker=Broker(memory=800 * 2**20))
STACK = stack_of(INSTALLATION)


@dataclass
class Node:
    """What the component ``broker`` is, on ports of this machine."""

    folder: Path
    secrets: dict[str, str]
    port: int
    distribution: int
    mapper: int

    @property
    def environment(self) -> dict[str, str]:
        component = STACK.component("broker")
        return {
            **component.environment,
            "PATH": f"/usr/lib/rabbitmq/bin:{os.environ['PATH']}",
            "CESAR_FILES": str(self.folder / "cesar"),
            "CESAR_SECRETS": str(self.folder / "run/secrets"),
            "CESAR_VOLUME": str(self.folder / "volume"),
            # A number needs no name to be resolved.
            "CESAR_BROKER_HOST": "127.0.0.1",
            "CESAR_BROKER_NODES": "127.0.0.1",
            "CESAR_ERLANG_OPTIONS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(self.mapper),
            "HOME": str(self.folder / "volume"),
            "RABBITMQ_DIST_PORT": str(self.distribution),
            "RABBITMQ_USE_LONGNAME": "true",
        }

    def lay_out(self) -> None:
        lay_out(STACK, "broker", self.folder, self.secrets)
        replace_in(self.folder / "cesar/rabbitmq.conf", {"= 5672": f"= 127.0.0.1:{self.port}"})
        replace_in(self.folder / "cesar/health.sh", {"127.0.0.1/5672": f"127.0.0.1/{self.port}"})
        (self.folder / "volume").mkdir(exist_ok=True)

    def start(self, grace: int = 3600) -> Process:
        """``grace``: for how many seconds other accounts work."""
        environment = {**self.environment, "CESAR_GRACE": str(grace)}
        return Process(["sh", self.folder / "cesar/start.sh"], name="broker", env=environment)

    def connect(self, user: str, password: str, vhost: str) -> amqp.Connection:
        connection = amqp.Connection(
            f"127.0.0.1:{self.port}", userid=user, password=password, virtual_host=vhost, connect_timeout=5
        )
        connection.connect()
        return connection

    def control(self, *arguments: str) -> str:
        command = ["rabbitmqctl", "--quiet", "--longnames", "--node", "rabbit@127.0.0.1", *arguments]
        environment = {**os.environ, **self.environment}
        return subprocess.run(
            command, env=environment, check=True, capture_output=True, text=True, timeout=60
        ).stdout

    def health(self, patience: int = 10**9) -> int:
        """The exit code of the check. The first process here is the machine's, older than any node."""
        environment = {**os.environ, **self.environment, "CESAR_PATIENCE": str(patience)}
        return subprocess.run(
            ["bash", self.folder / "cesar/health.sh"], env=environment, check=False
        ).returncode

    @property
    def account(self) -> tuple[str, str]:
        """Name and password, as the address says."""
        address = urlsplit(self.secrets["broker-uri"])
        return address.username or "", address.password or ""

    def users(self) -> set[str]:
        return set(self.control("list_users", "--no-table-headers").replace("\t[]", "").split())


@pytest.fixture
def node() -> Iterator[Node]:
    with short_folder() as folder:
        secrets = missing_secrets(INSTALLATION, ())[0]
        laid = Node(folder, secrets, *(free_port() for _ in range(3)))
        laid.lay_out()
        mapper = ["epmd", "-port", str(laid.mapper), "-address", "127.0.0.1"]
        with Process(mapper, env={"HOME": str(folder)}) as process:
            process.wait_for_port(laid.mapper)
            yield laid


def ready(process: Process) -> Process:
    process.wait_for_line("Server startup complete", timeout=90)
    return process


def test_the_account_of_the_address_works_and_no_other(node: Node) -> None:
    with ready(node.start()):
        with node.connect(*node.account, "cesar") as connection:
            connection.channel().exchange_declare("events", "topic", durable=True, auto_delete=False)
        name, password = node.account
        for user, word, vhost in (
            ("guest", "guest", "/"),
            (name, "wrong", "cesar"),
            (name, password, "/"),
        ):
            with pytest.raises((amqp.AccessRefused, amqp.NotAllowed)):
                node.connect(user, word, vhost)
        assert node.users() == {name}


def test_with_a_new_address_queues_are_kept_and_the_old_one_works_for_a_while(node: Node) -> None:
    before = node.account
    with ready(node.start()), node.connect(*before, "cesar") as connection:
        connection.channel().queue_declare(
            "kept", durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"}
        )
    node.secrets |= {"broker-uri": missing_secrets(INSTALLATION, ())[0]["broker-uri"]}
    node.lay_out()

    with ready(node.start(grace=15)) as process:
        for account in (node.account, before):
            with node.connect(*account, "cesar") as connection:
                connection.channel().queue_declare("kept", passive=True)
        process.wait_until(lambda: node.users() == {node.account[0]}, "forget the account", 60)
        with pytest.raises(amqp.AccessRefused):
            node.connect(*before, "cesar")


def test_it_keeps_to_the_memory_it_is_given(node: Node) -> None:
    with ready(node.start()) as process:
        assert process.wait_for_line(r"high watermark set to 480 MiB .* of 800 MiB")


def test_it_is_well_when_it_serves(node: Node) -> None:
    assert node.health() == 1
    with ready(node.start()):
        assert node.health() == 0


def test_a_long_start_counts_as_well_when_the_node_has_served_before(node: Node) -> None:
    """The others may need it to start themselves, and find it only while it is well."""
    assert node.health(patience=0) == 1
    with ready(node.start()):
        node.health()

    assert node.health(patience=0) == 0
    assert node.health() == 1


def test_a_new_node_that_finds_no_other_makes_no_second_cluster(node: Node) -> None:
    environment = {**node.environment, "CESAR_BROKER_NODES": "first.invalid 127.0.0.1"}

    with Process(["sh", node.folder / "cesar/start.sh"], env=environment) as process:
        assert process.wait() == 1

    assert "it waits for first.invalid" in process.output


@pytest.mark.parametrize("uri", ["amqp://cesar@broker/cesar", "amqp://cesar:a@b@broker/cesar", "cesar"])
def test_an_address_that_cannot_be_taken_apart_is_told(uri: str, node: Node) -> None:
    node.secrets["broker-uri"] = uri
    node.lay_out()

    with node.start() as process:
        assert process.wait() == 1

    assert "The secret broker-uri has to be like amqp://cesar:password@broker/cesar" in process.output
