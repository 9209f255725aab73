"""Whether an installation can run on an engine, and what to do where it cannot."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from docker import DockerClient
from docker.errors import APIError

from deploy import secrets
from deploy.asking import doctors
from deploy.credentials import missing_secrets
from deploy.engine import address, engine_problems
from deploy.installation import SERVICES, Installation
from deploy.stack import Stack
from deploy.status import component_statuses
from deploy.swarm import Deployed, State, images, observe
from services.console.findings import Finding

# The images of two releases, a database and a broker, and the data of a programme.
_ENOUGH_SPACE = 5e9

# Prints those ports of the machine that cannot be had.
_TRY_PORTS = """
import socket, sys
for port in sys.argv[1:]:
    try:
        socket.create_server(("", int(port))).close()
    except OSError:
        print(port)
"""


def examine(client: DockerClient, installation: Installation, stack: Stack) -> Iterator[Finding]:
    """Everything about the engine and the installation on it; nothing is changed. Raises EngineProblem."""
    with engine_problems():
        deployed = observe(client, stack.name)
        yield _engine(client)
        yield from _machines(client, stack)
        yield _disk(client)
        yield from _images(client, stack)
        yield _secrets(client, installation)
        yield from _ports(client, installation, stack, deployed)
        yield from _components(stack, deployed)
        yield from doctors(client, stack.name, [name for name in SERVICES if f"{name}-worker" in deployed])


def _engine(client: DockerClient) -> Finding:
    version, nodes = client.version()["Version"], len(client.nodes.list())
    machines = "one machine" if nodes == 1 else f"{nodes} machines"
    return Finding("docker", "engine", True, f"{version} at {address()}, manager of a swarm of {machines}")


def _machines(client: DockerClient, stack: Stack) -> Iterator[Finding]:
    nodes = {node.attrs["Description"]["Hostname"]: node.attrs for node in client.nodes.list()}
    for name, node in nodes.items():
        state, work = node["Status"]["State"], node["Spec"]["Availability"]
        advice = "Start Docker there, or let it work: docker node update --availability active."
        yield Finding(
            "docker", f"machine {name}", (state, work) == ("ready", "active"), f"{state}, {work}", advice
        )
    for component in stack.components:
        if component.node is not None and component.node not in nodes:
            detail = f"has to run on {component.node}, which is not in the swarm"
            yield Finding(component.name, "place", False, detail, "Correct [places] in the file.")
        elif component.volumes and component.node is None and len(nodes) > 1:
            detail = "keeps its data on the machine it happens to start on, and may start on another"
            yield Finding(component.name, "place", False, detail, "Name its machine in [places] of the file.")


def _disk(client: DockerClient) -> Finding:
    if not address().startswith("unix://"):
        return Finding("docker", "disk", True, "not looked at, since the engine is on another machine")
    folder = Path(client.info()["DockerRootDir"])
    # Only root may look into it, but everybody may ask for the disk that it is on.
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    advice = "Make room: docker system df shows what takes it, docker image prune removes unused images."
    return Finding("docker", "disk", free >= _ENOUGH_SPACE, f"{free / 1e9:.0f} GB free at {folder}", advice)


def _images(client: DockerClient, stack: Stack) -> Iterator[Finding]:
    for image in sorted({component.image for component in stack.components}):
        identity = images.identify(client, image)
        if identity is not None:
            yield Finding("images", image, True, "here")
        elif images.is_in_a_registry(image):
            yield Finding("images", image, True, "not here: “cesar deploy up” fetches it")
        else:
            yield Finding("images", image, False, "not here", "Run “cesar deploy build”.")


def _secrets(client: DockerClient, installation: Installation) -> Finding:
    made, unknown = missing_secrets(installation, secrets.in_use(client, installation.name))
    missing = sorted([*made, *unknown])
    if not missing:
        return Finding("secrets", "all", True, "there")
    advice = "Run “cesar deploy init”" + "".join(f", “cesar deploy secret {name}”" for name in unknown) + "."
    return Finding("secrets", "all", False, f"missing: {', '.join(missing)}", advice)


def _ports(
    client: DockerClient, installation: Installation, stack: Stack, deployed: Mapping[str, Deployed]
) -> Iterator[Finding]:
    """Those that the proxy will need: tried on the engine's machine, in a container without a network of its
    own."""
    wanted = [
        str(port.published)
        for component in stack.components
        if component.name not in deployed
        for port in component.ports
    ]
    image = installation.image_of(SERVICES[0])
    if not wanted or images.identify(client, image) is None:
        return
    try:
        taken = client.containers.run(
            image,
            ["-c", _TRY_PORTS, *wanted],
            entrypoint="python3",
            network_mode="host",
            user="root",
            remove=True,
        )
    except APIError as error:
        yield Finding("docker", "ports", False, f"cannot be tried: {error.explanation}")
        return
    for port in wanted:
        is_free = port not in taken.decode().split()
        advice = "Stop the program that has it (ss -ltnp shows which), or change [ports] in the file."
        yield Finding("docker", f"port {port}", is_free, "free" if is_free else "taken", advice)


def _components(stack: Stack, deployed: Mapping[str, Deployed]) -> Iterator[Finding]:
    if not deployed:
        yield Finding("components", "all", True, "none is there yet: “cesar deploy up” makes them")
        return
    seen = component_statuses(stack, deployed)
    for component in seen:
        if not component.is_well:
            name = component.component
            detail = f"{component.state}, {component.running} of {component.desired}; {component.note}"
            advice = "" if component.state is State.ABSENT else f"See “cesar deploy logs {name}”."
            yield Finding(name, "state", False, detail, advice)
    well = sum(component.is_well for component in seen)
    yield Finding("components", "all", well == len(seen), f"{well} of {len(seen)} are well")
