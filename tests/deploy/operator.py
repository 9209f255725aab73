"""Who types commands at an installation, of which a small stack stands for the whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from deploy.installation import Images, Installation, Mail, load, render
from deploy.stack import Replicas, Stack
from services.console.main import app
from tests.deploy.small import Small, broken_image, proxy, reporting, stack

PORT = 18081


@dataclass
class Operator:
    """Who types commands at an installation; ``file`` is its cesar.toml."""

    small: Small
    file: Path

    def run(self, *arguments: str, code: int = 0, answer: str | None = None) -> str:
        """What “cesar deploy …” prints. Fails when it ends with another exit code."""
        command = ["deploy", *arguments, "--file", str(self.file)]
        result = CliRunner().invoke(app, command, input=answer)
        assert result.exit_code == code, f"{result.exit_code}: {result.output}\n{result.exception!r}"
        return result.output

    def status(self, code: int = 0) -> dict[str, dict[str, Any]]:
        found = json.loads(self.run("status", "--json", code=code))
        return {row["component"]: row for row in found["components"]}

    def release(self) -> str:
        return load(self.file).release_of("reporting")

    def images(self) -> Mapping[str, str]:
        """The images that the service's two kinds of containers run."""
        rows = self.status()
        return {kind: rows[f"reporting-{kind}"]["image"] for kind in ("web", "worker")}


def small_installation(name: str, bases: Mapping[str, str]) -> Installation:
    """One whose own images are called small/…, and whose one elastic component is a worker."""
    installation = Installation(
        name=name,
        public_url="https://cesar.example.org",
        release="1",
        mail=Mail(url="smtps://mail.example.org", sender="Cesar <cesar@example.org>"),
        images=Images(**{**bases, "prefix": "small"}),
    )
    elastic = replace(installation.services["reporting"], worker=Replicas(least=1, most=3))
    return replace(installation, services={**installation.services, "reporting": elastic})


def small_stack_of(installation: Installation) -> Stack:
    """In place of ``deploy.topology.stack_of``: one service and the proxy."""
    size, base = installation.services["reporting"], installation.images.python
    database, migration, worker, web = reporting(base, installation.image_of("reporting"))
    components = (
        database,
        migration,
        replace(worker, replicas=size.worker),
        replace(web, replicas=size.web),
        proxy(base, PORT, after=("reporting-web",)),
    )
    return stack(installation.name, *components)


def operator_of(small: Small, bases: Mapping[str, str], folder: Path) -> Operator:
    """The images are there, in the releases 1 and 2 and in two that are no good; nothing runs yet."""
    base = small.client.images.get(bases["python"])
    for tag in ("1", "2"):
        base.tag("small/reporting", tag)
    base.tag("small/enrolment", "1")
    broken_image(small.client, bases["python"], "small/reporting:bad")
    broken_image(small.client, bases["python"], "small/reporting:unmigratable", "unmigratable")
    file = folder / "cesar.toml"
    file.write_text(render(small_installation(small.name, bases)))
    return Operator(small, file)
