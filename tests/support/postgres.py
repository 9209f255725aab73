"""PostgreSQL for tests: a private server, or the one that CESAR_TEST_POSTGRES_URI names."""

import os
import secrets
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from tests.support.ports import free_port, wait_until_free
from tests.support.process import Process


class Postgres:
    """A server in which tests make databases. `uri` is its administrator's SQLAlchemy address."""

    def __init__(self, uri: str) -> None:
        self.uri = uri
        self._made: list[str] = []

    def create_database(self, service: str) -> str:
        """A new, empty database that belongs to the service's own role: the SQLAlchemy address for that role.

        As in production, the role may do anything in its database and nothing anywhere else. Its password is
        its name.
        """
        name = f"{service}_{secrets.token_hex(4)}"
        role, database = sql.Identifier(service), sql.Identifier(name)
        with self._administrator() as connection:
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [service]).fetchone()
            if not known:
                connection.execute(
                    sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(role, sql.Literal(service))
                )
            connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(role))
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, role))
            connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
        self._made.append(name)
        host = urlsplit(self.uri).netloc.rpartition("@")[2]
        return f"postgresql+psycopg://{service}:{service}@{host}/{name}"

    def drop_database(self, uri: str) -> None:
        """Remove a database, also while something is connected to it."""
        self._drop(urlsplit(uri).path[1:])

    def drop_all(self) -> None:
        """Remove every database that was made here and is still there."""
        for name in list(self._made):
            self._drop(name)

    def _drop(self, name: str) -> None:
        with self._administrator() as connection:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(name)))
        self._made.remove(name)

    @contextmanager
    def _administrator(self) -> Iterator[psycopg.Connection]:
        with psycopg.connect(self.uri.replace("+psycopg", "", 1), autocommit=True) as connection:
            yield connection


class PrivatePostgres(Postgres):
    """A server of its own: own port, own data folder; run as the user `postgres` when tests run as root."""

    def __init__(self, folder: Path, *, durable: bool) -> None:
        """Prepare the data folder. `durable` waits for the disk on every commit, as production does."""
        self.port = free_port()
        super().__init__(f"postgresql+psycopg://postgres:postgres@127.0.0.1:{self.port}/postgres")
        self._folder = folder
        self._programs = programs()
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(folder, self._user, self._user)
        self._initialise()
        self._settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(folder),
            "max_connections": "200",
            "fsync": "on" if durable else "off",
            "full_page_writes": "on" if durable else "off",
            "synchronous_commit": "on" if durable else "off",
        }
        self.process: Process | None = None

    def start(self) -> Self:
        """Start the server on what its data folder holds and wait until it serves."""
        if self.process is None:
            wait_until_free(self.port)
            options = [f"--{name}={value}" for name, value in self._settings.items()]
            command = [str(self._programs / "postgres"), "-D", str(self._folder / "data"), *options]
            self.process = Process(command, name="PostgreSQL", cwd=self._folder, user=self._user)
            self.process.wait_for_line("database system is ready to accept connections", timeout=60)
        return self

    def stop(self) -> None:
        """Stop the server in good order; it closes the connections that are open."""
        if self.process is not None:
            # A fast shutdown; SIGTERM would wait for every client to leave.
            self.process.signal(signal.SIGINT)
            self.process.wait(30)
            self.process = None

    def kill(self) -> None:
        """`kill -9` the server and its backends."""
        if self.process is not None:
            self.process.kill()
            self.process = None

    def restart(self) -> None:
        """Stop the server in good order and start it again."""
        self.stop()
        self.start()

    def _initialise(self) -> None:
        password = self._folder / "password"
        password.write_text("postgres")
        if self._user:
            shutil.chown(password, self._user)
        command = [
            str(self._programs / "initdb"),
            f"--pgdata={self._folder / 'data'}",
            "--username=postgres",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
            "--no-instructions",
        ]
        with Process(command, cwd=self._folder, user=self._user) as initialisation:
            if initialisation.wait(60) != 0:
                raise RuntimeError(f"initdb failed:\n{initialisation.output}")


def programs() -> Path:
    """Where the newest PostgreSQL keeps its programs; Debian keeps them off the path."""
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3])
    )
    if versions:
        return versions[-1].parent
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    raise RuntimeError("The tests need PostgreSQL: run deploy/setup/test-servers.")


@contextmanager
def private_postgres(*, durable: bool = False) -> Iterator[PrivatePostgres]:
    """A started server, gone at the end with its data. `durable` waits for the disk on every commit."""
    # Not pytest's own temporary folder: the user postgres may not enter it, and a socket needs a short path.
    with tempfile.TemporaryDirectory(prefix="cesar-postgres-") as folder:
        server = PrivatePostgres(Path(folder), durable=durable)
        try:
            yield server.start()
        finally:
            server.kill()


@contextmanager
def any_postgres() -> Iterator[Postgres]:
    """The server that CESAR_TEST_POSTGRES_URI names, or else a private one.

    The named one needs an account that may create roles and databases.
    """
    if uri := os.environ.get("CESAR_TEST_POSTGRES_URI"):
        server = Postgres(uri)
        try:
            yield server
        finally:
            server.drop_all()
    else:
        with private_postgres() as private:
            yield private
