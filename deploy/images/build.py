"""Builds images on a Docker engine, and tells how far it is."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docker import DockerClient
from docker.errors import BuildError

from deploy.engine import engine_problems
from deploy.images.archive import source_date_epoch
from deploy.images.base import Python, python_of
from deploy.images.contents import CHECKOUT, IMAGES, Contents, contents_of
from deploy.images.context import write_context
from deploy.images.problem import ImageProblem
from deploy.installation import Installation
from services.chassis.release import RELEASE

_STEP = re.compile(r"Step (\d+)/(\d+) : (.+)")
_OF_DOCKER = ("--->", "Removing intermediate container")

# Told the image's name, what is done to it, and how much of that is done (0 to 1).
Report = Callable[[str, str, float], None]


@dataclass(frozen=True, kw_only=True)
class Built:
    """An image that was built. ``own_size`` is what it adds to its base, in bytes, some of which other
    images of ours share."""

    image: str
    name: str
    id: str
    size: int
    own_size: int


def build_images(
    client: DockerClient,
    installation: Installation,
    images: Sequence[str] = IMAGES,
    *,
    report: Report = lambda image, step, done: None,
    use_cache: bool = True,
) -> list[Built]:
    """Build the images that an installation runs. Raises ImageProblem and EngineProblem."""
    for image in images:
        _check_release(installation, image)
    base = installation.images.python
    with engine_problems():
        python = python_of(client, base)
        return [
            _build(client, image, installation.image_of(image), base, python, report, use_cache=use_cache)
            for image in images
        ]


def _check_release(installation: Installation, image: str) -> None:
    wanted = installation.image_of(image).rpartition(":")[2]
    if wanted != RELEASE:
        raise ImageProblem(
            f"The installation runs release {wanted} of {image} and this is the code of {RELEASE}: "
            f"build it from a checkout of {wanted}, or set the release to {RELEASE}."
        )


def _build(
    client: DockerClient, image: str, name: str, base: str, python: Python, report: Report, *, use_cache: bool
) -> Built:
    contents = contents_of(image)
    with tempfile.TemporaryDirectory(prefix="cesar-image-") as folder:
        context = Path(folder, "context.tar")
        report(image, "libraries and code", 0)
        try:
            write_context(context, contents, python)
        except OSError as error:
            raise ImageProblem(f"What {image} is built from cannot be written: {error.strerror}.") from error
        with context.open("rb") as stream:
            events = client.api.build(
                fileobj=stream,
                custom_context=True,
                tag=name,
                buildargs={"BASE": base, "SOURCE_DATE_EPOCH": str(source_date_epoch())},
                labels=labels_of(contents, base),
                network_mode="none",
                nocache=not use_cache,
                rm=True,
                forcerm=True,
                decode=True,
            )
            _follow(events, lambda step, done: report(image, step, done))
    built, origin = client.images.get(name).attrs, client.images.get(base).attrs
    report(image, "done", 1)
    return Built(
        image=image, name=name, id=built["Id"], size=built["Size"], own_size=built["Size"] - origin["Size"]
    )


def labels_of(contents: Contents, base: str) -> dict[str, str]:
    """What the image says about itself (see the OCI image specification's annotations)."""
    return {
        "org.opencontainers.image.title": contents.title,
        "org.opencontainers.image.version": RELEASE,
        "org.opencontainers.image.revision": revision(),
        "org.opencontainers.image.base.name": base,
    }


def revision() -> str:
    """The commit that the checkout is at, with a + when files differ from it; “unknown” without git."""
    try:
        changes = _git("status", "--porcelain", "--", "services", "deploy", "requirements")
        return _git("rev-parse", "HEAD") + ("+" if changes else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(CHECKOUT), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _follow(events: Any, report: Callable[[str, float], None]) -> None:
    """Tell the steps as Docker takes them. Raises BuildError with what the failed one printed last."""
    printed: list[str] = []
    for event in events:
        text = event.get("stream", "").strip()
        if step := _STEP.match(text):
            report(step[3].partition(" ")[0].lower(), (int(step[1]) - 1) / int(step[2]))
            printed.clear()
        elif not text.startswith(_OF_DOCKER):
            printed += text.splitlines()
        if "error" in event:
            raise BuildError(" ".join(printed[-3:]) or event["error"], iter(()))
