"""A small stack of the same kind as an installation: quick to bring up, and easy to hurt."""

from __future__ import annotations

import contextlib
import io
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import docker
from docker.models.containers import Container

from deploy import secrets
from deploy.stack import Attachment, Component, Health, Mounted, Network, Port, Replicas, Stack
from deploy.swarm import Difference, Progress, converge, take_down
from deploy.topology.services import WATCH_PORT

_SERVE = "exec python3 -m http.server --directory /tmp 8000"
_ASK = "import urllib.request as http; http.urlopen('http://127.0.0.1:8000')"
PAGES, CESAR, METRICS = "pages.1", "cesar.1", "metrics.1"

# What a worker answers to “cesar doctor --json”.
_FINDING = {"service": "reporting", "check": "mail", "well": True, "detail": "takes mail", "advice": ""}
_ANSWER = f"#!/bin/sh\necho '[{json.dumps(_FINDING)}]'\n"

# What a worker shows of itself, at another port than its pages.
_FIGURES = """
# TYPE cesar_queue_messages gauge
cesar_queue_messages{service="reporting"} 12
# TYPE cesar_outbox_waiting gauge
cesar_outbox_waiting{service="reporting"} 3
# TYPE cesar_outbox_oldest_seconds gauge
cesar_outbox_oldest_seconds{service="reporting"} 41
# TYPE cesar_events_parked gauge
cesar_events_parked{service="reporting"} 2
"""
_SHOW = f"python3 -m http.server --directory /cesar/watch {WATCH_PORT} &"


def health(*command: str) -> Health:
    return Health(command=command, interval=0.5, timeout=5, retries=2, start_period=5)


def server(name: str, image: str) -> Component:
    """A web server; it prints what its secret is and what its config holds."""
    return Component(
        name=name,
        image=image,
        entrypoint=("sh", "-c", f"cat /run/secrets/word /cesar/pages; echo; {_SERVE}"),
        secrets=(Mounted(name="word", target="/run/secrets/word"),),
        configs=(Mounted(name=PAGES, target="/cesar/pages"),),
        networks=(Attachment(network="front"), Attachment(network="data")),
        tmpfs=("/tmp",),
        health=health("python3", "-c", _ASK),
        stop_grace=3,
    )


def database(image: str) -> Component:
    """What keeps data."""
    return Component(
        name="database",
        image=image,
        entrypoint=("sleep", "infinity"),
        networks=(Attachment(network="data"),),
        volumes={"data": "/data"},
        start_first=False,
        stop_grace=3,
    )


def migration(image: str) -> Component:
    """A job that counts its runs in the volume. It fails while there is a file “broken” in that, and in an
    image that is unmigratable."""
    count = "cat /proc/sys/kernel/random/uuid >> /data/runs; echo migrating"
    script = f"{count}; test ! -e /data/broken -a ! -e /unmigratable"
    return Component(
        name="reporting-migrate",
        image=image,
        entrypoint=("sh", "-c", script),
        networks=(Attachment(network="data"),),
        volumes={"data": "/data"},
        runs_once=True,
        after=("database",),
    )


def reporting(image: str, own_image: str = "") -> tuple[Component, ...]:
    """One service, with what it needs; it may run another image than the database."""
    own_image = own_image or image
    worker, web = server("reporting-worker", own_image), server("reporting-web", own_image)
    files = (
        Mounted(name=CESAR, target="/usr/local/bin/cesar", mode=0o555),
        Mounted(name=METRICS, target="/cesar/watch/metrics"),
    )
    return (
        database(image),
        migration(own_image),
        replace(
            worker,
            entrypoint=("sh", "-c", f"{_SHOW} {worker.entrypoint[-1]}"),
            configs=(*worker.configs, *files),
            after=("reporting-migrate",),
            replicas=Replicas(least=1, most=3),
        ),
        replace(
            web,
            health=health("sh", "-c", f'test ! -e /broken && python3 -c "{_ASK}"'),
            after=("reporting-migrate",),
        ),
    )


def proxy(image: str, port: int, **changes: Any) -> Component:
    """The one that is reached from outside."""
    one = server("proxy", image)
    return replace(
        one,
        networks=(Attachment(network="front"), Attachment(network="outside")),
        ports=(Port(published=port, target=8000),),
        start_first=False,
        **changes,
    )


def stack(name: str, *components: Component, pages: bytes = b"pages") -> Stack:
    return Stack(
        name=name,
        release="1",
        components=components,
        networks={"front": Network(), "data": Network(), "outside": Network(internal=False)},
        volumes=("data",),
        configs={PAGES: pages, CESAR: _ANSWER.encode(), METRICS: _FIGURES.encode()},
        secrets=("word",),
    )


def changed(stack: Stack, component: str, **changes: Any) -> Stack:
    """The stack with one component described otherwise."""
    components = [replace(one, **changes) if one.name == component else one for one in stack.components]
    return replace(stack, components=tuple(components))


def broken_image(client: docker.DockerClient, base: str, name: str, what: str = "broken") -> str:
    """An image of that name, whose pages never get well, or that is unmigratable."""
    dockerfile = f"FROM {base}\nRUN touch /{what}\n"
    client.images.build(fileobj=io.BytesIO(dockerfile.encode()), tag=name, rm=True)
    return name


@dataclass
class Small:
    """A small stack on an engine; ``told`` is what is told of its progress."""

    client: docker.DockerClient
    name: str
    told: list[tuple[str, Progress]] = field(default_factory=list)

    def up(self, stack: Stack, patience: float = 60) -> Difference:
        return converge(
            self.client, stack, report=lambda name, seen: self.told.append((name, seen)), patience=patience
        )

    def give_secret(self, value: str = "sesame") -> None:
        secrets.put(self.client, self.name, {"word": value})

    def containers(self, component: str) -> list[Container]:
        """The running ones."""
        labels = [f"cesar.stack={self.name}", f"cesar.component={component}"]
        return self.client.containers.list(filters={"label": labels, "status": "running"})

    def ids(self) -> Mapping[str, set[str]]:
        """The running containers of each component."""
        found: dict[str, set[str]] = {}
        for container in self.client.containers.list(filters={"label": f"cesar.stack={self.name}"}):
            found.setdefault(container.labels["cesar.component"], set()).add(str(container.id))
        return found

    def printed(self, component: str) -> str:
        (container,) = self.containers(component)
        return bytes(container.logs()).decode()

    def in_volume(self, command: str) -> str:
        """What a shell command prints where the data are."""
        (container,) = self.containers("database")
        status, output = container.exec_run(["sh", "-c", command])
        assert status == 0 and isinstance(output, bytes), output
        return output.decode()

    def runs_of_migration(self) -> int:
        return len(self.in_volume("cat /data/runs").splitlines())

    def left(self) -> list[str]:
        """What the engine has of it."""
        label: dict[str, Any] = {"label": f"cesar.stack={self.name}"}
        containers = [f"container {one.name}" for one in self.client.containers.list(all=True, filters=label)]
        kinds = ("services", "networks", "volumes", "configs", "secrets")
        return containers + [
            f"{kind} {one.name}" for kind in kinds for one in getattr(self.client, kind).list(filters=label)
        ]

    def close(self) -> None:
        """Take it away, all at once: there is nothing to finish."""
        for service in self.client.services.list(filters={"label": f"cesar.stack={self.name}"}):
            service.remove()
        take_down(self.client, self.name, with_data=True, report=lambda component: None)


@contextlib.contextmanager
def taken_port(client: docker.DockerClient, image: str, port: int) -> Iterator[None]:
    """Some other program listens on the machine's port."""
    container = client.containers.run(
        image, ["python3", "-m", "http.server", str(port)], network_mode="host", detach=True
    )
    try:
        time.sleep(1)
        yield
    finally:
        container.remove(force=True)
