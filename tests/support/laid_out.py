"""A component of a stack without a container: its files in a folder of this machine."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from deploy.stack import Stack


def lay_out(stack: Stack, name: str, folder: Path, secrets: Mapping[str, str]) -> None:
    """Put the configs and secrets of a component below the folder, where they are in a container."""
    component = stack.component(name)
    contents = {mounted.target: stack.configs[mounted.name] for mounted in component.configs}
    contents |= {mounted.target: secrets[mounted.name].encode() for mounted in component.secrets}
    for target, content in contents.items():
        path = folder / target.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


@contextmanager
def short_folder() -> Iterator[Path]:
    """A folder that is gone at the end, with a path that is short enough for a socket.

    Not pytest's own: other users may not enter that, even when the folder is given to them.
    """
    with tempfile.TemporaryDirectory(prefix="cesar-laid-") as name:
        yield Path(name)


def give(folder: Path, user: str | None) -> None:
    """Let all in the folder belong to the user, when there is one."""
    if user is not None:
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, user)


def other_user(name: str) -> str | None:
    """The user that a server runs as when we are root, or None."""
    return name if os.geteuid() == 0 else None


def replace_in(file: Path, changes: Mapping[str, str]) -> None:
    """Change what is true only in a container. Fails when one of the texts is not there."""
    text = file.read_text()
    for before, after in changes.items():
        assert before in text, f"{file} does not say {before!r}."
        text = text.replace(before, after)
    file.write_text(text)
