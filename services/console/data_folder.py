"""The folder in which the embedded product keeps everything: databases, mails, keys."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from services.chassis.settings import MEMORY_BROKER, BadSettings, Settings, load_settings
from services.console.keys import read_or_make_keys


@contextmanager
def open_data_folder(folder: Path) -> Iterator[Path]:
    """The folder, made if it is not there, and this process's alone until the block ends.

    Raises BadSettings when it cannot be written or another Cesar works in it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("w")
    except OSError as error:
        raise BadSettings(
            f"DATA names the folder {folder}, which cannot be written: {error.strerror}."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BadSettings(
                f"Another Cesar is running on the folder {folder}: stop it, or set DATA."
            ) from error
        yield folder.resolve()


def embedded_settings(service: str, folder: Path, port: int, *, demo: bool) -> Settings:
    """Settings with which a service runs in the embedded product; ``CESAR_...`` variables still win.

    Raises BadSettings.
    """
    keys = read_or_make_keys(folder / "keys")
    defaults: dict[str, Any] = {
        "database_url": f"sqlite:///{folder / service}.db",
        "amqp_uri": MEMORY_BROKER,
        "public_url": f"http://localhost:{port}",
        "mail_url": f"maildir://{folder / 'mailbox'}",
        "mail_from": "Cesar <ne-pas-repondre@cesar.example>",
        "session_public_key": keys.public_key,
        "session_private_key": keys.private_key,
        "secret_key": keys.secret,
        "data_folder": str(folder),
        "embedded": True,
        "demo": demo,
        "log_format": "console",
        "log_level": "warning",
    }
    return load_settings(service, os.environ, **defaults)
