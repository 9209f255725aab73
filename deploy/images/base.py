"""The base of our images, and which packages fit the Python in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from docker import DockerClient
from docker.errors import APIError

from deploy.images.problem import ImageProblem
from deploy.swarm.images import fetch, identify
from deploy.swarm.problems import StackProblem

_OLDEST = (3, 11)
_DESCRIBE = Path(__file__).with_name("describe_python.py")
# Names of wheels' platforms from before they were called after the C library's version (PEP 600).
_LEGACY_PLATFORMS = {(2, 17): "manylinux2014", (2, 12): "manylinux2010", (2, 5): "manylinux1"}


@dataclass(frozen=True)
class Python:
    """A Python that packages have to fit. ``markers``: what requirements may depend on (PEP 508)."""

    markers: Mapping[str, str]
    glibc: tuple[int, int]

    @property
    def version(self) -> str:
        """Such as 3.11."""
        return self.markers["python_version"]

    @property
    def abi(self) -> str:
        return f"cp{self.version.replace('.', '')}"

    @property
    def platforms(self) -> list[str]:
        """Every platform whose wheels run there, the newest first."""
        machine = self.markers["platform_machine"]
        major, newest = self.glibc
        names = []
        for minor in range(newest, 4, -1):
            names.append(f"manylinux_{major}_{minor}_{machine}")
            if legacy := _LEGACY_PLATFORMS.get((major, minor)):
                names.append(f"{legacy}_{machine}")
        return [*names, f"linux_{machine}"]

    def __str__(self) -> str:
        return f"Python {self.version} on {self.markers['platform_machine']}"


def python_of(client: DockerClient, base: str) -> Python:
    """The Python of a base image, which is pulled when it is not there.

    Raises ImageProblem when it cannot be the base of ours, or Docker's own errors.
    """
    _fetch(client, base)
    container = client.containers.create(
        base, [_DESCRIBE.read_text("utf-8")], entrypoint=["python3", "-c"], network_mode="none"
    )
    try:
        container.start()
        status = container.wait()["StatusCode"]
        said = container.logs(stdout=status == 0, stderr=status != 0).decode()
    except APIError as error:
        status, said = None, error.explanation or str(error)
    finally:
        container.remove(force=True)
    if status != 0:
        raise ImageProblem(f"The base image {base} has no python3 that starts: {_last_line(said)}.")
    return _read(base, json.loads(said))


def _fetch(client: DockerClient, base: str) -> None:
    """See that the engine has the base image. Raises ImageProblem."""
    if identify(client, base) is None:
        try:
            fetch(client, base)
        except StackProblem as error:
            raise ImageProblem(
                f"{error} “docker load” it, or name another as python under [images]."
            ) from error


def _read(base: str, answer: dict[str, str]) -> Python:
    glibc = answer.pop("glibc")
    python = Python(answer, _numbers(glibc))
    if answer["platform_python_implementation"] != "CPython" or _numbers(python.version) < _OLDEST:
        raise ImageProblem(
            f"The base image {base} has {answer['platform_python_implementation']} {python.version}; "
            f"Cesar needs CPython {'.'.join(map(str, _OLDEST))} or newer."
        )
    if not glibc:
        raise ImageProblem(f"The base image {base} is not built on glibc, which the libraries need.")
    return python


def _numbers(version: str) -> tuple[int, int]:
    major, _, minor = version.partition(".")
    return int(major or 0), int(minor or 0)


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["it says nothing"])[-1].rstrip(".")
