"""Components on their way, as somebody watches them."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from deploy.commands import board as module
from deploy.commands.board import board
from deploy.swarm import Progress, State

STARTING = Progress(state=State.STARTING, running=0, current=0, desired=2)
WELL = Progress(state=State.WELL, running=2, current=2, desired=2)


def printed(
    monkeypatch: pytest.MonkeyPatch, *told: Progress, is_terminal: bool, is_shown: bool = True
) -> str:
    output = io.StringIO()
    console = Console(file=output, force_terminal=is_terminal, width=100, color_system=None)
    monkeypatch.setattr(module, "console", console)
    with board(["web", "worker"], is_shown=is_shown) as report:
        for progress in told:
            report("web", progress)
    return output.getvalue()


def test_a_program_that_reads_along_gets_a_line_for_each_change(monkeypatch: pytest.MonkeyPatch) -> None:
    one_of_two = replace(STARTING, current=1, running=1)
    told = (STARTING, STARTING, one_of_two, WELL, WELL)
    assert printed(monkeypatch, *told, is_terminal=False).splitlines() == [
        "web: starting, 0 of 2",
        "web: starting, 1 of 2",
        "web: well",
    ]


def test_on_a_terminal_each_component_has_a_row_that_is_ticked_off(monkeypatch: pytest.MonkeyPatch) -> None:
    written = printed(monkeypatch, STARTING, WELL, is_terminal=True)
    # Each picture is drawn where the one before was wiped away.
    web, worker, *_ = written.rpartition("\x1b[2K")[2].splitlines()
    assert web.startswith("✓ web") and "well" in web
    assert "worker" in worker and "✓" not in worker


def test_who_does_not_want_to_see_anything_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert printed(monkeypatch, STARTING, WELL, is_terminal=True, is_shown=False) == ""
