"""``cesar deploy doctor``: what stands between the file and a running installation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from deploy.commands.common import DEFAULT_FILE, FileOption
from services.console.findings import Finding, tell


def doctor(file: FileOption = DEFAULT_FILE, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Look at all that an installation needs, and say what to do where it fails.

    The file, Docker and its swarm, disk space, ports, images, secrets, every
    component; and what each service finds of its own database, broker and mail
    server. Nothing is changed. The exit code is 1 when something is not well.
    """
    tell(list(_findings(file)), as_json=as_json)


def _findings(file: Path) -> Iterator[Finding]:
    from deploy.engine import EngineProblem, connect
    from deploy.examination import examine
    from deploy.installation import BadInstallation, load
    from deploy.topology import stack_of

    try:
        installation = load(file)
    except BadInstallation as error:
        yield Finding("file", str(file), False, str(error), "Correct it, or begin with “cesar deploy init”.")
        return
    yield Finding("file", str(file), True, f"complete and readable, for {installation.public_url}")
    try:
        yield from examine(connect(), installation, stack_of(installation))
    except EngineProblem as error:
        yield Finding("docker", "engine", False, str(error))
