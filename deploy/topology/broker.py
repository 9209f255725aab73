"""The broker: one node, or three that keep every queue together."""

from __future__ import annotations

from deploy import credentials
from deploy.installation import Installation
from deploy.stack import Attachment, Component, Health
from deploy.topology.part import DATA, FOLDER, TEMPORARY, Part, mounted, mounted_secrets, own_file

NAME = "broker"


def names(installation: Installation) -> tuple[str, ...]:
    """The components that make it up, in the order in which they start."""
    if installation.broker.is_external:
        return ()
    return (NAME,) if installation.broker.nodes == 1 else _hosts(installation)


def part(installation: Installation) -> Part:
    files = tuple(own_file(NAME, path) for path in ("start.sh", "health.sh", "rabbitmq.conf"))
    hosts = _hosts(installation)
    places = installation.places.broker or (None,) * len(hosts)
    components = tuple(
        Component(
            name=name,
            image=installation.images.rabbitmq,
            entrypoint=("/bin/sh", f"{FOLDER}/start.sh"),
            environment={
                "CESAR_BROKER_NODES": " ".join(hosts),
                "CESAR_MEMORY": str(installation.broker.memory),
            },
            secrets=mounted_secrets([credentials.BROKER_URI, credentials.BROKER_COOKIE]),
            configs=mounted(files),
            networks=(Attachment(network=DATA, aliases=(NAME,)),),
            # The single node is the first of what may become three: it keeps its name and what it holds.
            hostname=host,
            volumes={host: "/var/lib/rabbitmq"},
            tmpfs=(TEMPORARY,),
            health=Health(command=("/bin/bash", f"{FOLDER}/health.sh"), start_period=120),
            user="rabbitmq",
            start_first=False,
            node=place,
            # One after the other: the first makes the cluster, the others join it, and during an update never
            # more than one is away.
            after=(before,) if before else (),
            stop_grace=60,
            memory=installation.broker.memory,
        )
        for name, host, place, before in zip(
            names(installation), hosts, places, (None, *names(installation)), strict=False
        )
    )
    return Part(components=components, files=files if components else ())


def _hosts(installation: Installation) -> tuple[str, ...]:
    return tuple(f"{NAME}-{number + 1}" for number in range(installation.broker.nodes))
