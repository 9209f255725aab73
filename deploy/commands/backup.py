"""``cesar deploy backup``: one instant of all data, in a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deploy.commands.common import (
    DEFAULT_FILE,
    FileOption,
    connect_to_engine,
    problems_told,
    read_installation,
)
from services.console.output import console, fail, print_json


def backup(
    folder: Annotated[
        Path, typer.Argument(file_okay=False, exists=True, help="Where the file is written.")
    ] = Path("."),
    file: FileOption = DEFAULT_FILE,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Save all data of the installation as of one instant into one file on this machine.

    Everybody works on meanwhile. The databases hold everything, proofs included; passwords and keys are
    secrets of Docker and are not in the file. It holds people's data: keep it where only you can read it.
    """
    from deploy.archive import BadArchive
    from deploy.backup import back_up

    installation, client = read_installation(file), connect_to_engine()
    try:
        with problems_told():
            path, manifest = back_up(client, installation, folder)
    except BadArchive as error:
        fail(str(error))
    size = path.stat().st_size
    if as_json:
        print_json(
            {"file": str(path), "bytes": size, "taken_at": manifest.taken_at, "release": manifest.release}
        )
    else:
        console.print(
            f"{path}: all data as of {manifest.taken_at:%Y-%m-%d %H:%M:%S} UTC, {size / 1e6:.1f} MB",
            highlight=False,
            soft_wrap=True,
        )
