"""Wheels, fetched once and unpacked for the Python of a base image, on whatever Python this is."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from hashlib import sha256
from pathlib import Path

from deploy.images.archive import source_date_epoch, write_archive
from deploy.images.base import Python
from deploy.images.lock import Pin
from deploy.images.problem import ImageProblem

# What no process of ours reads: what installers write for themselves, programs to call by hand, tests,
# sources of what is compiled, and the customs of countries whose languages Cesar does not speak.
_LEFT_OUT = (
    "bin/*",
    "*.dist-info/INSTALLER",
    "*.dist-info/RECORD",
    "*.dist-info/REQUESTED",
    "*/tests/*",
    "*.c",
    "*.h",
    "*.pxd",
    "*.pyi",
    "*.pyx",
    "babel/locale-data/*",
)
_KEPT = ("babel/locale-data/root.dat", "babel/locale-data/en*.dat", "babel/locale-data/fr*.dat")


def library_archive(pins: Iterable[Pin], python: Python, folder: str, cache: Path) -> Path:
    """An archive of these libraries below ``folder``, made in the cache the first time.

    Raises ImageProblem when they cannot be fetched, and OSError.
    """
    requirements = "".join(f"{pin}\n" for pin in pins)
    recipe = (requirements, python, folder, _LEFT_OUT, _KEPT, source_date_epoch())
    archive = cache / f"{sha256(repr(recipe).encode()).hexdigest()[:16]}.tar"
    if not archive.exists():
        wheels = cache / "wheels"
        wheels.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as temporary:
            lock, site, packed = (Path(temporary, name) for name in ("lock.txt", "site", "packed.tar"))
            lock.write_text(requirements, "utf-8")
            site.mkdir()
            if requirements:
                _install(lock, python, site, wheels)
            unpacked = {f"{folder}/{path}": site / path for path in _files(site)}
            write_archive(packed, unpacked | {f"{folder}/requirements.txt": lock})
            packed.rename(archive)
    return archive


def _install(lock: Path, python: Python, site: Path, wheels: Path) -> None:
    options = ("--target", site, "--no-compile", "--no-index", "--find-links", wheels)
    try:
        _pip("install", lock, python, *options)
    except ImageProblem:
        _pip("download", lock, python, "--dest", wheels)
        _pip("install", lock, python, *options)


def _files(site: Path) -> Iterator[str]:
    for path in site.rglob("*"):
        name = path.relative_to(site).as_posix()
        if path.is_file() and (_matches(name, _KEPT) or not _matches(name, _LEFT_OUT)):
            yield name


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)


def _pip(command: str, lock: Path, python: Python, *options: str | Path) -> None:
    """Run pip for another Python than this one. Raises ImageProblem."""
    fitting = ["--python-version", python.version, "--implementation", "cp", "--only-binary", ":all:"]
    fitting += [option for abi in (python.abi, "abi3", "none") for option in ("--abi", abi)]
    fitting += [option for platform in python.platforms for option in ("--platform", platform)]
    given = ["--no-deps", "--require-hashes", "--requirement", str(lock), *map(str, options)]
    done = subprocess.run(
        [sys.executable, "-m", "pip", command, "--quiet", "--disable-pip-version-check", *fitting, *given],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode != 0:
        errors = [line for line in done.stdout.splitlines() if line.startswith("ERROR: ")]
        reason = (errors or done.stdout.splitlines() or ["pip ended without a word"])[-1]
        reason = reason.removeprefix("ERROR: ").partition(" (from ")[0].rstrip(".")
        raise ImageProblem(f"The libraries for {python} cannot be had: {reason}.")
