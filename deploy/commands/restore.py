"""``cesar deploy restore``: all data back to a backup, and back from there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.commands.common import (
    DEFAULT_FILE,
    FileOption,
    connect_to_engine,
    problems_told,
    read_installation,
)
from services.console.output import console, fail

if TYPE_CHECKING:
    from deploy.installation import Installation


def restore(
    path: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="As “cesar deploy backup” wrote it.")
    ] = None,
    undo: Annotated[
        bool, typer.Option("--undo", help="Bring back what was there before the last restore.")
    ] = False,
    forget: Annotated[
        bool, typer.Option("--forget", help="Delete what was there before the last restore.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    file: FileOption = DEFAULT_FILE,
) -> None:
    """Put all data back to a backup. What is there now is kept beside it until you forget it.

    The services stop meanwhile. A backup of an older release is brought to this one. What was handled when
    the backup was taken is not done again, and nobody is mailed twice for it; a mail that left after the
    backup is not known to have left, and leaves again.
    """
    from deploy import restore as restoring

    if [path is not None, undo, forget].count(True) != 1:
        fail("Name the file of a backup, or give --undo or --forget.")
    installation = read_installation(file)
    if path is not None:
        _restore(installation, path, yes=yes)
    elif undo:
        _ask("What happened since the restore will not have happened. Undo it?", yes=yes)
        with problems_told():
            restoring.undo(connect_to_engine(), installation, _say)
        _say("What was there before the restore is there again.")
    else:
        _ask("What was there before the restore is deleted for good. Delete it?", yes=yes)
        with problems_told():
            restoring.forget(connect_to_engine(), installation)
        _say("What was there before the restore is deleted.")


def _restore(installation: Installation, path: Path, *, yes: bool) -> None:
    from deploy import restore as restoring
    from deploy.archive import BadArchive

    try:
        manifest = restoring.readable_backup(path, installation)
    except BadArchive as error:
        fail(str(error))
    _ask(
        f"All data of {installation.name} goes back to {manifest.taken_at:%Y-%m-%d %H:%M:%S} UTC: "
        "what happened since then will not have happened. The pages are away meanwhile. Restore?",
        yes=yes,
    )
    with problems_told():
        restoring.restore(connect_to_engine(), installation, path, _say)
    _say(
        "Restored. What was there before is kept: “cesar deploy restore --undo” brings it back, "
        "“cesar deploy restore --forget” deletes it once you are content."
    )


def _ask(question: str, *, yes: bool) -> None:
    if not yes and not typer.confirm(question):
        raise typer.Exit(1)


def _say(sentence: str) -> None:
    console.print(sentence, highlight=False, soft_wrap=True)
