"""One service's database, PostgreSQL or SQLite, behind the few things in which they differ.

SQLite is the embedded default: one process, one writer at a time. A transaction that may write starts with
``BEGIN IMMEDIATE`` behind a lock of this process, so that a writer waits for its turn instead of failing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from zlib import crc32

import psycopg
from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Table,
    any_,
    create_engine,
    event,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError, OperationalError
from sqlalchemy.orm import Session

from services.chassis.postgresql import PatientConnection, all_the_time, connect_arguments

OUTBOX_CHANNEL = "outbox"
_TRY_WITHOUT_DISK = "SELECT pg_try_advisory_xact_lock(:key), set_config('synchronous_commit', 'off', true)"
_LISTENER_ASKS_EVERY = 30.0
# For how long a connection that has just been used counts as working, in seconds.
_TRUSTED_FOR = 1.0


class Database:
    """The engine of one service and its transactions. Connections are opened when first needed."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(url) if self.is_sqlite else _postgresql_engine(url, pool_size)
        self._writer = threading.Lock()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose changes are committed at the end, or rolled back when an exception passes."""
        with self._turn(), Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for queries only: nothing that it holds is ever written."""
        with Session(self.engine.execution_options(cesar_reading=True), autoflush=False) as session:
            yield session

    @contextmanager
    def exclusive(self, purpose: str) -> Iterator[Connection | None]:
        """A transaction that only one process at a time is in; None when another one is in it now.

        Its commit does not wait for the disk: what it wrote just before a crash of the server may be undone,
        and has to be such that it can be done again.
        """
        with self._turn(), self.engine.begin() as connection:
            yield connection if self._locked(connection, _TRY_WITHOUT_DISK, purpose) else None

    @contextmanager
    def in_turn(self, purpose: str) -> Iterator[Connection]:
        """A transaction that only one process at a time is in; the others wait."""
        with self._turn(), self.engine.begin() as connection:
            if self.is_sqlite:
                yield connection
                return
            with all_the_time(connection):
                connection.execute(
                    text("SELECT pg_advisory_xact_lock(:key)"), {"key": crc32(purpose.encode())}
                )
                yield connection

    @contextmanager
    def leadership(self, purpose: str) -> Iterator[bool]:
        """Whether this process may act for all replicas until the block ends.

        The lock belongs to a connection: a leader that dies or loses its database stops being one.
        """
        if self.is_sqlite:
            yield True
            return
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            leads = self._locked(connection, "SELECT pg_try_advisory_lock(:key)", purpose)
            try:
                yield leads
            finally:
                if leads and not connection.invalidated:
                    connection.execute(
                        text("SELECT pg_advisory_unlock(:key)"), {"key": crc32(purpose.encode())}
                    )

    def notifications(self, stopped: Callable[[], bool]) -> Iterator[None]:
        """One item for each notification on the outbox's channel, until ``stopped`` (PostgreSQL only).

        Raises DBAPIError when the connection is lost.
        """
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"LISTEN {OUTBOX_CHANNEL}"))
            driver: Any = connection.connection.driver_connection
            asked = time.monotonic()
            while not stopped():
                try:
                    for _ in driver.notifies(timeout=1, stop_after=1):
                        yield
                except psycopg.Error as error:
                    raise OperationalError("LISTEN", None, error) from error
                if time.monotonic() > asked + _LISTENER_ASKS_EVERY:
                    # Silence may mean that there is nothing to hear, or nobody there any more.
                    connection.execute(text("SELECT 1"))
                    asked = time.monotonic()

    def ping(self) -> None:
        """Raises what the driver raises when the database cannot be reached."""
        with self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        self.engine.dispose()

    def _locked(self, connection: Connection, statement: str, purpose: str) -> bool:
        if self.is_sqlite:
            return True
        return bool(connection.scalar(text(statement), {"key": crc32(purpose.encode())}))

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if self.is_sqlite:
            with self._writer:
                yield
        else:
            yield


def insert_for(session: Session, table: Table) -> Any:
    """An ``INSERT`` of the session's dialect: the one that has ``on_conflict_do_...``."""
    return sqlite.insert(table) if session.get_bind().dialect.name == "sqlite" else postgresql.insert(table)


def wait_for_turn(session: Session, purpose: str, about: str) -> None:
    """Until this transaction ends, others who ask the same wait: for what is no row yet that could be locked.

    SQLite lets only one transaction write anyway.
    """
    if session.get_bind().dialect.name != "sqlite":
        keys = func.hashtext(purpose), func.hashtext(about)
        session.execute(select(func.pg_advisory_xact_lock(*keys)))


def is_one_of(connection: Connection, column: Column[Any], values: Sequence[Any]) -> ColumnElement[bool]:
    """``column IN (values)``; on PostgreSQL as one array, so that it is one statement for any number."""
    if connection.dialect.name == "sqlite":
        return column.in_(values)
    return column == any_(literal(list(values), ARRAY(column.type)))


def is_unreachable(error: DBAPIError) -> bool:
    """Whether the error speaks of the connection or of the server's state, not of the statement.

    Source: PostgreSQL's SQLSTATE classes 08 (connection), 53 (resources), 57P (shutdown) and 58 (system).
    """
    if isinstance(error.orig, psycopg.Error):
        state = error.orig.sqlstate
        if state is None:
            return isinstance(error.orig, psycopg.OperationalError)
        return state.startswith(("08", "53", "57P", "58"))
    return isinstance(error, OperationalError) and "unable to open" in str(error.orig)


def _postgresql_engine(url: str, pool_size: int) -> Engine:
    engine = create_engine(url, pool_size=pool_size, max_overflow=5, connect_args=connect_arguments())
    _ask_before_use(engine)

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, arguments: Any, named: dict[str, Any]) -> Any:
        return PatientConnection.connect(*arguments, **named)

    return engine


def _ask_before_use(engine: Engine) -> None:
    """Before a connection is used again, see whether it still works; not if it did a moment ago.

    As SQLAlchemy's ``pool_pre_ping``, which asks each time: a fifth of what a small transaction costs.
    """

    @event.listens_for(engine, "checkin")
    def note(_connection: Any, record: Any) -> None:
        record.info["used"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def ask(connection: Any, record: Any, _proxy: Any) -> None:
        if time.monotonic() - record.info.get("used", time.monotonic()) < _TRUSTED_FOR:
            return
        try:
            engine.dialect.do_ping(connection)
        except psycopg.Error as error:
            raise DisconnectionError("The connection was lost while nobody used it.") from error


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": 10})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # The driver's own transaction control would begin too late for a lock before the first read.
        connection.isolation_level = None
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("cesar_reading", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine
