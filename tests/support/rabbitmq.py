"""RabbitMQ for tests: a private node, or the one that CESAR_TEST_AMQP_URI names."""

import base64
import json
import os
import secrets
import shutil
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote, urlsplit

from kombu import Connection

from tests.support.ports import free_port, wait_until_free
from tests.support.process import Process

_SCRIPTS = Path("/usr/lib/rabbitmq/bin")


class RabbitMQ:
    """A broker with its management interface, by which tests make virtual hosts and accounts.

    `uri` is its administrator's AMQP address on the default virtual host, `api` the management's address.
    """

    def __init__(self, uri: str, api: str) -> None:
        self.uri = uri
        self.api = api

    def create_vhost(self) -> str:
        """A new, empty virtual host: the AMQP address to it."""
        name = f"test-{secrets.token_hex(4)}"
        self.call("PUT", f"/vhosts/{name}")
        user = urlsplit(self.uri).username or "guest"
        self._permit(name, user, {"configure": ".*", "write": ".*", "read": ".*"})
        return self._address(self.uri, name)

    def delete_vhost(self, uri: str) -> None:
        """Remove a virtual host and all that is in it, given an AMQP address to it."""
        self.call("DELETE", f"/vhosts/{urlsplit(uri).path[1:]}")

    def create_user(self, uri: str, name: str, *, configure: str, write: str, read: str) -> str:
        """Give the account `name` these rights (regular expressions) on the virtual host of `uri`.

        The account's AMQP address; its password is its name.
        """
        self.call("PUT", f"/users/{name}", {"password": name, "tags": ""})
        vhost = urlsplit(uri).path[1:]
        self._permit(vhost, name, {"configure": configure, "write": write, "read": read})
        host = urlsplit(uri).netloc.rpartition("@")[2]
        return self._address(f"amqp://{name}:{name}@{host}", vhost)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the management interface; its JSON answer or None.

        Raises urllib.error.HTTPError. What it counts (messages in a queue) is up to five seconds old: declare
        the queue passively for a count that is true now.
        """
        address = urlsplit(self.uri)
        account = base64.b64encode(f"{address.username}:{address.password}".encode()).decode()
        request = urllib.request.Request(
            f"{self.api}/api{path}",
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={"Authorization": f"Basic {account}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as response:
            answer = response.read()
        return json.loads(answer) if answer else None

    def _permit(self, vhost: str, user: str, rights: dict[str, str]) -> None:
        self.call("PUT", f"/permissions/{vhost}/{user}", rights)

    @staticmethod
    def _address(uri: str, vhost: str) -> str:
        return urlsplit(uri)._replace(path=f"/{quote(vhost, safe='')}").geturl()


class PrivateRabbitMQ(RabbitMQ):
    """A node of its own: own ports, data folder and port mapper; it meets no other node of the machine."""

    def __init__(self, folder: Path) -> None:
        self.port, self._mapper, distribution, management = (free_port() for _ in range(4))
        super().__init__(f"amqp://cesar:cesar@127.0.0.1:{self.port}/%2F", f"http://127.0.0.1:{management}")
        self._folder = folder
        self._environment = {
            "HOME": str(folder),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(self._mapper),
            "LC_ALL": "C.UTF-8",
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "advanced.config"),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_DIST_PORT": str(distribution),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            # A number needs no name to be resolved: there are containers that do not know their own.
            "RABBITMQ_NODENAME": f"cesar-{secrets.token_hex(3)}@127.0.0.1",
            "RABBITMQ_USE_LONGNAME": "true",
            # Neither waits busily nor listens for other nodes outside of this machine.
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
                "+sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}"
            ),
            # Become the Erlang machine, leaving no shell in between that signals would not pass.
            "RUNNING_UNDER_SYSTEMD": "true",
        }
        (folder / "enabled_plugins").write_text("[rabbitmq_management].\n")
        (folder / "rabbitmq.conf").write_text(
            f"listeners.tcp.1 = 127.0.0.1:{self.port}\n"
            f"management.tcp.ip = 127.0.0.1\n"
            f"management.tcp.port = {management}\n"
            "default_user = cesar\n"
            "default_pass = cesar\n"
            "disk_free_limit.absolute = 1MB\n"
            "log.console = true\n"
            "log.console.level = info\n"
        )
        epmd = shutil.which("epmd") or "/usr/bin/epmd"
        self._port_mapper = Process(
            [epmd, "-port", str(self._mapper), "-address", "127.0.0.1"], env={"HOME": str(folder)}
        )
        self.process: Process | None = None

    def start(self) -> Self:
        """Start the node on what its data folder holds and wait until it serves."""
        if self.process is None:
            wait_until_free(self.port)
            self._port_mapper.wait_for_port(self._mapper)
            self.process = Process([_SCRIPTS / "rabbitmq-server"], name="RabbitMQ", env=self._environment)
            self.process.wait_for_line("Server startup complete", timeout=90)
        return self

    def stop(self) -> None:
        """Stop the node in good order."""
        if self.process is not None:
            self.process.terminate(timeout=30)
            self.process = None

    def kill(self) -> None:
        """`kill -9` the node."""
        if self.process is not None:
            self.process.kill()
            self.process = None

    def restart(self) -> None:
        """Stop the node in good order and start it again."""
        self.stop()
        self.start()

    def control(self, *arguments: str) -> str:
        """What `rabbitmqctl` prints for these arguments. Raises subprocess.CalledProcessError."""
        command = [str(_SCRIPTS / "rabbitmqctl"), "--quiet", "--longnames", *arguments]
        environment = {**os.environ, **self._environment}
        return subprocess.run(
            command, env=environment, check=True, capture_output=True, text=True, timeout=60
        ).stdout

    @contextmanager
    def memory_alarm(self) -> Iterator[None]:
        """While inside, the broker finds memory short and blocks every connection that publishes."""
        self.control("set_vm_memory_high_watermark", "absolute", "1")
        try:
            yield
        finally:
            self.control("set_vm_memory_high_watermark", "0.6")

    def close(self) -> None:
        """Stop everything, at once: nobody needs what it holds any more."""
        self.kill()
        self._port_mapper.kill()


@contextmanager
def confirming(uri: str) -> Iterator[Connection]:
    """A connection on which to publish is to wait until the broker has confirmed.

    A connection that ends can take with it what a quorum queue had not confirmed yet: it happens to a few in
    ten thousand, on a busy machine.
    """
    with Connection(uri, transport_options={"confirm_publish": True, "read_timeout": 20}) as connection:
        yield connection


@contextmanager
def private_rabbitmq() -> Iterator[PrivateRabbitMQ]:
    """A started node that is gone at the end, with its data."""
    with tempfile.TemporaryDirectory(prefix="cesar-rabbitmq-") as folder:
        broker = PrivateRabbitMQ(Path(folder))
        try:
            yield broker.start()
        finally:
            broker.close()


@contextmanager
def any_rabbitmq() -> Iterator[RabbitMQ]:
    """The broker that CESAR_TEST_AMQP_URI names, or else a private one.

    The named one needs an administrator's account and the management interface, on port 15672 of the same
    host unless CESAR_TEST_RABBITMQ_API gives its address.
    """
    if uri := os.environ.get("CESAR_TEST_AMQP_URI"):
        default = f"http://{urlsplit(uri).hostname}:15672"
        yield RabbitMQ(uri, os.environ.get("CESAR_TEST_RABBITMQ_API", default))
    else:
        with private_rabbitmq() as broker:
            yield broker
