"""The database's start script and the job that makes roles, on a real PostgreSQL."""

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from deploy.credentials import missing_secrets
from deploy.installation import SERVICES
from deploy.topology import stack_of
from tests.support.laid_out import give, lay_out, other_user, short_folder
from tests.support.ports import free_port
from tests.support.postgres import programs
from tests.support.process import Process
from tests.unit.deploy.installations import an_installation

STACK = stack_of(an_installation())


@dataclass
class Server:
    """What the component ``database`` is, on a port of this machine."""

    folder: Path
    secrets: dict[str, str]
    port: int

    @property
    def environment(self) -> Mapping[str, str]:
        return {
            "PATH": f"{programs()}:{os.environ['PATH']}",
            "CESAR_FILES": str(self.folder / "cesar"),
            "CESAR_SECRETS": str(self.folder / "run/secrets"),
            "CESAR_VOLUME": str(self.folder / "volume"),
            "CESAR_DATABASE_HOST": "127.0.0.1",
            "CESAR_PATIENCE": "0",
            "PGPORT": str(self.port),
        }

    def lay_out(self) -> None:
        for component in ("database", "database-roles"):
            lay_out(STACK, component, self.folder, self.secrets)
        (self.folder / "volume").mkdir(exist_ok=True)
        give(self.folder, other_user("postgres"))

    def start(self) -> Process:
        here = {"port": self.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": self.folder}
        options = [word for name, value in here.items() for word in ("-c", f"{name}={value}")]
        return Process(
            ["sh", self.folder / "cesar/start.sh", *STACK.component("database").command, *options],
            env=self.environment,
            cwd=self.folder,
            user=other_user("postgres"),
        )

    def make_roles(self) -> subprocess.CompletedProcess[str]:
        command = ["sh", str(self.folder / "cesar/roles.sh"), *STACK.component("database-roles").command]
        environment = {**os.environ, **self.environment}
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=60, check=False
        )

    def connect(self, role: str, password: str, database: str) -> psycopg.Connection:
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user=role, password=password, dbname=database, autocommit=True
        )

    def account(self, service: str) -> tuple[str, str]:
        """Name and password, as the service's address says."""
        address = urlsplit(self.secrets[f"database-{service}"])
        return address.username or "", address.password or ""

    def connect_as(self, service: str, database: str | None = None) -> psycopg.Connection:
        return self.connect(*self.account(service), database or service)


@pytest.fixture
def server() -> Iterator[Server]:
    with short_folder() as folder:
        laid = Server(folder, missing_secrets(an_installation(), ())[0], free_port())
        laid.lay_out()
        yield laid


def ready(process: Process) -> Process:
    process.wait_for_line("database system is ready to accept connections", timeout=60)
    return process


def stop(process: Process) -> None:
    process.signal(signal.Signals[STACK.component("database").stop_signal or "SIGTERM"])
    assert process.wait(30) == 0, process.output


def test_each_service_has_a_database_of_its_own_and_no_other(server: Server) -> None:
    with ready(server.start()):
        assert server.make_roles().returncode == 0
        for service in SERVICES:
            with server.connect_as(service) as connection:
                connection.execute("CREATE TABLE thing (id int)")
                assert connection.execute("SHOW data_checksums").fetchone() == ("on",)
            for other in {*SERVICES, "postgres", "template1"} - {service}:
                with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
                    server.connect_as(service, other)
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            server.connect(server.account("reporting")[0], server.account("enrolment")[1], "reporting")


def test_a_service_may_do_nothing_beyond_its_database(server: Server) -> None:
    forbidden = ("CREATE ROLE another", "CREATE DATABASE another", "SELECT pg_read_file('/etc/passwd')")
    with ready(server.start()):
        server.make_roles()
        with server.connect_as("enrolment") as connection:
            for statement in forbidden:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(statement)  # type: ignore[call-overload]


def test_with_a_new_address_the_data_is_the_same_and_the_old_one_works_for_a_day(server: Server) -> None:
    with ready(server.start()) as process:
        server.make_roles()
        before = server.account("enrolment")
        with server.connect_as("enrolment") as connection:
            connection.execute("CREATE TABLE thing (id int)")
        stop(process)
    renew(server, "database-password", "database-enrolment")

    with ready(server.start()):
        for _ in range(2):
            again = server.make_roles()
            assert again.returncode == 0, again.stderr

        with server.connect_as("enrolment") as connection:
            connection.execute("ALTER TABLE thing ADD name text")
        with server.connect(*before, "enrolment") as connection:
            connection.execute("SELECT name FROM thing")
        with server.connect("postgres", server.secrets["database-password"], "postgres") as administrator:
            until = dict(
                administrator.execute(
                    "SELECT rolname, CASE WHEN rolvaliduntil = 'infinity' THEN 'always' "
                    "WHEN rolvaliduntil BETWEEN now() + '23 hours' AND now() + '1 day' THEN 'a day' END "
                    "FROM pg_roles WHERE rolcanlogin AND rolname LIKE 'enrolment%'"
                ).fetchall()
            )
        assert until == {before[0]: "a day", server.account("enrolment")[0]: "always"}


def test_an_operator_may_give_another_password_for_the_same_account(server: Server) -> None:
    server.secrets["database-reporting"] = "postgresql+psycopg://reporting:first@database/reporting"
    server.lay_out()
    with ready(server.start()):
        server.make_roles()
        server.secrets["database-reporting"] = "postgresql+psycopg://reporting:second@database/reporting"
        server.lay_out()
        assert server.make_roles().returncode == 0

        server.connect_as("reporting").close()
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            server.connect("reporting", "first", "reporting")


def renew(server: Server, *names: str) -> None:
    """New values for these secrets, where containers that start now find them."""
    made = missing_secrets(an_installation(), ())[0]
    server.secrets |= {name: made[name] for name in names}
    server.lay_out()


def test_a_first_start_that_was_cut_off_begins_anew(server: Server) -> None:
    unfinished = server.folder / "volume/unfinished"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("15\n")
    give(server.folder, other_user("postgres"))

    with ready(server.start()):
        assert server.make_roles().returncode == 0


def test_data_of_another_version_is_left_alone(server: Server) -> None:
    cluster = server.folder / "volume/cluster"
    cluster.mkdir()
    (cluster / "PG_VERSION").write_text("9\n")
    give(server.folder, other_user("postgres"))

    with server.start() as process:
        assert process.wait() == 1

    assert "The data is PostgreSQL 9's and this image has" in process.output
    assert [path.name for path in cluster.iterdir()] == ["PG_VERSION"]


def test_two_servers_never_use_one_volume_at_once(server: Server) -> None:
    with ready(server.start()) as first:
        with server.start() as second:
            assert second.wait() == 1
            assert "Another container still uses this volume." in second.output
        stop(first)

    ready(server.start()).terminate()


def test_the_size_of_the_installation_is_what_the_server_is_set_to(server: Server) -> None:
    with (
        ready(server.start()),
        server.connect("postgres", server.secrets["database-password"], "postgres") as connection,
    ):
        for setting in ("max_connections", "shared_buffers"):
            (value,) = connection.execute(f"SHOW {setting}").fetchone() or ()
            assert f"{setting}={value}" in STACK.component("database").command


def test_an_address_that_cannot_be_taken_apart_is_told(server: Server) -> None:
    server.secrets["database-reporting"] = "postgresql+psycopg://reporting:a@b@database/reporting"
    server.lay_out()

    with ready(server.start()):
        refused = server.make_roles()

    assert refused.returncode == 1
    assert "The secret database-reporting has to be like postgresql+psycopg://reporting" in refused.stderr
