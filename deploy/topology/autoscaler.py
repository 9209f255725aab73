"""What lets the number of workers follow the events that wait, where the installation allows a range."""

from __future__ import annotations

from deploy.installation import Installation, render
from deploy.stack import Attachment, Component
from deploy.topology.part import DATA, TEMPORARY, File, Part, mounted

NAME = "autoscaler"


def part(installation: Installation) -> Part:
    elastic = tuple(
        f"{service}-worker" for service, size in installation.services.items() if size.worker.is_elastic
    )
    if not elastic:
        return Part()
    file = File(NAME, "cesar.toml", render(installation).encode())
    component = Component(
        name=NAME,
        image=installation.image_of("operator"),
        command=("deploy", "autoscale", "--file", file.mounted.target),
        configs=mounted([file]),
        networks=(Attachment(network=DATA),),
        binds={installation.engine_socket: "/var/run/docker.sock"},
        tmpfs=(TEMPORARY,),
        # Docker's socket belongs to root, and only a manager can scale.
        user="root",
        on_manager=True,
        after=elastic,
        memory=installation.limits.memory,
    )
    return Part(components=(component,), files=(file,))
