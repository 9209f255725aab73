"""What Docker is given to build an image from."""

import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO

import pytest

from deploy.images import context
from deploy.images.archive import write_archive
from deploy.images.base import Python
from deploy.images.contents import OPERATOR, contents_of
from deploy.images.lock import Pin
from services.chassis.release import RELEASE

MARKERS = {"python_version": "3.11", "python_full_version": "3.11.2", "sys_platform": "linux"}
PYTHON = Python(
    MARKERS | {"platform_machine": "x86_64", "platform_python_implementation": "CPython"}, glibc=(2, 36)
)


@pytest.fixture(autouse=True)
def named_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Archives that hold the names of libraries instead of the libraries, which would have to be fetched."""

    def named(pins: Iterable[Pin], python: Python, folder: str, cache: Path) -> Path:
        archive = cache / f"{folder.replace('/', '-')}.tar"
        write_archive(
            archive, {f"{folder}/{pin.name}": b"" for pin in pins} | {f"{folder}/requirements.txt": b""}
        )
        return archive

    monkeypatch.setattr(context, "library_archive", named)


def built_from(image: str, folder: Path) -> dict[str, set[str]]:
    """The files of the context by the archive that they are in; "" is the context itself."""
    context.write_context(folder / "context.tar", contents_of(image), PYTHON, folder)
    with tarfile.open(folder / "context.tar") as outer:
        archives = {name: outer.extractfile(name) for name in outer.getnames() if name.endswith(".tar")}
        return {"": set(outer.getnames())} | {name: files_in(file) for name, file in archives.items()}


def files_in(archive: IO[bytes] | None) -> set[str]:
    with tarfile.open(fileobj=archive) as entries:
        return {entry.name for entry in entries if entry.isfile()}


def test_it_is_archives_and_how_to_put_them_together(tmp_path: Path) -> None:
    assert built_from("reporting", tmp_path)[""] == {"Dockerfile", "code.tar", "common.tar", "libraries.tar"}


def test_a_library_that_all_images_share_is_there_once(tmp_path: Path) -> None:
    files = built_from("notifications", tmp_path)
    common = {Path(name).name for name in files["common.tar"]} - {"requirements.txt"}
    own = {Path(name).name for name in files["libraries.tar"]} - {"requirements.txt"}
    assert {"nameko", "sqlalchemy"} <= common
    assert "mjml-python" in own
    assert not common & own


def test_the_operators_libraries_are_none_of_a_services(tmp_path: Path) -> None:
    files = built_from(OPERATOR, tmp_path)
    names = {Path(name).name for name in files["common.tar"] | files["libraries.tar"]}
    assert "docker" in names
    assert not {"nameko", "sqlalchemy", "flask"} & names


def test_the_code_has_its_command_and_knows_its_release(tmp_path: Path) -> None:
    assert {
        "opt/cesar/bin/cesar",
        "opt/cesar/bin/cesar-health",
        "opt/cesar/code/services/reporting/service.py",
        f"opt/cesar/code/cesar-{RELEASE}.dist-info/METADATA",
    } <= built_from("reporting", tmp_path)["code.tar"]


def test_the_same_code_gives_the_same_context(tmp_path: Path) -> None:
    contexts = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        built_from("assessment", tmp_path / name)
        contexts.append((tmp_path / name / "context.tar").read_bytes())
    assert contexts[0] == contexts[1]
