"""What every part of an installation is described with: networks, secrets, and files in containers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files

from deploy.stack import Component, Mounted

# Between the proxy and the pages; between the services and their servers; and the way to the world.
FRONT, DATA, OUTSIDE = "front", "data", "outside"

# Of one container with pages.
WEB_PORT = 8000
WEB_PROCESSES, WEB_THREADS = 2, 4

FOLDER = "/cesar"
TEMPORARY = "/tmp"


@dataclass(frozen=True)
class File:
    """A file of ours in containers, in the folder /cesar. A config of the engine can never change: another
    content is another name."""

    owner: str
    path: str
    content: bytes

    @property
    def name(self) -> str:
        return f"{self.owner}-{self.path.replace('/', '-')}.{sha256(self.content).hexdigest()[:12]}"

    @property
    def mounted(self) -> Mounted:
        return Mounted(name=self.name, target=f"{FOLDER}/{self.path}")


@dataclass(frozen=True, kw_only=True)
class Part:
    """Some components and the files that they mount."""

    components: tuple[Component, ...] = ()
    files: tuple[File, ...] = ()


def own_file(owner: str, path: str) -> File:
    """A file that stands in ``deploy/files`` as it is."""
    return File(owner, path, files("deploy").joinpath("files", owner, path).read_bytes())


def mounted(items: Iterable[File]) -> tuple[Mounted, ...]:
    return tuple(item.mounted for item in items)


def secret_path(name: str) -> str:
    return f"/run/secrets/{name}"


def mounted_secrets(names: Iterable[str]) -> tuple[Mounted, ...]:
    return tuple(Mounted(name=name, target=secret_path(name)) for name in names)
