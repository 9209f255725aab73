"""How the commands speak: plain tables for people, JSON for programs, one sentence when something fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import orjson
import typer
from rich.console import Console
from rich.table import Table

console = Console()
_errors = Console(stderr=True)


def fail(sentence: str) -> NoReturn:
    """Say why in one sentence and end with exit code 1."""
    _errors.print(sentence, style="bold red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(1)


def print_json(value: Any) -> None:
    """The value as indented JSON, instants in ISO 8601."""
    print(orjson.dumps(value, option=orjson.OPT_INDENT_2, default=str).decode())


def print_rows(
    columns: Sequence[str], rows: Sequence[Mapping[str, Any]], *, as_json: bool, empty: str
) -> None:
    """Rows as a table or as JSON; ``empty`` is said when there are none."""
    if as_json:
        print_json([dict(row) for row in rows])
    elif not rows:
        console.print(empty)
    else:
        table = Table(*columns, box=None, header_style="bold")
        for row in rows:
            table.add_row(*("" if row[column] is None else str(row[column]) for column in columns))
        console.print(table)
