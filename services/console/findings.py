"""What was looked at, whether it is well, and what to do where it is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import NoReturn

import typer

from services.console.output import console, print_json


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. ``service`` is whose it is, ``advice`` what to do when it is not well."""

    service: str
    check: str
    well: bool
    detail: str
    advice: str = ""


def tell(findings: Sequence[Finding], *, as_json: bool) -> NoReturn:
    """Print them and end the command, with exit code 1 when something is not well."""
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            mark = "[green]well[/]" if finding.well else "[bold red]not well[/]"
            console.print(f"{mark}  [bold]{finding.service}[/] {finding.check}: ", end="", highlight=False)
            console.print(finding.detail, markup=False, highlight=False, soft_wrap=True)
            if finding.advice and not finding.well:
                console.print(f"      {finding.advice}", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(0 if all(finding.well for finding in findings) else 1)
