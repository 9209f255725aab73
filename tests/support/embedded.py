"""The embedded product in a process of its own, as ``make run`` starts it."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.ports import free_port
from tests.support.process import Process


@dataclass(frozen=True)
class Product:
    """A running product at ``url``, with its data in ``folder``."""

    url: str
    folder: Path
    process: Process


def start_product(folder: Path, port: int, **settings: str) -> Process:
    """``cesar run`` on this folder and port; ``settings`` are environment variables."""
    return cesar("run", env={"PORT": str(port), "DATA": str(folder), **settings})


@contextmanager
def run_product(folder: Path, **settings: str) -> Iterator[Product]:
    """The product, ready, until the block ends."""
    port = free_port()
    with start_product(folder, port, **settings) as process:
        process.wait_for_line("is ready at", timeout=180)
        yield Product(f"http://localhost:{port}", folder, process)


def cesar(*arguments: str, env: Mapping[str, str] | None = None) -> Process:
    """The command ``cesar`` with these arguments."""
    return Process(
        [sys.executable, "-m", "services.console.main", *arguments],
        name=f"cesar {arguments[0]}",
        env={"PYTHONUNBUFFERED": "1", **(env or {})},
    )
