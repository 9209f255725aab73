"""Maker and keeper at work under load, as in the chaos runs, with nothing that breaks."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.chaos.world import World, world
from tests.support.postgres import private_postgres
from tests.support.rabbitmq import private_rabbitmq


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[World]:
    """Two services with committing processes and workers; nothing is committed until it is allowed."""
    with (
        private_rabbitmq() as broker,
        private_postgres() as database_server,
        world(broker, database_server, tmp_path, rate=400) as made,
    ):
        for runtime in made.runtimes.values():
            with runtime.database.write() as session:
                session.execute(text("CREATE TABLE alembic_version (version_num text NOT NULL)"))
                session.execute(text("INSERT INTO alembic_version VALUES ('abc')"))
        yield made


@pytest.fixture
def folder() -> Iterator[Path]:
    """For the files of a backup."""
    with tempfile.TemporaryDirectory(prefix="cesar-backup-") as made:
        yield Path(made)
