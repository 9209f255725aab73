"""A world on PostgreSQL, and many who act in it at the same instant."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from typing import TypeVar

from services.chassis.model import Conflict
from services.chassis.service import Runtime
from services.console.data_folder import embedded_settings
from services.console.installed import load_service
from services.enrolment.domain.person import Role
from tests.support.postgres import Postgres
from tests.support.services import Clock
from tests.unit.enrolment.world import HELENE, MONDAY, World

Result = TypeVar("Result")


@contextmanager
def postgres_world(postgres: Postgres, folder: Path) -> Iterator[World]:
    """The programme "cesar" with its manager and an open call, in an empty database of its own."""
    clock = Clock(MONDAY)
    settings = replace(
        embedded_settings("enrolment", folder, 8000, demo=False),
        database_url=postgres.create_database("enrolment"),
        database_pool_size=20,
    )
    runtime = Runtime.start(load_service("enrolment"), settings, clock=clock)
    runtime.migrate()
    world = World(runtime, clock)
    world.programme()
    world.cohort()
    world.person(HELENE, Role.MANAGER)
    yield world
    runtime.database.close()


def at_once(doings: Sequence[Callable[[], Result]]) -> list[Result | Exception]:
    """Let all of them begin at the same instant; what each gave, or how it was refused."""
    start = Barrier(len(doings))

    def begin(do: Callable[[], Result]) -> Result | Exception:
        start.wait()
        try:
            return do()
        except Conflict as refusal:
            return refusal

    with ThreadPoolExecutor(len(doings)) as threads:
        return list(threads.map(begin, doings))
