"""What an installation consists of, as data: the engine is brought to it, compose.yaml is written from it.

Names are Docker's own, so that its documentation explains them. Durations are in seconds, sizes in bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Replicas:
    """How many containers run the same. Where ``most`` is above ``least``, the autoscaler decides between."""

    least: int
    most: int

    @property
    def is_elastic(self) -> bool:
        return self.most > self.least


ONE = Replicas(least=1, most=1)


@dataclass(frozen=True, kw_only=True)
class Health:
    """A command in the container that says by its exit code whether it is well."""

    command: tuple[str, ...]
    interval: float = 5
    timeout: float = 15
    retries: int = 3
    start_period: float = 60


@dataclass(frozen=True, kw_only=True)
class Mounted:
    """A secret or a config of the stack, by its name there, as a file in the container."""

    name: str
    target: str
    mode: int = 0o444


@dataclass(frozen=True, kw_only=True)
class Port:
    """A port of the container that is reachable from outside of the machine it runs on."""

    published: int
    target: int


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A network that a container is in, and other names under which it is found there."""

    network: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Component:
    """Containers that run the same: one service in Docker's words.

    ``volumes`` maps a volume of the stack to its place in the container. ``start_first``: a new container has
    to be well before an old one ends; not for those that own a volume. ``runs_once``: a job that ends by
    itself; what ``after`` names has ended well, or is healthy, before it starts. ``stop_signal``: what it is
    asked to end with, where that is not SIGTERM. ``node``: the machine, by its host name, that it runs on,
    since its volumes are there.
    """

    name: str
    image: str
    command: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    secrets: tuple[Mounted, ...] = ()
    configs: tuple[Mounted, ...] = ()
    networks: tuple[Attachment, ...] = ()
    ports: tuple[Port, ...] = ()
    volumes: Mapping[str, str] = field(default_factory=dict)
    binds: Mapping[str, str] = field(default_factory=dict)
    tmpfs: tuple[str, ...] = ()
    replicas: Replicas = ONE
    health: Health | None = None
    user: str | None = None
    hostname: str | None = None
    read_only: bool = True
    start_first: bool = True
    runs_once: bool = False
    on_manager: bool = False
    node: str | None = None
    after: tuple[str, ...] = ()
    stop_grace: float = 30
    stop_signal: str | None = None
    memory: int | None = None


@dataclass(frozen=True, kw_only=True)
class Network:
    """``internal``: no way from it to the world outside."""

    internal: bool = True


@dataclass(frozen=True, kw_only=True)
class Stack:
    """All of an installation. ``secrets`` are names only: their values are known to the engine alone."""

    name: str
    release: str
    components: tuple[Component, ...]
    networks: Mapping[str, Network]
    volumes: tuple[str, ...]
    configs: Mapping[str, bytes]
    secrets: tuple[str, ...]

    def component(self, name: str) -> Component:
        """Raises KeyError."""
        for component in self.components:
            if component.name == name:
                return component
        raise KeyError(name)
