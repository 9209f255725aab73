"""A backup's file is what its manifest says, or it is refused in one sentence."""

import io
import json
import tarfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from deploy.archive import BadArchive, check, check_fits, save

DUMPS = {"enrolment": b"people" * 1000, "reporting": b"figures" * 5000}


def manifest(dumps: Mapping[str, bytes] = DUMPS, **changes: Any) -> bytes:
    told = {
        "format": 1,
        "release": "0.2.0",
        "taken_at": "2026-05-01T02:30:00Z",
        "databases": {
            name: {"revision": "abc", "size": len(dump), "sha256": sha256(dump).hexdigest()}
            for name, dump in dumps.items()
        },
    }
    return json.dumps(told | changes).encode()


def archive_of(files: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(f"backup/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return target.getvalue()


def whole(dumps: Mapping[str, bytes] = DUMPS, **changes: Any) -> bytes:
    files = {f"{name}.dump": dump for name, dump in dumps.items()}
    return archive_of({**files, "manifest.json": manifest(dumps, **changes)})


def chunks(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), 1000):
        yield content[start : start + 1000]


def test_what_was_saved_is_checked_named_after_its_instant_and_private(tmp_path: Path) -> None:
    path, saved = save(chunks(whole()), tmp_path, "cesar")
    assert path == tmp_path / "cesar-20260501T023000Z.tar"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]
    assert saved == check(path)
    assert (saved.release, saved.taken_at) == ("0.2.0", datetime(2026, 5, 1, 2, 30, tzinfo=UTC))
    assert saved.databases["enrolment"].size == len(DUMPS["enrolment"])


@pytest.mark.parametrize("kept", [0, 700, 20_000, 43_000])
def test_a_file_that_was_cut_off_is_refused_and_leaves_nothing(kept: int, tmp_path: Path) -> None:
    with pytest.raises(BadArchive, match=r"is no backup|is damaged|not a whole one"):
        save(chunks(whole()[:kept]), tmp_path, "cesar")
    assert list(tmp_path.iterdir()) == []


def test_one_flipped_bit_is_noticed(tmp_path: Path) -> None:
    content = bytearray(whole())
    content[content.index(b"figures")] ^= 1
    path = tmp_path / "backup.tar"
    path.write_bytes(content)
    with pytest.raises(BadArchive, match="is damaged: the database of reporting is not what was saved"):
        check(path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"a letter to the mayor" * 100, "is no backup, or not a whole one"),
        (archive_of({"enrolment.dump": b""}), "is no backup: it has no manifest"),
        (archive_of({"manifest.json": b"{"}), "has a manifest that cannot be understood"),
        (archive_of({"manifest.json": manifest(format=2)}), "has a manifest that cannot be understood"),
        (archive_of({"manifest.json": manifest(release=None)}), "release"),
        (archive_of({"manifest.json": manifest()}), "is damaged: the database of enrolment"),
    ],
)
def test_what_is_no_backup_is_said_to_be_none(content: bytes, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "backup.tar"
    path.write_bytes(content)
    with pytest.raises(BadArchive, match=sentence):
        check(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadArchive, match=r"nowhere\.tar cannot be read: No such file"):
        check(tmp_path / "nowhere.tar")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadArchive, match=r"cannot be written to .*: No such file or directory"):
        save(chunks(whole()), tmp_path / "nowhere", "cesar")


def test_a_backup_of_a_newer_release_or_of_fewer_services_is_refused(tmp_path: Path) -> None:
    _, saved = save(chunks(whole()), tmp_path, "cesar")
    check_fits(saved, dict.fromkeys(DUMPS, "0.2.0"))
    check_fits(saved, dict.fromkeys(DUMPS, "0.10.0"))
    with pytest.raises(
        BadArchive, match=r"is of release 0\.2\.0 and this is 0\.1\.9: install 0\.2\.0 or a newer"
    ):
        check_fits(saved, dict.fromkeys(DUMPS, "0.2.0") | {"reporting": "0.1.9"})
    with pytest.raises(BadArchive, match="does not have the database of assessment"):
        check_fits(saved, dict.fromkeys([*DUMPS, "assessment"], "0.2.0"))


def test_a_release_may_have_a_name_instead_of_a_number(tmp_path: Path) -> None:
    _, saved = save(chunks(whole()), tmp_path, "cesar")

    check_fits(saved, dict.fromkeys(DUMPS, "next"))
