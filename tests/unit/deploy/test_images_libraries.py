"""The libraries of an image: which of the locked ones, and their wheels for another Python than this."""

import base64
import hashlib
import re
import tarfile
import zipfile
from pathlib import Path

import pytest

from deploy.images.base import Python
from deploy.images.contents import CHECKOUT
from deploy.images.libraries import library_archive
from deploy.images.lock import Pin, pins_for
from deploy.images.problem import ImageProblem

DEBIAN = {
    "implementation_name": "cpython",
    "implementation_version": "3.13.5",
    "os_name": "posix",
    "platform_machine": "aarch64",
    "platform_python_implementation": "CPython",
    "platform_release": "",
    "platform_system": "Linux",
    "platform_version": "",
    "python_full_version": "3.13.5",
    "python_version": "3.13",
    "sys_platform": "linux",
}
PYTHON = Python(DEBIAN, glibc=(2, 41))


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """pip knows no index but one that refuses connections."""
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/")
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    monkeypatch.delenv("PIP_EXTRA_INDEX_URL", raising=False)


def wheel(folder: Path, tag: str = "py3-none-any") -> Pin:
    """A wheel of the library “greeting”, as an index would give it, and the pin that fits it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"greeting-1.0-{tag}.whl"
    files = {
        "greeting/__init__.py": "print('bonjour')\n",
        "greeting/tests/test_greeting.py": "assert True\n",
        "greeting/fast.pyx": "cdef int one\n",
        "babel/locale-data/fr_FR.dat": "",
        "babel/locale-data/de.dat": "",
        "greeting-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: greeting\nVersion: 1.0\n",
        "greeting-1.0.dist-info/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n",
        "greeting-1.0.dist-info/entry_points.txt": "[console_scripts]\ngreet = greeting:greet\n",
    }
    record = "".join(f"{name},{_digest(text)},{len(text)}\n" for name, text in files.items())
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in (files | {"greeting-1.0.dist-info/RECORD": record}).items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return Pin("greeting", "1.0", (f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}",))


def _digest(text: str) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())
    return f"sha256={digest.decode().rstrip('=')}"


def names(archive: Path) -> set[str]:
    with tarfile.open(archive) as entries:
        return {entry.name for entry in entries if entry.isfile()}


def test_only_what_that_python_needs_is_taken_from_a_lock() -> None:
    lock = """\
# written by a program
kombu==5.7.0 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
    # via nameko
backports==1.0 ; python_full_version < '3.12' \\
    --hash=sha256:cc
colorama==0.4.6 ; sys_platform == 'win32' \\
    --hash=sha256:dd
psycopg[binary]==3.3.9 \\
    --hash=sha256:ee
"""
    assert [str(pin) for pin in pins_for(lock, DEBIAN)] == [
        "kombu==5.7.0 --hash=sha256:aa --hash=sha256:bb",
        "psycopg==3.3.9 --hash=sha256:ee",
    ]
    older = pins_for(lock, DEBIAN | {"python_full_version": "3.11.2"})
    assert [pin.name for pin in older] == ["kombu", "backports", "psycopg"]


@pytest.mark.parametrize("lock", sorted(CHECKOUT.glob("requirements/*.txt")), ids=lambda lock: lock.stem)
def test_every_lock_is_understood_to_its_last_hash(lock: Path) -> None:
    text = lock.read_text()
    everywhere = re.findall(r"^([\w.-]+)(?:\[\w+\])?==(\S+) \\$", text, re.MULTILINE)
    pins = pins_for(text, DEBIAN)
    assert {(pin.name, pin.version) for pin in pins} >= set(everywhere) != set()
    assert all(pin.hashes and all(map(str.isalnum, "".join(pin.hashes).replace(":", ""))) for pin in pins)


def test_a_pythons_platforms_are_those_of_its_c_library_and_older() -> None:
    assert PYTHON.platforms[0] == "manylinux_2_41_aarch64"
    assert "manylinux2014_aarch64" in PYTHON.platforms
    assert "manylinux_2_42_aarch64" not in PYTHON.platforms
    assert PYTHON.abi == "cp313"


def test_wheels_that_were_fetched_before_need_no_network(tmp_path: Path) -> None:
    pin = wheel(tmp_path / "wheels")
    archive = library_archive([pin], PYTHON, "opt/common", tmp_path)
    assert names(archive) == {
        "opt/common/babel/locale-data/fr_FR.dat",
        "opt/common/greeting-1.0.dist-info/METADATA",
        "opt/common/greeting-1.0.dist-info/WHEEL",
        "opt/common/greeting-1.0.dist-info/entry_points.txt",
        "opt/common/greeting/__init__.py",
        "opt/common/requirements.txt",
    }


def test_the_same_libraries_are_unpacked_once_and_give_the_same_bytes(tmp_path: Path) -> None:
    pin = wheel(tmp_path / "one" / "wheels")
    first = library_archive([pin], PYTHON, "opt/common", tmp_path / "one")
    unpacked = first.stat().st_mtime_ns
    assert library_archive([pin], PYTHON, "opt/common", tmp_path / "one").stat().st_mtime_ns == unpacked
    wheel(tmp_path / "two" / "wheels")
    second = library_archive([pin], PYTHON, "opt/common", tmp_path / "two")
    assert (second.name, second.read_bytes()) == (first.name, first.read_bytes())


def test_compiled_code_is_taken_for_that_python_and_machine_only(tmp_path: Path) -> None:
    fits = wheel(tmp_path / "fits" / "wheels", "cp313-cp313-manylinux_2_28_aarch64")
    assert "opt/greeting/__init__.py" in names(library_archive([fits], PYTHON, "opt", tmp_path / "fits"))
    for tag in ("cp311-cp311-manylinux_2_28_aarch64", "cp313-cp313-manylinux_2_28_x86_64"):
        folder, says = tmp_path / tag, r"^The libraries for Python 3\.13 on aarch64 cannot be had: .*greeting"
        with pytest.raises(ImageProblem, match=says):
            library_archive([wheel(folder / "wheels", tag)], PYTHON, "opt", folder)


def test_a_wheel_with_another_hash_than_the_locked_one_is_refused(tmp_path: Path) -> None:
    wheel(tmp_path / "wheels")
    other = Pin("greeting", "1.0", (f"sha256:{'0' * 64}",))
    with pytest.raises(ImageProblem, match="cannot be had"):
        library_archive([other], PYTHON, "opt", tmp_path)
    assert not list(tmp_path.glob("*.tar"))


def test_no_libraries_are_an_archive_too(tmp_path: Path) -> None:
    assert names(library_archive([], PYTHON, "opt/libraries", tmp_path)) == {"opt/libraries/requirements.txt"}
