"""The keys of an installation: the pair that signs people in, and the secret of what browsers keep."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from services.chassis.web.tokens import generate_key_pair
from services.console.output import console, fail


@dataclass(frozen=True)
class Keys:
    """``private_key`` and ``public_key`` in PEM form."""

    private_key: str
    public_key: str
    secret: str


def read_or_make_keys(folder: Path) -> Keys:
    """The keys in this folder, made the first time, readable by their owner only. Raises OSError."""
    private, public, secret = (folder / name for name in ("session.pem", "session.pub", "secret"))
    if not secret.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        private_key, public_key = generate_key_pair()
        # The secret comes last: as long as it is not there, the others are made anew.
        for path, text in ((private, private_key), (public, public_key), (secret, secrets.token_urlsafe(48))):
            path.touch(mode=0o600)
            path.write_text(text, "utf-8")
    return Keys(private.read_text("utf-8"), public.read_text("utf-8"), secret.read_text("utf-8"))


def keys(
    folder: Annotated[Path, typer.Argument(help="Where the three files go; made if it is not there.")],
) -> None:
    """Make the keys of an installation. Files that are there already are left as they are."""
    try:
        read_or_make_keys(folder)
    except OSError as error:
        fail(f"The keys cannot be written to {folder}: {error.strerror}.")
    console.print(f"{folder}: session.pem (for enrolment only), session.pub, secret", highlight=False)
