"""Restoring a backup: the services stop, the databases go back to one instant, the logs are published again.

What the broker holds belongs to what has not happened now, so it is emptied. Every event of the restored
logs is published again; the inboxes ignore those that had their effect before the backup was taken, so that
each has it exactly once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from docker import DockerClient

from deploy import archive, jobs
from deploy.archive import Manifest
from deploy.backup import PLACE, script_job
from deploy.engine import engine_problems
from deploy.installation import SERVICES, Installation
from deploy.stack import Component, Stack
from deploy.swarm import Deployed, StackProblem, observe, progress, scale
from deploy.topology import autoscaler, stack_of

Report = Callable[[str], None]

# In seconds.
_PATIENCE = 300.0
_BETWEEN_LOOKS = 0.5
_ENDED = ("complete", "shutdown", "failed", "rejected", "remove", "orphaned")


def readable_backup(path: Path, installation: Installation) -> Manifest:
    """What the file holds, if it is whole and this installation can work with it. Raises BadArchive."""
    manifest = archive.check(path)
    archive.check_fits(manifest, {service: installation.release_of(service) for service in SERVICES})
    return manifest


def restore(client: DockerClient, installation: Installation, path: Path, report: Report) -> None:
    """Put all databases back to what is in the file; what was there is kept beside it, for ``undo``.

    When it does not end well everything is as it was before, and runs again. Raises StackProblem,
    EngineProblem.
    """
    # Said before anything stands still.
    _run_script(client, installation, ("expect-nothing-kept", *SERVICES))
    with _stopped(client, stack_of(installation), report):
        report("The databases are restored.")
        _run_script(client, installation, ("from", PLACE, *SERVICES), path)
        try:
            _begin_anew(client, installation, report)
        except StackProblem:
            report("It does not work with what was restored: the databases are put back as they were.")
            _run_script(client, installation, ("undo", *SERVICES))
            _begin_anew(client, installation, report)
            raise


def undo(client: DockerClient, installation: Installation, report: Report) -> None:
    """Bring back what was there before the restore. Raises StackProblem, EngineProblem."""
    _run_script(client, installation, ("expect-something-kept", *SERVICES))
    with _stopped(client, stack_of(installation), report):
        report("What was there before is brought back.")
        _run_script(client, installation, ("undo", *SERVICES))
        _begin_anew(client, installation, report)


def forget(client: DockerClient, installation: Installation) -> None:
    """Delete what was there before the restore. Raises StackProblem, EngineProblem."""
    _run_script(client, installation, ("forget", *SERVICES))


def publish_again(client: DockerClient, installation: Installation, report: Report) -> None:
    """Empty the queues and publish the logs again: for a broker that has lost what it held.

    Raises StackProblem, EngineProblem.
    """
    with _stopped(client, stack_of(installation), report):
        _begin_anew(client, installation, report)


def _run_script(
    client: DockerClient, installation: Installation, arguments: tuple[str, ...], path: Path | None = None
) -> None:
    stack = stack_of(installation)
    job, files = script_job(client, installation, "restore.sh", arguments)
    with jobs.crate(client, stack, job.name, job.image, PLACE) as crate:
        if path is not None:
            with engine_problems(), path.open("rb") as content:
                crate.put_archive("/", content)
        jobs.run(client, stack, [job], files)


def _begin_anew(client: DockerClient, installation: Installation, report: Report) -> None:
    """Bring the schemas to this release, empty the queues and have the logs published again."""
    stack = stack_of(installation)
    report("The schemas are brought to this release, and the events are published again.")
    migrations = {service: stack.component(f"{service}-migrate") for service in SERVICES}
    jobs.run(client, stack, [_schema_job(service, job) for service, job in migrations.items()])
    jobs.run(client, stack, [_erasures_job(service, job) for service, job in migrations.items()])
    jobs.run(client, stack, [_events_job(service, job) for service, job in migrations.items()])


def _schema_job(service: str, migration: Component) -> Component:
    return replace(
        migration, name=f"{service}-restored-schema", command=("migrate", service, "--stopped"), after=()
    )


def _erasures_job(service: str, migration: Component) -> Component:
    """Whoever was erased after the backup was taken is erased again, before anybody sees what came back."""
    command = ("privacy", "repeat-erasures", "--set-aside", service)
    return replace(migration, name=f"{service}-restored-erasures", command=command, after=())


def _events_job(service: str, migration: Component) -> Component:
    return replace(
        migration, name=f"{service}-restored-events", command=("events", "publish-again", service), after=()
    )


@contextmanager
def _stopped(client: DockerClient, stack: Stack, report: Report) -> Iterator[None]:
    """Nothing of the services runs until the block ends; then as much as before.

    Should this be interrupted, “cesar deploy up” starts as many as the installation asks for.
    """
    before = _running(client, stack)
    try:
        report("The services are stopped.")
        with engine_problems():
            for name in before:
                scale(client, stack.name, name, 0)
            _wait("stop", client, stack, lambda one: all(task.state in _ENDED for task in one.tasks), before)
        yield
    finally:
        report("The services are started.")
        with engine_problems():
            for name, replicas in before.items():
                scale(client, stack.name, name, replicas)
            _wait("get well", client, stack, _is_well, before)


def _running(client: DockerClient, stack: Stack) -> dict[str, int]:
    """How many containers run of each component that works with a database, or that starts some that do."""
    services = [f"{service}-{kind}" for service in SERVICES for kind in ("web", "worker")]
    with engine_problems():
        there = observe(client, stack.name)
    if missing := [name for name in services if name not in there]:
        raise StackProblem(f"{', '.join(missing)} not there: run “cesar deploy up” first.")
    # The autoscaler first: it would start what we stop.
    names = [name for name in (autoscaler.NAME, *services) if name in there]
    return {name: max(1, there[name].replicas) for name in names}


def _is_well(deployed: Deployed) -> bool:
    return progress(deployed, deployed.fingerprint).state.is_reached


def _wait(
    to: str,
    client: DockerClient,
    stack: Stack,
    has_come: Callable[[Deployed], bool],
    names: Iterable[str],
) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        there = observe(client, stack.name)
        if gone := [name for name in names if name not in there]:
            raise StackProblem(f"{', '.join(gone)} was removed meanwhile: run “cesar deploy up”.")
        left = [name for name in names if not has_come(there[name])]
        if not left:
            return
        if time.monotonic() > deadline:
            raise StackProblem(f"{', '.join(left)} did not {to} in {_PATIENCE:g} seconds.")
        time.sleep(_BETWEEN_LOOKS)
