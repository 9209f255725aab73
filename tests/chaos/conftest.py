"""Servers that the faults may break: private ones, whatever servers the other tests use."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.postgres import PrivatePostgres
from tests.support.rabbitmq import PrivateRabbitMQ, private_rabbitmq


@pytest.fixture
def broker() -> Iterator[PrivateRabbitMQ]:
    with private_rabbitmq() as started:
        yield started


@pytest.fixture
def database_server() -> Iterator[PrivatePostgres]:
    """A server that waits for the disk on each commit, as production does, and may be killed."""
    with tempfile.TemporaryDirectory(prefix="cesar-chaos-") as folder:
        server = PrivatePostgres(Path(folder), durable=True)
        try:
            yield server.start()
        finally:
            server.kill()
