"""What Docker builds an image from: one archive with everything, so that nothing has to be fetched."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from deploy.images.archive import write_archive
from deploy.images.base import Python
from deploy.images.contents import CHECKOUT, Contents, code_files
from deploy.images.libraries import library_archive
from deploy.images.lock import pins_for
from services.chassis.release import RELEASE

_HOME = "opt/cesar"
CACHE = CHECKOUT / ".cache" / "images"


def write_context(target: Path, contents: Contents, python: Python, cache: Path = CACHE) -> None:
    """Write the archive. Raises ImageProblem, or OSError where a disk is full."""
    common = pins_for((CHECKOUT / contents.common).read_text("utf-8"), python.markers)
    own = pins_for((CHECKOUT / contents.lock).read_text("utf-8"), python.markers)
    code = target.with_name(f"{target.name}.code")
    write_archive(code, _code(contents))
    write_archive(
        target,
        {
            "Dockerfile": _file("Dockerfile"),
            "code.tar": code,
            "common.tar": library_archive(common, python, f"{_HOME}/common", cache),
            "libraries.tar": library_archive(
                [pin for pin in own if pin not in common], python, f"{_HOME}/libraries", cache
            ),
        },
    )


def _code(contents: Contents) -> dict[str, Path | bytes]:
    # What the code is told about itself by importlib.metadata.
    metadata = f"Metadata-Version: 2.1\nName: cesar\nVersion: {RELEASE}\n"
    return {
        **{f"{_HOME}/code/{file.as_posix()}": CHECKOUT / file for file in code_files(contents)},
        f"{_HOME}/code/cesar-{RELEASE}.dist-info/METADATA": metadata.encode(),
        f"{_HOME}/bin/cesar": _file("cesar"),
        f"{_HOME}/bin/cesar-health": _file("cesar-health"),
    }


def _file(name: str) -> bytes:
    return files("deploy").joinpath("images", "files", name).read_bytes()
