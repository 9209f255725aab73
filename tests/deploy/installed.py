"""The product as an operator installs it: by the command, on a Docker engine, behind its proxy."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import docker
from docker.models.containers import Container

from deploy.installation import Installation, render

PROGRAMME = "cesar"
MANAGER = "helene.castelvieil@cci-herault.example"
ADVISER = "julien.valmary@cci-herault.example"


@dataclass
class Installed:
    """One installation, its file and the engine that it is on."""

    client: docker.DockerClient
    engine_url: str
    file: Path
    installation: Installation
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.installation.public_url

    @property
    def name(self) -> str:
        return self.installation.name

    def write(self, **changes: Any) -> None:
        """Change the installation's file, as an operator does with an editor."""
        self.installation = replace(self.installation, **changes)
        self.file.write_text(render(self.installation), "utf-8")

    def command(self, *arguments: str, timeout: float = 500, fails: bool = False, input: str = "") -> str:
        """Run ``cesar deploy …``; what it printed. Fails when the command does, or does not as expected."""
        done = self._run(*arguments, timeout=timeout, input=input)
        failed = done.returncode != 0
        assert failed is fails, f"cesar deploy {' '.join(arguments)}: {done.returncode}\n{done.stdout}"
        return done.stdout

    def install(self) -> None:
        """Bring it up on an engine that has nothing of it, as the guide tells an operator to."""
        self.command("init", "--yes")
        self.command("build", timeout=900)
        self.command("up", timeout=900)
        self.create_programme()

    def components(self) -> dict[str, dict[str, Any]]:
        """What ``cesar deploy status`` says of each component, well or not."""
        rows = json.loads(self._run("status", "--json").stdout)["components"]
        return {row["component"]: row for row in rows}

    def _run(self, *arguments: str, timeout: float = 60, input: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "services.console.main", "deploy", *arguments, "--file", str(self.file)],
            env={**self.environment, "DOCKER_HOST": self.engine_url, "COLUMNS": "200", "NO_COLOR": "1"},
            input=input,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout,
        )

    def all_run(self) -> bool:
        """Whether each component runs in as many containers as it should."""
        rows = self.components().values()
        return all(row["running"] >= row["desired"] for row in rows if not row["runs_once"])

    def containers(self, component: str) -> list[Container]:
        """The running containers of a component, the oldest first."""
        labels = [f"cesar.stack={self.name}", f"cesar.component={component}"]
        found = self.client.containers.list(filters={"label": labels, "status": "running"})
        return sorted(found, key=lambda container: container.attrs["Created"])

    def execute(self, component: str, *command: str) -> str:
        """Run a command in a container of a component; what it printed. Fails when the command does."""
        status, output = self.containers(component)[-1].exec_run(list(command))
        text = output.decode()
        assert status == 0, f"{component}: {' '.join(command)}: {status}\n{text}"
        return text

    def query(self, service: str, statement: str) -> list[str]:
        """The rows of a query in a service's database, as text."""
        psql = ("psql", "-U", "postgres", "-d", service, "-At", "-c", statement, "-c", "SELECT 'end'")
        # Docker loses the output of a command now and then that ends at once.
        for _ in range(5):
            *rows, end = self.execute("database", *psql).splitlines() or [""]
            if end == "end":
                return rows
        raise AssertionError(f"{service}: no whole answer to {statement}")

    def token(self, address: str) -> str:
        """A token that may do what this person may do."""
        answer = self.execute("enrolment-web", "cesar", "token", "create", address, "--json")
        return str(json.loads(answer)["token"])

    def create_programme(self) -> None:
        """A programme, its manager and its adviser, as the guide tells an operator to make them."""
        about = ("--name", "C.E.S.A.R.", "--chamber", "CCI Hérault", "--contact-email", "cesar@cci.example")
        self.execute("enrolment-web", "cesar", "programme", "create", PROGRAMME, *about)
        for role, address, name in (
            ("manager", MANAGER, "Hélène Castelvieil"),
            ("adviser", ADVISER, "Julien Valmary"),
        ):
            self.execute(
                "enrolment-web",
                *("cesar", "programme", "grant", PROGRAMME, address, "--role", role, "--name", name),
            )

    def is_gone(self) -> bool:
        """Whether nothing of it is left on the engine."""
        return not list(self.left_behind())

    def left_behind(self) -> Iterator[str]:
        """What the engine still has of it."""
        label = {"label": f"cesar.stack={self.name}"}
        for container in self.client.containers.list(all=True, filters=label):
            yield f"container {container.name}"
        for kind in ("services", "networks", "volumes", "configs", "secrets"):
            for one in getattr(self.client, kind).list():
                if one.name.startswith(f"{self.name}_"):
                    yield f"{kind} {one.name}"


def wait_until(ready: Callable[[], bool], what: str, timeout: float = 60) -> None:
    """Look twice a second until it is so. Raises AssertionError after ``timeout`` seconds."""
    deadline = time.monotonic() + timeout
    while not ready():
        assert time.monotonic() < deadline, f"Not after {timeout:g} s: {what}."
        time.sleep(0.5)
