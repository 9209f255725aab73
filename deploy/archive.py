"""A backup as one file: a tar of the databases' dumps and of a manifest that says what they are.

It is kept as the engine hands it over, so that writing it takes no more space than itself.
"""

from __future__ import annotations

import os
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate
from packaging.version import InvalidVersion, Version

FORMAT = 1
# The folder in the archive, which is also the one in containers that everything is in.
FOLDER = "backup"
_MANIFEST = f"{FOLDER}/manifest.json"
_CHUNK = 1024 * 1024


class BadArchive(Exception):
    """A file is no backup, or not a whole one, or not one for this release. The text is one sentence."""


@dataclass(frozen=True)
class Dump:
    """One database: alembic's ``revision``, and ``size`` (bytes) and ``sha256`` of its dump."""

    revision: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup is of: all services of this ``release``, as they were at ``taken_at``."""

    release: str
    taken_at: datetime
    databases: Mapping[str, Dump]


class _DumpSchema(Schema):
    revision = fields.String(required=True)
    size = fields.Integer(required=True, strict=True)
    sha256 = fields.String(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Dump:
        return Dump(**data)


class _ManifestSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    format = fields.Integer(required=True, validate=validate.Equal(FORMAT))
    release = fields.String(required=True)
    taken_at = fields.AwareDateTime(required=True)
    databases = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(_DumpSchema),
        required=True,
        validate=validate.Length(min=1),
    )

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Manifest:
        return Manifest(data["release"], data["taken_at"].astimezone(UTC), data["databases"])


def save(chunks: Iterable[bytes], folder: Path, name: str) -> tuple[Path, Manifest]:
    """Write an archive into the folder, named after ``name`` and its instant, and see that it is whole.

    Nobody but its owner can read it. Raises BadArchive when it is not whole or cannot be written; then
    nothing is left of it.
    """
    unfinished = folder / f".{name}.{os.getpid()}.unfinished"
    try:
        with _only_for_me(unfinished) as target:
            for chunk in chunks:
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        manifest = check(unfinished)
        path = folder / f"{name}-{manifest.taken_at:%Y%m%dT%H%M%SZ}.tar"
        unfinished.rename(path)
    except OSError as error:
        raise BadArchive(f"The backup cannot be written to {folder}: {error.strerror}.") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return path, manifest


def check(path: Path) -> Manifest:
    """What the archive holds, once all of it has been read and found to be what its manifest says.

    Raises BadArchive.
    """
    found: dict[str, tuple[int, str]] = {}
    manifest: Manifest | None = None
    with _unreadable(path), tarfile.open(path, "r:") as archive:
        for member in archive:
            content = archive.extractfile(member)
            if content is not None and member.name == _MANIFEST:
                manifest = _read_manifest(path, content.read())
            elif content is not None:
                found[member.name] = _digest(content)
    if manifest is None:
        raise BadArchive(f"{path} is no backup: it has no manifest.")
    for service, dump in manifest.databases.items():
        if found.get(f"{FOLDER}/{service}.dump") != (dump.size, dump.sha256):
            raise BadArchive(f"{path} is damaged: the database of {service} is not what was saved.")
    return manifest


def check_fits(manifest: Manifest, releases: Mapping[str, str]) -> None:
    """Raises BadArchive when one of the services, each by its release, cannot work with the backup."""
    if missing := sorted(releases.keys() - manifest.databases.keys()):
        raise BadArchive(f"The backup does not have the database of {', '.join(missing)}.")
    for release in releases.values():
        if _is_older(release, manifest.release):
            raise BadArchive(
                f"The backup is of release {manifest.release} and this is {release}: "
                f"install {manifest.release} or a newer one first."
            )


def _is_older(release: str, other: str) -> bool:
    """Of two numbers; which of two names is older nobody knows before the schemas meet."""
    try:
        return Version(release) < Version(other)
    except InvalidVersion:
        return False


@contextmanager
def _only_for_me(path: Path) -> Iterator[IO[bytes]]:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        yield target


@contextmanager
def _unreadable(path: Path) -> Iterator[None]:
    try:
        yield
    except tarfile.TarError as error:
        raise BadArchive(f"{path} is no backup, or not a whole one: {error}.") from error
    except OSError as error:
        raise BadArchive(f"{path} cannot be read: {error.strerror or error}.") from error


def _read_manifest(path: Path, text: bytes) -> Manifest:
    try:
        manifest: Manifest = _ManifestSchema().loads(text.decode())
    except (ValidationError, ValueError) as error:
        raise BadArchive(f"{path} has a manifest that cannot be understood: {error}.") from error
    return manifest


def _digest(content: IO[bytes]) -> tuple[int, str]:
    digest, size = sha256(), 0
    while chunk := content.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return size, digest.hexdigest()
