"""The database server, and the job that gives each service a database of its own in it."""

from __future__ import annotations

from deploy import credentials
from deploy.installation import SERVICES, Installation
from deploy.stack import Attachment, Component, Health
from deploy.topology.part import DATA, TEMPORARY, WEB_PROCESSES, Part, mounted, mounted_secrets, own_file

SERVER, ROLES = "database", "database-roles"
VOLUME = "database"

# What one process may hold open: its pool with what it may add for a moment, a listener and a leader's lock.
_CONNECTIONS_OF_A_PROCESS = 10 + 5 + 2
# During an update old and new containers run side by side; and people, backups and the server itself.
_SIDE_BY_SIDE = 2
_OTHER_CONNECTIONS = 20


def names(installation: Installation) -> tuple[str, ...]:
    """After which components the databases are there."""
    return () if installation.database.is_external else (ROLES,)


def part(installation: Installation) -> Part:
    if installation.database.is_external:
        return Part()
    start, roles = own_file("database", "start.sh"), own_file("database", "roles.sh")
    settings = (own_file("database", "postgresql.conf"), own_file("database", "pg_hba.conf"))
    server = Component(
        name=SERVER,
        image=installation.images.postgres,
        entrypoint=("/bin/sh", start.mounted.target),
        command=tuple(
            word for setting in _sized_settings(installation) for word in ("-c", "=".join(setting))
        ),
        # Where programs in the container find the server.
        environment={"PGHOST": TEMPORARY},
        secrets=mounted_secrets([credentials.DATABASE_PASSWORD]),
        configs=mounted([start, *settings]),
        networks=(Attachment(network=DATA),),
        volumes={VOLUME: "/var/lib/postgresql/data"},
        # PostgreSQL's processes share memory in /dev/shm, of which Docker gives only 64 MB.
        tmpfs=(TEMPORARY, "/dev/shm"),
        health=Health(command=("pg_isready", "--quiet"), start_period=120),
        user="postgres",
        start_first=False,
        node=installation.places.database,
        stop_grace=120,
        # A fast shutdown: SIGTERM would wait for every client to leave.
        stop_signal="SIGINT",
        memory=installation.database.memory,
    )
    job = Component(
        name=ROLES,
        image=installation.images.postgres,
        entrypoint=("/bin/sh", roles.mounted.target),
        command=SERVICES,
        secrets=mounted_secrets([credentials.DATABASE_PASSWORD, *map(credentials.database_url, SERVICES)]),
        configs=mounted([roles]),
        networks=(Attachment(network=DATA),),
        tmpfs=(TEMPORARY,),
        user="postgres",
        runs_once=True,
        after=(SERVER,),
    )
    return Part(components=(server, job), files=(start, roles, *settings))


def _sized_settings(installation: Installation) -> list[tuple[str, str]]:
    """What follows from the size of the installation (PostgreSQL's manual, sections 19.3 and 19.4)."""
    megabytes = installation.database.memory // 2**20
    return [
        ("max_connections", str(connections(installation))),
        ("shared_buffers", f"{megabytes // 4}MB"),
        ("effective_cache_size", f"{megabytes * 3 // 4}MB"),
    ]


def connections(installation: Installation) -> int:
    """How many connections all processes together can open."""
    processes = sum(
        size.web.most * WEB_PROCESSES + size.worker.most for size in installation.services.values()
    )
    return processes * _CONNECTIONS_OF_A_PROCESS * _SIDE_BY_SIDE + _OTHER_CONNECTIONS
