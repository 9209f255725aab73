"""Archives that depend on names and contents alone."""

import os
import tarfile
from pathlib import Path

import pytest

from deploy.images.archive import write_archive


def written(folder: Path, name: str, files: dict[str, Path | bytes]) -> bytes:
    write_archive(folder / name, files)
    return (folder / name).read_bytes()


def test_the_same_content_is_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "first.py", tmp_path / "second.py"
    for file, time, mode in ((first, 1_000_000_000, 0o600), (second, 1_700_000_000, 0o664)):
        file.write_text("print()")
        file.chmod(mode)
        os.utime(file, (time, time))
    one = written(tmp_path, "one.tar", {"opt/b.py": first, "opt/a": b"a"})
    other = written(tmp_path, "other.tar", {"opt/a": b"a", "opt/b.py": second})
    assert one == other


def test_everything_is_roots_and_readable_and_programs_can_be_run(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_bytes(b"\x7fELF")
    program.chmod(0o700)
    written(tmp_path, "an.tar", {"opt/cesar/a.py": b"", "opt/bin/sh": b"#!/bin/sh\n", "opt/bin/elf": program})
    with tarfile.open(tmp_path / "an.tar") as archive:
        modes = {entry.name: oct(entry.mode) for entry in archive}
        assert {(entry.uid, entry.gid, entry.mtime) for entry in archive} == {(0, 0, 315532800)}
    assert modes == {
        "opt": "0o755",
        "opt/bin": "0o755",
        "opt/cesar": "0o755",
        "opt/bin/elf": "0o755",
        "opt/bin/sh": "0o755",
        "opt/cesar/a.py": "0o644",
    }


def test_the_time_of_everything_can_be_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    written(tmp_path, "an.tar", {"opt/a": b""})
    with tarfile.open(tmp_path / "an.tar") as archive:
        assert {entry.mtime for entry in archive} == {1_700_000_000}
