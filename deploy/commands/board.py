"""Components on their way, as somebody watches them: a live board on a terminal, else a line per change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from rich.progress import Progress as Bars
from rich.progress import SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from deploy.swarm import Progress, Report
from deploy.swarm.waits import silent
from services.console.output import console


@contextmanager
def board(components: Iterable[str], *, is_shown: bool) -> Iterator[Report]:
    """What is told inside of how far each component is."""
    if not is_shown:
        yield silent
    elif console.is_terminal:
        with _live(components) as report:
            yield report
    else:
        yield _lines()


def said(progress: Progress) -> str:
    """How far a component is, in a few words."""
    if progress.state.is_reached:
        return str(progress.state)
    return f"{progress.state}, {progress.current} of {progress.desired}"


@contextmanager
def _live(components: Iterable[str]) -> Iterator[Report]:
    columns = (
        SpinnerColumn(finished_text="[green]✓[/]"),
        TextColumn("{task.description}"),
        TextColumn("{task.fields[said]}", style="dim"),
        TimeElapsedColumn(),
    )
    with Bars(*columns, console=console) as bars:
        rows: dict[str, TaskID] = {
            name: bars.add_task(name, total=1, start=False, said="") for name in components
        }

        def report(component: str, progress: Progress) -> None:
            row = rows[component]
            if not bars.tasks[row].started:
                bars.start_task(row)
            bars.update(row, said=said(progress), completed=int(progress.state.is_reached))

        yield report


def _lines() -> Report:
    latest: dict[str, str] = {}

    def report(component: str, progress: Progress) -> None:
        if latest.get(component) != said(progress):
            latest[component] = said(progress)
            console.print(f"{component}: {latest[component]}", highlight=False, soft_wrap=True)

    return report
