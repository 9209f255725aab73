"""Why an image is not built, in one sentence each; and the command that builds."""

import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import docker
import pytest

from deploy.engine import EngineProblem
from deploy.images.build import Built, build_images
from deploy.images.problem import ImageProblem
from deploy.installation import Installation, ServiceSize, render
from services.chassis.release import RELEASE
from tests.support.base_images import base_images
from tests.support.docker_engine import DockerEngine, private_docker_engine

MEGABYTE = 2**20


def on_base(installation: Installation, base: str) -> Installation:
    return replace(installation, images=replace(installation.images, python=base))


@contextmanager
def base_where(engine: docker.DockerClient, origin: str, command: str) -> Iterator[str]:
    """A base image in which this has been done."""
    name = "cesar-test/changed:1"
    dockerfile = f"FROM {origin}\nRUN {command}\n"
    engine.images.build(fileobj=io.BytesIO(dockerfile.encode()), tag=name, rm=True)
    yield name
    engine.images.remove(name)


def build(file: Path, *arguments: str, engine: str) -> subprocess.CompletedProcess[str]:
    """What an operator types."""
    command = [Path(sys.executable).with_name("cesar"), "deploy", "build", *arguments, "--file", file]
    environment = {**os.environ, "DOCKER_HOST": engine, "COLUMNS": "200"}
    return subprocess.run(command, env=environment, capture_output=True, text=True)


@pytest.fixture
def file(installation: Installation, tmp_path: Path) -> Path:
    file = tmp_path / "cesar.toml"
    file.write_text(render(installation))
    return file


def test_the_command_builds_what_it_is_told_and_says_what_that_is(
    docker_engine: DockerEngine, images: Mapping[str, Built], file: Path
) -> None:
    done = build(file, "assessment", "--json", engine=docker_engine.url)
    assert [image["name"] for image in json.loads(done.stdout)] == [f"cesar/assessment:{RELEASE}"]
    done = build(file, "assessment", engine=docker_engine.url)
    assert "assessment" in done.stdout.splitlines()[0]
    assert f"cesar/assessment:{RELEASE}" in done.stdout.splitlines()[-1]
    assert (done.returncode, done.stderr) == (0, "")


def test_without_an_engine_the_command_says_so(file: Path) -> None:
    done = build(file, engine="unix:///nowhere.sock")
    assert (done.returncode, done.stderr) == (
        1,
        "No Docker engine answers at unix:///nowhere.sock: start it, or name another in DOCKER_HOST.\n",
    )


def test_an_image_that_there_is_not_is_named(docker_engine: DockerEngine, file: Path) -> None:
    done = build(file, "report", engine=docker_engine.url)
    assert (done.returncode, done.stderr) == (
        1,
        "There is no image “report”. There is: enrolment, assessment, notifications, reporting, operator.\n",
    )


def test_another_release_than_this_codes_is_not_built(
    engine: docker.DockerClient, installation: Installation
) -> None:
    services = {**installation.services, "reporting": ServiceSize(release="0.0.9")}
    with pytest.raises(ImageProblem) as problem:
        build_images(engine, replace(installation, services=services), ["reporting"])
    assert str(problem.value) == (
        f"The installation runs release 0.0.9 of reporting and this is the code of {RELEASE}: "
        f"build it from a checkout of 0.0.9, or set the release to {RELEASE}."
    )


def test_a_base_image_that_is_nowhere_is_named(
    engine: docker.DockerClient, installation: Installation
) -> None:
    with pytest.raises(ImageProblem) as problem:
        build_images(engine, on_base(installation, "cesar-test/nowhere:1"))
    assert str(problem.value).startswith("The image cesar-test/nowhere:1 is not here and cannot be fetched: ")
    assert str(problem.value).endswith(" “docker load” it, or name another as python under [images].")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("rm -f /usr/bin/python3 /usr/local/bin/python3", "has no python3 that starts: "),
        (
            "mv /usr/bin/python3.11 /usr/bin/newer && "
            "printf '#!/bin/sh\\n/usr/bin/newer \"$@\" | sed s/3[.]11/3.10/g\\n' >/usr/bin/python3.11 && "
            "chmod 755 /usr/bin/python3.11",
            "has CPython 3.10; Cesar needs CPython 3.11 or newer.",
        ),
    ],
)
def test_a_base_image_without_a_python_for_us_is_named(
    engine: docker.DockerClient, installation: Installation, change: str, says: str
) -> None:
    with base_where(engine, installation.images.python, change) as base:
        with pytest.raises(ImageProblem) as problem:
            build_images(engine, on_base(installation, base))
        assert str(problem.value).startswith(f"The base image {base} {says}")


@pytest.fixture
def small_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of its own that is soon full."""
    folder = tmp_path / "small"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], check=True)
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_disk_where_it_is_built_from_is_told(
    engine: docker.DockerClient,
    images: Mapping[str, Built],
    installation: Installation,
    small_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(small_folder))
    with pytest.raises(ImageProblem) as problem:
        build_images(engine, installation, ["reporting"])
    assert str(problem.value) == ("What reporting is built from cannot be written: No space left on device.")


def test_a_full_disk_of_the_engine_is_told_with_what_to_do(
    installation: Installation, images: Mapping[str, Built]
) -> None:
    # Enough for the base images, not for what is to be built on one.
    with private_docker_engine(disk=600 * MEGABYTE) as small, small.client() as client:
        here = on_base(installation, base_images(client)["python"])
        with pytest.raises(EngineProblem, match=r"^The disk of the Docker engine is full: make room"):
            build_images(client, here)
        assert not client.images.list("cesar/enrolment")
        assert client.containers.list(all=True) == []
