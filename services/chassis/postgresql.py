"""PostgreSQL over a network: nobody waits for ever for an other side that has fallen silent.

A server that ends closes its connections, and both sides know. One that is cut off, frozen or behind a
network that swallows packets says nothing: then time decides, on both sides.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.abc import RV, PQGen
from sqlalchemy import Connection

# Longer than any statement of a request or of a batch, in seconds.
PATIENCE = 60.0

# How soon either side's system gives up a peer that does not even acknowledge packets: after 25 seconds.
_KEEPALIVE = {"idle": 10, "interval": 5, "count": 3}
_UNACKNOWLEDGED = 25


class PatientConnection(psycopg.Connection[Any]):
    """A connection that breaks when an answer takes longer than its patience (None: waits for ever)."""

    patience: float | None

    def __init__(self, pgconn: Any) -> None:
        super().__init__(pgconn)
        self.patience = PATIENCE

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """Raises OperationalError when patience is over; the connection is closed then."""
        if timeout is not None or self.patience is None:
            return super().wait(gen, interval, timeout)
        give_up = time.monotonic() + self.patience
        try:
            return super().wait(gen, interval, self.patience)
        except psycopg.OperationalError as error:
            if time.monotonic() < give_up or error.sqlstate is not None:
                raise
            self.pgconn.finish()
            raise psycopg.OperationalError(
                f"The database has not answered for {self.patience:g} seconds."
            ) from error


def connect_arguments() -> dict[str, Any]:
    """What a connection is opened with.

    The server, too, lets go of a client that is silent in the middle of a transaction, since nobody else
    gets the locks that it holds.
    """
    silent_client = {
        "idle_in_transaction_session_timeout": f"{round(PATIENCE * 1000)}",
        "tcp_keepalives_idle": _KEEPALIVE["idle"],
        "tcp_keepalives_interval": _KEEPALIVE["interval"],
        "tcp_keepalives_count": _KEEPALIVE["count"],
        "tcp_user_timeout": f"{_UNACKNOWLEDGED * 1000}",
    }
    return {
        "application_name": "cesar",
        "connect_timeout": 5,
        "keepalives_idle": _KEEPALIVE["idle"],
        "keepalives_interval": _KEEPALIVE["interval"],
        "keepalives_count": _KEEPALIVE["count"],
        "tcp_user_timeout": _UNACKNOWLEDGED * 1000,
        "options": " ".join(f"-c {name}={value}" for name, value in silent_client.items()),
    }


@contextmanager
def all_the_time(connection: Connection) -> Iterator[None]:
    """Within the block statements may take as long as they like: a migration of a big table does."""
    driver: Any = connection.connection.driver_connection
    driver.patience, before = None, driver.patience
    try:
        yield
    finally:
        driver.patience = before
