"""``cesar run``: the whole product in one process."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from services.chassis.settings import BadSettings
from services.console.output import fail


def run(
    port: Annotated[
        int, typer.Option(envvar=["CESAR_PORT", "PORT"], help="Where the pages are served.")
    ] = 8000,
    data: Annotated[
        Path, typer.Option(envvar=["CESAR_DATA", "DATA"], help="The folder that keeps everything.")
    ] = Path("var"),
    demo: Annotated[
        bool, typer.Option(envvar=["CESAR_DEMO", "DEMO"], help="Begin with the C.E.S.A.R. demonstration.")
    ] = True,
) -> None:
    """Run the whole product in this process: no broker, no database server, mails on a page.

    Everything is kept in the data folder; what was accepted survives any end of the process.
    """
    from rich.console import Console

    from services.chassis.migrations import MigrationRefused
    from services.console import embedded

    try:
        embedded.run(data, port, demo=demo, console=Console())
    except (BadSettings, MigrationRefused) as error:
        fail(str(error))
