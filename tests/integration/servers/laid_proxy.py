"""The proxy on a real nginx, before services that say what reached them."""

import http.client
import json
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from deploy.credentials import missing_secrets
from deploy.installation import Installation, Limits
from deploy.topology import stack_of
from tests.support.laid_out import give, lay_out, other_user, replace_in
from tests.support.ports import free_port
from tests.support.process import Process
from tests.unit.deploy.installations import an_installation


@dataclass
class Answer:
    """What a caller got."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def json(self) -> Any:
        return json.loads(self.body)


class Echo(BaseHTTPRequestHandler):
    """A service: it says who it is and what reached it. ``/wait`` answers when the test says so."""

    protocol_version = "HTTP/1.1"
    may_answer = threading.Event()
    asked = threading.Event()

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path.startswith("/wait"):
            self.asked.set()
            self.may_answer.wait(20)
        host = str(self.server.server_address[0])
        told = {"host": host, "path": self.path, "method": self.command, "bytes": len(body)}
        content = json.dumps(told | {"headers": [[*item] for item in self.headers.items()]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Strict-Transport-Security", "max-age=1")
        self.send_header("X-Request-ID", "0192f0c4")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = answer

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@dataclass
class Proxy:
    """What the component ``proxy`` is, on ports of this machine. ``addresses`` is what Docker's names say."""

    installation: Installation
    folder: Path
    http: int = field(default_factory=free_port)
    https: int = field(default_factory=free_port)
    well: int = field(default_factory=free_port)
    names: int = field(default_factory=free_port)
    services: int = field(default_factory=free_port)
    addresses: dict[str, list[str]] = field(default_factory=dict)

    def lay_out(self) -> None:
        lay_out(stack_of(self.installation), "proxy", self.folder, missing_secrets(self.installation, ())[0])
        (self.folder / "tmp").mkdir()
        configuration = self.folder / "cesar/nginx.conf"
        changes = {
            " /tmp/": f" {self.folder}/tmp/",  # First: what others are changed to is there as well.
            "/run/secrets/": f"{self.folder}/run/secrets/",
            "root /cesar": f"root {self.folder}/cesar",
            "/dev/stdout": f"{self.folder}/tmp/access",
            "listen 8080": f"listen 127.0.0.1:{self.http}",
            "listen 8443": f"listen 127.0.0.1:{self.https}",
            "127.0.0.1:8081": f"127.0.0.1:{self.well}",
            "127.0.0.11": f"127.0.0.1:{self.names}",
            "$upstream:8000": f"$upstream:{self.services}",
        }
        replace_in(configuration, changes)
        replace_in(self.folder / "cesar/health.sh", {"127.0.0.1/8081": f"127.0.0.1/{self.well}"})
        give(self.folder, other_user("www-data"))

    def command(self, *others: str) -> list[str]:
        component = stack_of(self.installation).component("proxy")
        inside = "/cesar/nginx.conf"
        words = [*component.entrypoint, *component.command, *others]
        return [str(self.folder / "cesar/nginx.conf") if word == inside else word for word in words]

    def start(self) -> Process:
        nginx = shutil.which("nginx") or "/usr/sbin/nginx"
        process = Process([nginx, *self.command()[1:]], name="nginx", user=other_user("www-data"))
        process.wait_for_port(self.https)
        return process

    @contextmanager
    def container(self, address: str) -> Iterator[None]:
        """Something that serves at this address of the loopback network."""
        server = ThreadingHTTPServer((address, self.services), Echo)
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    def ask(self, path: str, method: str = "GET", body: bytes = b"", **headers: str) -> Answer:
        """Ask over TLS, believing only the installation's own certificate; the path goes as it is."""
        trust = ssl.create_default_context(cafile=str(self.folder / "run/secrets/tls-certificate"))
        connection = http.client.HTTPSConnection("localhost", self.https, context=trust, timeout=30)
        try:
            names = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body or None, names)
            response = connection.getresponse()
            return Answer(response.status, response.getheaders(), response.read())
        finally:
            connection.close()

    def health(self) -> int:
        return subprocess.run(
            ["bash", self.folder / "cesar/health.sh"], stderr=subprocess.DEVNULL, check=False
        ).returncode

    def log(self) -> list[Any]:
        """What was asked, once there is something: nginx writes it when the answer has left."""
        deadline = time.monotonic() + 10
        written = self.folder / "tmp/access"
        while not (text := written.read_text()).endswith("\n") and time.monotonic() < deadline:
            time.sleep(0.02)
        return [json.loads(line) for line in text.splitlines()]


def laid_proxy(folder: Path, **limits: int) -> Proxy:
    installation = an_installation(public_url="https://localhost:4430", limits=Limits(**limits))
    proxy = Proxy(installation, folder)
    proxy.lay_out()
    return proxy


def open_tls(port: int, context: ssl.SSLContext) -> str:
    """The version of TLS that is agreed on. Raises ssl.SSLError."""
    with (
        socket.create_connection(("localhost", port), timeout=5) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as secured,
    ):
        return str(secured.version())
