"""``cesar deploy compose``: the same installation for Docker Compose."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deploy.commands.common import DEFAULT_FILE, FileOption, read_installation
from services.console.output import console, fail


def compose(
    folder: Annotated[Path, typer.Argument(help="Where compose.yaml, configs/ and secrets/ go.")] = Path(
        "compose"
    ),
    file: FileOption = DEFAULT_FILE,
) -> None:
    """Write the installation as a compose.yaml, for one machine that is to have no swarm.

    Passwords and keys that are not in FOLDER/secrets yet are made; those that only you know are named, to be
    put there. Without a swarm there is no update without interruption, no way back by itself and no
    autoscaler: of a range of containers, the least run.
    """
    from deploy.compose import present_secrets, write, write_secrets
    from deploy.credentials import missing_secrets
    from deploy.topology import stack_of

    installation = read_installation(file)
    try:
        made, unknown = missing_secrets(installation, present_secrets(folder))
        write(stack_of(installation), folder)
        write_secrets(folder, made)
    except OSError as error:
        fail(f"{error.filename} cannot be written: {error.strerror}.")
    console.print(f"{folder / 'compose.yaml'}: docker compose up --detach", highlight=False, soft_wrap=True)
    for name, meaning in unknown.items():
        place = folder / "secrets" / name
        console.print(f"Before that, write {place}: {meaning}.", highlight=False, soft_wrap=True)
