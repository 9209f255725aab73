"""Archives whose bytes depend on nothing but names and contents: the same content is the same layer."""

from __future__ import annotations

import os
import tarfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path, PurePosixPath
from stat import S_IXUSR

# The oldest instant that every kind of archive can hold: 1980-01-01.
_OLDEST = 315532800


def source_date_epoch() -> int:
    """The time that every file has (see https://reproducible-builds.org/specs/source-date-epoch/)."""
    return int(os.environ.get("SOURCE_DATE_EPOCH") or _OLDEST)


def write_archive(target: Path, files: Mapping[str, Path | bytes]) -> None:
    """A tar of these files: a path within it, and the file or the bytes that stand there.

    Everything belongs to root and is readable by all; what can be executed stays so. Raises OSError.
    """
    parents = {str(parent) for path in files for parent in PurePosixPath(path).parents} - {"."}
    with tarfile.open(target, "w", format=tarfile.GNU_FORMAT) as archive:
        for folder in sorted(parents):
            archive.addfile(_entry(folder, tarfile.DIRTYPE, 0o755))
        for path, content in sorted(files.items()):
            with BytesIO(content) if isinstance(content, bytes) else content.open("rb") as stream:
                entry = _entry(path, tarfile.REGTYPE, 0o755 if _can_be_executed(content) else 0o644)
                entry.size = stream.seek(0, os.SEEK_END)
                stream.seek(0)
                archive.addfile(entry, stream)


def _can_be_executed(content: Path | bytes) -> bool:
    return content.startswith(b"#!") if isinstance(content, bytes) else bool(content.stat().st_mode & S_IXUSR)


def _entry(path: str, kind: bytes, mode: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(path)
    entry.type, entry.mode, entry.mtime = kind, mode, source_date_epoch()
    return entry
