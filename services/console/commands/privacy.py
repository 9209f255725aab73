"""Personal data: the register, erasures after a restored backup, and how long things are kept."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import orjson
import typer

from services.chassis.privacy import repeating, retention
from services.console.command_settings import command_runtime
from services.console.installed import installed_names
from services.console.output import console, fail, print_json, print_rows
from services.console.privacy_register import register_document

app = typer.Typer(no_args_is_help=True, help="Personal data: the register of processing, and erasures.")


@app.command()
def register(
    file: Annotated[Path | None, typer.Argument(help="Where to write it; shown by default.")] = None,
) -> None:
    """The register of processing (GDPR, article 30), in French, from what the services declare."""
    if file is None:
        typer.echo(register_document())
        return
    file.write_text(register_document() + "\n", "utf-8")
    console.print(f"Written: {file}")


@app.command()
def erasures() -> None:
    """Everybody who has been erased, without name and address, as JSON: keep it apart from the backups."""
    found = {
        erasure.person_id: erasure
        for name in installed_names()
        for erasure in repeating.erasures_of(command_runtime(name))
    }
    print_json(repeating.as_list(found.values()))


@app.command("repeat-erasures")
def repeat_erasures(
    name: Annotated[
        str | None, typer.Argument(metavar="[SERVICE]", help="All that are here by default.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--list", help="What “cesar privacy erasures” wrote, after the backup.")
    ] = None,
    aside: Annotated[
        bool, typer.Option("--set-aside", help="Those of the databases that the restore has set aside.")
    ] = False,
) -> None:
    """Erase again what a restored backup has brought back. Safe to repeat."""
    if aside == (file is not None):
        fail("Name the list of erasures with --list, or take what was set aside with --set-aside.")
    listed = _read(file) if file else []
    for service in [name] if name else installed_names():
        runtime = command_runtime(service)
        number = repeating.repeat(runtime, repeating.set_aside(runtime) if aside else listed)
        console.print(f"{service}: {number} erasures repeated.")


def _read(file: Path) -> list[repeating.Erasure]:
    try:
        return repeating.read_list(orjson.loads(file.read_bytes()))
    except (OSError, orjson.JSONDecodeError) as error:
        fail(f"The list {file} cannot be read: {error}.")
    except repeating.BadList as error:
        fail(str(error))


def retention_run(
    name: Annotated[str | None, typer.Argument(metavar="[SERVICE]", help="All by default.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """End what has been kept long enough, as the workers do once a day; or say what would end."""
    rows = []
    for service in [name] if name else installed_names():
        runtime = command_runtime(service)
        states = retention.state_of(runtime)
        ended = {} if dry_run else retention.run(runtime)
        for state in states:
            rows.append(
                {
                    "service": service,
                    "rule": state.rule.key,
                    "months": state.period.months,
                    "days": state.period.days,
                    "due" if dry_run else "ended": state.due if dry_run else ended[state.rule.key],
                }
            )
    columns = ("service", "rule", "months", "days", "due" if dry_run else "ended")
    print_rows(columns, rows, as_json=as_json, empty="Nothing is kept for a time only.")
