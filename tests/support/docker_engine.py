"""Docker for tests: a private engine, or the one that CESAR_TEST_DOCKER_HOST names."""

import contextlib
import os
import random
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import docker
import psutil
from docker.errors import DockerException

from tests.support.process import Process

_UNSHARE = ("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc")

# Runs inside the namespaces. The engine's own files in /run are out of the machine's sight, and the far end
# of its cable comes from outside. There is no route beyond this machine, so asking a registry fails at once.
_BOOT = """
set -eu
mount -t tmpfs -o mode=755 tmpfs /run
[ -z "$CESAR_ENGINE_DISK" ] || mount -t tmpfs -o "size=$CESAR_ENGINE_DISK" tmpfs "$CESAR_ENGINE_DATA"
ip link set lo up
until ip link show dev eth0 >/dev/null 2>&1; do sleep 0.05; done
ip address add "$CESAR_ENGINE_ADDRESS/30" dev eth0
ip link set eth0 up
exec "$@"
"""


@dataclass(frozen=True)
class DockerEngine:
    """An engine in swarm mode, a swarm of one.

    `url` is for DOCKER_HOST. What containers publish is reached at `address`; they reach this machine, where
    it listens on every address, at `gateway`.
    """

    url: str
    address: str
    gateway: str

    @contextmanager
    def client(self) -> Iterator[docker.DockerClient]:
        """A connection to the engine."""
        with contextlib.closing(docker.DockerClient(self.url, timeout=300)) as client:
            yield client


class PrivateDockerEngine(DockerEngine):
    """A daemon of its own in namespaces of its own; needs root.

    Its network, mounts and processes, and so those of its containers, are not the machine's: two of them do
    not meet, and they are gone with its first process, however it ends.
    """

    def __init__(self, folder: Path, *, disk: int | None = None) -> None:
        """Prepare the engine; it keeps images and state in `folder`.

        `disk`: how many bytes it may keep, in memory; until it is stopped.
        """
        # From the range that RFC 2544 sets aside for tests: four addresses, one cable.
        network = f"198.18.{random.randint(0, 255)}"
        first = 4 * random.randint(0, 63)
        super().__init__(f"unix://{folder}/docker.sock", f"{network}.{first + 2}", f"{network}.{first + 1}")
        self._folder = folder
        # Of its end of the cable, too, which may have 15 characters.
        self.name = f"cesar-{secrets.token_hex(4)}"
        self._disk = disk
        (folder / "daemon.json").write_text("{}")
        (folder / "data").mkdir()
        self.process: Process | None = None

    def start(self) -> Self:
        """Start the engine on what its folder holds, as a swarm of one, and wait until it answers."""
        if self.process is None:
            self.process = Process(
                # The first process of the new namespaces passes signals on and buries the dead.
                [*_UNSHARE, "docker-init", "--", "sh", "-c", _BOOT, "boot", *self._daemon()],
                name="Docker",
                env={
                    "CESAR_ENGINE_ADDRESS": self.address,
                    "CESAR_ENGINE_DATA": f"{self._folder}/data",
                    "CESAR_ENGINE_DISK": str(self._disk or ""),
                },
            )
            self._lay_cable(self.process)
            self.process.wait_for_line("API listen on", timeout=60)
            with self.client() as client:
                if client.info()["Swarm"]["LocalNodeState"] == "inactive":
                    client.swarm.init(advertise_addr="127.0.0.1")
        return self

    def stop(self) -> None:
        """Stop the engine in good order; it stops its containers."""
        if self.process is not None:
            for init in psutil.Process(self.process.pid).children():
                init.terminate()
            self.process.wait(60)
            self._forget()

    def kill(self) -> None:
        """`kill -9` the engine and every container, as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self._forget()

    def restart(self) -> None:
        """Stop the engine in good order and start it again."""
        self.stop()
        self.start()

    def _daemon(self) -> list[str]:
        return [
            "dockerd",
            f"--config-file={self._folder}/daemon.json",
            f"--data-root={self._folder}/data",
            "--exec-root=/run/docker",
            "--pidfile=/run/docker.pid",
            f"--host={self.url}",
            f"--cgroup-parent=/{self.name}",
            "--exec-opt=native.cgroupdriver=cgroupfs",
        ]

    def _lay_cable(self, process: Process) -> None:
        """Connect this machine to the engine's network; the cable is gone when that network is."""
        own = os.readlink("/proc/self/ns/net")
        theirs = Path(f"/proc/{process.pid}/ns/net")
        process.wait_until(lambda: os.readlink(theirs) != own, "leave this machine's network")
        for command in (
            f"ip link add {self.name} type veth peer name eth0 netns {process.pid}",
            f"ip address add {self.gateway}/30 dev {self.name}",
            f"ip link set {self.name} up",
        ):
            subprocess.run(command.split(), check=True)

    def _forget(self) -> None:
        """See that nothing of the engine is left but its folder."""
        self.process = None
        # The kernel takes the namespaces down in its own time.
        deadline = time.monotonic() + 10
        while (Path("/sys/class/net") / self.name).exists():
            if time.monotonic() > deadline:
                raise TimeoutError(f"The network of {self.name} is still there after 10 s.")
            time.sleep(0.02)
        groups = Path("/sys/fs/cgroup")
        for group in [groups / self.name, *groups.glob(f"*/{self.name}")]:
            for folder, _, _ in os.walk(group, topdown=False):
                os.rmdir(folder)


@contextmanager
def private_docker_engine(*, disk: int | None = None) -> Iterator[PrivateDockerEngine]:
    """A started engine that is gone at the end, with its images, containers and networks.

    `disk` is how many bytes it may keep.
    """
    if os.geteuid() != 0:
        raise RuntimeError("A private Docker engine needs root; CESAR_TEST_DOCKER_HOST can name another one.")
    for program in ("dockerd", "docker-init", "ip", "iptables"):
        if shutil.which(program) is None:
            raise RuntimeError(f"The tests need {program}: run deploy/setup/test-servers deploy.")
    with tempfile.TemporaryDirectory(prefix="cesar-docker-") as folder:
        engine = PrivateDockerEngine(Path(folder), disk=disk)
        try:
            yield engine.start()
        finally:
            engine.kill()


@contextmanager
def any_docker_engine() -> Iterator[DockerEngine]:
    """The engine that CESAR_TEST_DOCKER_HOST names, or else a private one.

    The named one has to be a manager of a swarm.
    """
    if url := os.environ.get("CESAR_TEST_DOCKER_HOST"):
        yield _named(url)
    else:
        with private_docker_engine() as engine:
            yield engine


def _named(url: str) -> DockerEngine:
    engine = DockerEngine(url, urlsplit(url).hostname or "127.0.0.1", "")
    try:
        with engine.client() as client:
            # Swarm mode makes this bridge; containers leave through it.
            bridge = client.networks.get("docker_gwbridge")
            gateway = str(bridge.attrs["IPAM"]["Config"][0]["Gateway"])
    except DockerException as error:
        raise RuntimeError(
            f"CESAR_TEST_DOCKER_HOST names {url}, which is no swarm manager: {error}"
        ) from error
    return DockerEngine(url, engine.address, gateway)
