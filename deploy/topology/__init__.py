"""What an installation consists of: from its decisions to its components, their files and their networks."""

from __future__ import annotations

from deploy.credentials import secret_names
from deploy.installation import SERVICES, Installation
from deploy.stack import Network, Stack
from deploy.topology import autoscaler, broker, database, proxy, services
from deploy.topology.part import DATA, FRONT, OUTSIDE


def stack_of(installation: Installation) -> Stack:
    """The desired state of the whole installation."""
    parts = [
        database.part(installation),
        broker.part(installation),
        *(services.part(installation, service) for service in SERVICES),
        autoscaler.part(installation),
        proxy.part(installation),
    ]
    components = tuple(component for part in parts for component in part.components)
    return Stack(
        name=installation.name,
        release=installation.release,
        components=components,
        networks={FRONT: Network(), DATA: Network(), OUTSIDE: Network(internal=False)},
        volumes=tuple(volume for component in components for volume in component.volumes),
        configs={file.name: file.content for part in parts for file in part.files},
        secrets=secret_names(installation),
    )
