"""Taking a backup: a job dumps all databases as of one instant, and the operator's machine gets one file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from docker import DockerClient

from deploy import archive, credentials, jobs
from deploy.archive import FOLDER, Manifest
from deploy.engine import engine_problems
from deploy.installation import SERVICES, Installation
from deploy.stack import Attachment, Component
from deploy.topology import stack_of
from deploy.topology.part import (
    DATA,
    OUTSIDE,
    TEMPORARY,
    File,
    mounted,
    mounted_secrets,
    own_file,
    secret_path,
)

# Where a job finds or leaves the files of a backup.
PLACE = f"/{FOLDER}"


def back_up(client: DockerClient, installation: Installation, folder: Path) -> tuple[Path, Manifest]:
    """Save the databases of all services as of one instant into a new file in ``folder``.

    Everybody works on meanwhile. Raises BadArchive, StackProblem, EngineProblem.
    """
    stack = stack_of(installation)
    job, files = script_job(client, installation, "backup.sh", (PLACE, installation.release, *SERVICES))
    with jobs.crate(client, stack, job.name, job.image, PLACE) as crate:
        jobs.run(client, stack, [job], files)
        with engine_problems():
            content, _ = crate.get_archive(PLACE)
            return archive.save(content, folder, installation.name)


def script_job(
    client: DockerClient, installation: Installation, script: str, arguments: Sequence[str]
) -> tuple[Component, tuple[File, ...]]:
    """A job that runs one of the scripts in ``deploy/files/data`` on all databases, with the files that it
    mounts. It is named after the script, and so is its volume, on the engine's own machine."""
    name = script.removesuffix(".sh")
    files = tuple(own_file("data", name) for name in ("databases.sh", script))
    outside = (OUTSIDE,) if installation.database.is_external else ()
    job = Component(
        name=name,
        image=installation.images.postgres,
        entrypoint=("/bin/sh", files[-1].mounted.target),
        command=tuple(arguments),
        environment=_addresses(SERVICES),
        secrets=mounted_secrets(map(credentials.database_url, SERVICES)),
        configs=mounted(files),
        networks=tuple(Attachment(network=network) for network in (DATA, *outside)),
        volumes={name: PLACE},
        tmpfs=(TEMPORARY,),
        # A new volume is root's.
        user="root",
        node=jobs.own_machine(client),
        runs_once=True,
    )
    return job, files


def _addresses(services: Iterable[str]) -> dict[str, str]:
    return {
        f"CESAR_{service.upper()}_DATABASE_URL_FILE": secret_path(credentials.database_url(service))
        for service in services
    }
