"""The private Docker engine that tests start, and the base images in it."""

import os
import shutil
import signal
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import docker
import psutil
import pytest
from docker.types import EndpointSpec

from tests.deploy.installed import wait_until
from tests.support.base_images import base_images
from tests.support.docker_engine import DockerEngine, PrivateDockerEngine, private_docker_engine
from tests.support.process import Process


@pytest.fixture(scope="module")
def private() -> Iterator[PrivateDockerEngine]:
    with private_docker_engine() as started, started.client() as client:
        base_images(client)
        yield started


def answers(engine: DockerEngine, port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{engine.address}:{port}/", timeout=2) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def serve(client: docker.DockerClient, image: str, port: int) -> None:
    """A swarm service that publishes a port of its machine, the way a stack does here."""
    published = {"PublishedPort": port, "TargetPort": 8000, "PublishMode": "host", "Protocol": "tcp"}
    network = client.networks.create(f"network-{port}", driver="overlay")
    client.services.create(
        image,
        ["python3", "-m", "http.server", "8000", "--directory", "/media"],
        name=f"web-{port}",
        networks=[network.name],
        endpoint_spec=EndpointSpec(mode="dnsrr", ports=[published]),
        init=True,
    )


def traces_of(engine: PrivateDockerEngine) -> list[str]:
    """What of the engine can be seen on this machine."""
    folder = Path(engine.url.removeprefix("unix://")).parent
    interfaces = os.listdir("/sys/class/net")
    return [
        *([str(folder)] if folder.exists() else []),
        *(line for line in Path("/proc/self/mounts").read_text().splitlines() if str(folder) in line),
        *(name for name in interfaces if name == engine.name),
        *(str(group) for group in Path("/sys/fs/cgroup").glob(f"**/{engine.name}")),
    ]


def test_what_a_service_publishes_is_reached_and_survives_a_restart(private: PrivateDockerEngine) -> None:
    with private.client() as client:
        serve(client, base_images(client)["python"], 8000)
    wait_until(lambda: answers(private, 8000), "the service answers")
    private.restart()
    wait_until(lambda: answers(private, 8000), "the service answers again")
    private.kill()
    assert not answers(private, 8000)
    private.start()
    wait_until(lambda: answers(private, 8000), "the service answers after a power cut")


def test_a_container_reaches_what_listens_on_this_machine(private: PrivateDockerEngine) -> None:
    class Greeting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"bonjour")

        def log_message(self, *arguments: object) -> None:
            pass

    program = (
        "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1], timeout=5).read().decode())"
    )
    with ThreadingHTTPServer(("0.0.0.0", 0), Greeting) as server, private.client() as client:
        Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://{private.gateway}:{server.server_port}/"
        image = base_images(client)["python"]
        printed = client.containers.run(image, ["python3", "-c", program, address], remove=True)
        server.shutdown()
    assert printed == b"bonjour\n"


def test_two_engines_do_not_meet_and_nothing_of_them_stays(private: PrivateDockerEngine) -> None:
    with private_docker_engine() as other:
        with other.client() as client, private.client() as neighbour:
            assert client.images.list() == []
            assert len(neighbour.images.list()) > 0
            assert client.info()["Swarm"]["NodeID"] != neighbour.info()["Swarm"]["NodeID"]
        assert traces_of(other)
    assert traces_of(other) == []


def test_an_engine_ends_with_the_tests_that_started_it() -> None:
    program = (
        "import time\n"
        "from tests.support.docker_engine import private_docker_engine\n"
        "with private_docker_engine() as engine:\n"
        "    print('started', engine.process.pid, engine.url, flush=True)\n"
        "    time.sleep(600)\n"
    )
    with Process([sys.executable, "-c", program], name="tests") as tests:
        pid, socket = tests.wait_for_line(r"started (\d+) unix://(.+)").groups()
        processes = [child.pid for child in psutil.Process(int(pid)).children(recursive=True)]
        tests.signal(signal.SIGKILL)
        tests.wait()
    assert len(processes) >= 3, "the first process, the engine and its containerd"
    wait_until(lambda: not any(map(psutil.pid_exists, processes)), "all are gone")
    shutil.rmtree(Path(socket).parent)


@pytest.mark.parametrize(
    ("base", "command", "says"),
    [
        ("python", ["python3", "--version"], "Python 3."),
        ("nginx", ["nginx", "-v"], "nginx version"),
        ("postgres", ["postgres", "--version"], "postgres (PostgreSQL)"),
        ("postgres", ["stat", "--format=%U %a", "/var/lib/postgresql/data"], "postgres 700"),
        ("rabbitmq", ["rabbitmqctl", "version"], "3."),
        ("rabbitmq", ["stat", "--format=%U", "/var/lib/rabbitmq"], "rabbitmq"),
    ],
)
def test_a_base_image_has_what_the_official_one_has(
    engine: docker.DockerClient, bases: Mapping[str, str], base: str, command: list[str], says: str
) -> None:
    printed = engine.containers.run(bases[base], command, remove=True, stderr=True).decode()
    assert says in printed


def test_base_images_are_made_once(engine: docker.DockerClient, bases: Mapping[str, str]) -> None:
    before = {image.id for image in engine.images.list()}
    assert base_images(engine) == bases
    assert {image.id for image in engine.images.list()} == before
