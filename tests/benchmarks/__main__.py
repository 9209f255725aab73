"""Everything, in one run: ``python -m tests.benchmarks``; writes RESULTS.md and its plot beside this file."""

from __future__ import annotations

import argparse
import platform
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import psutil

from tests.benchmarks import (
    measure_consuming,
    measure_growing,
    measure_importing,
    measure_latency,
    measure_publishing,
    measure_replaying,
    measure_replicas,
    measure_scaling,
)
from tests.benchmarks.plot import draw
from tests.benchmarks.report import Section
from tests.benchmarks.stand import Stand, cores, parser, stand

_FOLDER = Path(__file__).parent
_MEASURES: Sequence[Callable[[Stand, argparse.Namespace], Section]] = (
    measure_publishing.measure,
    measure_consuming.measure,
    measure_latency.measure,
    measure_scaling.measure,
    measure_replicas.measure,
    measure_replaying.measure,
    measure_growing.measure,
    measure_importing.measure,
)


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--into", type=Path, default=_FOLDER, help="the folder to write to")
    arguments = options.parse_args()
    begun = time.monotonic()
    sections = []
    with stand() as ready:
        for measure in _MEASURES:
            sections.append(measure(ready, arguments))
            print(sections[-1].as_text(), end="\n\n", flush=True)
    minutes = (time.monotonic() - begun) / 60
    (arguments.into / "rates.svg").write_text(draw(sections))
    (arguments.into / "RESULTS.md").write_text(_results(sections, minutes))


def _results(sections: Sequence[Section], minutes: float) -> str:
    memory = psutil.virtual_memory().total / 1024**3
    own = _FOLDER / "limits.md"
    return "\n".join(
        [
            "# What Cesar does per second",
            "",
            f"Measured {datetime.now(UTC):%d %B %Y} on {cores()} cores with {memory:.0f} GB, Python "
            f"{platform.python_version()}, in {minutes:.0f} minutes, by one run of `make bench`. Broker (one "
            "RabbitMQ node), PostgreSQL and whatever is measured share the cores; both servers wait for the "
            "disk, as in production. Compare within a section: everybody there had their turn on the same "
            "servers in the same run.",
            "",
            "![Events per second](rates.svg)",
            *(section.as_markdown() for section in sections),
            "",
            own.read_text(),
        ]
    )


if __name__ == "__main__":
    main()
