"""Database, three brokers and proxy of an installation on a real engine, without the services."""

import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import docker
import pytest
from docker.models.containers import Container

from deploy.credentials import missing_secrets
from deploy.installation import Broker, Images, Installation, Ports
from deploy.secrets import put
from deploy.stack import Stack
from deploy.swarm import converge, take_down
from deploy.topology import stack_of
from tests.deploy.installed import wait_until
from tests.support.docker_engine import DockerEngine
from tests.support.ports import free_port
from tests.unit.deploy.installations import an_installation

NODES = ("broker-1", "broker-2", "broker-3")
SERVERS = ("database", "database-roles", *NODES, "proxy")
QUEUE = (
    'rabbit_amqqueue:declare({resource, <<"cesar">>, queue, <<"kept">>}, true, false, '
    '[{<<"x-queue-type">>, longstr, <<"quorum">>}], none, <<"cesar">>).'
)


@pytest.fixture(scope="module")
def installation(docker_engine: DockerEngine, bases: Mapping[str, str]) -> Installation:
    https = free_port()
    return an_installation(
        name="servers",
        public_url=f"https://{docker_engine.address}:{https}",
        ports=Ports(http=free_port(), https=https),
        broker=Broker(nodes=3, memory=512 * 2**20),
        images=Images(postgres=bases["postgres"], rabbitmq=bases["rabbitmq"], nginx=bases["nginx"]),
    )


@pytest.fixture(scope="module")
def certificate(installation: Installation, engine: docker.DockerClient) -> Iterator[str]:
    """The servers are there; the certificate that the proxy shows."""
    made = missing_secrets(installation, ())[0]
    put(engine, installation.name, made)
    try:
        converge(engine, only_servers(installation))
        yield made["tls-certificate"]
    finally:
        take_down(engine, installation.name, with_data=True, report=lambda name: None)


def only_servers(installation: Installation) -> Stack:
    stack = stack_of(installation)
    components = map(stack.component, SERVERS)
    return replace(
        stack,
        components=tuple(
            replace(component, after=tuple(name for name in component.after if name in SERVERS))
            for component in components
        ),
    )


def brokers_only(installation: Installation) -> Stack:
    stack = stack_of(installation)
    return replace(
        stack,
        components=tuple(component for component in stack.components if component.name.startswith("broker")),
    )


def container_of(engine: docker.DockerClient, component: str, stack: str = "servers") -> Container | None:
    """The running container of a component of ours."""
    labels = [f"cesar.stack={stack}", f"cesar.component={component}"]
    found = engine.containers.list(filters={"label": labels, "status": "running"})
    return found[0] if found else None


def control(engine: docker.DockerClient, node: str, *arguments: str, stack: str = "servers") -> Any:
    """What `rabbitmqctl` answers on a node; None when it does not."""
    container = container_of(engine, node, stack)
    if container is None:
        return None
    status, output = container.exec_run(["rabbitmqctl", "--quiet", *arguments], demux=True)
    return output[0].decode() if status == 0 else None


def running_nodes(engine: docker.DockerClient, node: str) -> set[str]:
    answer = control(engine, node, "cluster_status", "--formatter", "json")
    return set(json.loads(answer)["running_nodes"]) if answer else set()


def members_online(engine: docker.DockerClient, node: str, stack: str = "servers") -> int:
    """On how many nodes the queue is at work."""
    arguments = ("list_queues", "--vhost", "cesar", "name", "online", "--formatter", "json")
    answer = control(engine, node, *arguments, stack=stack)
    return len(json.loads(answer)[0]["online"]) if answer else 0


@pytest.mark.usefixtures("certificate")
def test_three_brokers_are_one_cluster_and_keep_a_queue_together(engine: docker.DockerClient) -> None:
    every = {f"rabbit@{node}" for node in NODES}
    for node in NODES:
        assert running_nodes(engine, node) == every

    control(engine, "broker-1", "eval", QUEUE)

    assert members_online(engine, "broker-2") == 3


@pytest.mark.usefixtures("certificate")
def test_a_broker_that_dies_comes_back_and_the_others_go_on_meanwhile(engine: docker.DockerClient) -> None:
    control(engine, "broker-1", "eval", QUEUE)
    victim = container_of(engine, "broker-2")
    assert victim is not None

    victim.kill()

    wait_until(lambda: members_online(engine, "broker-1") == 2, "the queue is at work on two nodes")
    wait_until(lambda: members_online(engine, "broker-1") == 3, "the queue is at work on three nodes", 180)


@pytest.mark.usefixtures("certificate")
def test_brokers_that_all_die_at_once_come_back_together(engine: docker.DockerClient) -> None:
    """Each needs the others to start, and finds them only once they count as well."""
    control(engine, "broker-1", "eval", QUEUE)

    for node in NODES:
        victim = container_of(engine, node)
        assert victim is not None
        victim.kill()

    wait_until(
        lambda: all(members_online(engine, node) == 3 for node in NODES),
        "all three serve the queue again",
        300,
    )


def test_one_broker_becomes_three_and_keeps_its_queues(
    engine: docker.DockerClient, installation: Installation
) -> None:
    """Its volume goes to the first of the three, and the others take their part of its queues."""
    single, three = (
        brokers_only(replace(installation, name="growing", broker=replace(installation.broker, nodes=nodes)))
        for nodes in (1, 3)
    )
    put(engine, "growing", missing_secrets(installation, ())[0])
    try:
        converge(engine, single)
        control(engine, "broker", "eval", QUEUE, stack="growing")
        assert members_online(engine, "broker", stack="growing") == 1

        converge(engine, three)

        wait_until(
            lambda: members_online(engine, "broker-3", stack="growing") == 3,
            "the queue is on all three nodes",
        )
    finally:
        take_down(engine, "growing", with_data=True, report=lambda name: None)


def test_the_proxy_answers_for_services_that_are_away(certificate: str, installation: Installation) -> None:
    trust = ssl.create_default_context(cadata=certificate)

    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(installation.public_url, timeout=30, context=trust)

    with caught.value as answer:
        assert answer.code == 502
        assert "Rien n’est perdu" in answer.read().decode()


@pytest.mark.usefixtures("certificate")
def test_the_database_has_what_services_need(engine: docker.DockerClient) -> None:
    container = container_of(engine, "database")
    assert container is not None

    status, output = container.exec_run(["psql", "-U", "postgres", "-Atc", "SELECT datname FROM pg_database"])

    assert status == 0, output
    assert {"enrolment", "assessment", "notifications", "reporting"} <= set(output.decode().split())


@pytest.mark.usefixtures("certificate")
def test_it_has_nothing_to_do_when_all_is_as_it_should_be(
    engine: docker.DockerClient, installation: Installation
) -> None:
    assert converge(engine, only_servers(installation)).is_empty
