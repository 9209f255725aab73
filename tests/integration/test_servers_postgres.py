"""The private database server that tests start."""

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.pool import NullPool

from tests.support.postgres import PrivatePostgres, any_postgres, private_postgres


@pytest.fixture(scope="module")
def server() -> Iterator[PrivatePostgres]:
    with private_postgres(durable=True) as started:
        yield started


def run(uri: str, *statements: str) -> list[object]:
    """Run these in one transaction; the first column of what the last one found."""
    with create_engine(uri, poolclass=NullPool).begin() as connection:
        for statement in statements:
            result = connection.execute(text(statement))
        return list(result.scalars()) if result.returns_rows else []


def test_a_service_owns_its_database(server: PrivatePostgres) -> None:
    uri = server.create_database("enrolment")
    assert run(uri, "CREATE TABLE cohort (label text)", "INSERT INTO cohort VALUES ('2024')") == []
    assert run(uri, "SELECT label FROM cohort") == ["2024"]
    assert run(uri, "SELECT current_user") == ["enrolment"]


def test_a_service_cannot_enter_the_database_of_another(server: PrivatePostgres) -> None:
    server.create_database("reporting")
    enrolment = server.create_database("enrolment")
    with pytest.raises(OperationalError, match="permission denied"):
        run(enrolment.replace("enrolment:enrolment@", "reporting:reporting@"), "SELECT 1")


def test_a_service_cannot_make_databases(server: PrivatePostgres) -> None:
    engine = create_engine(
        server.create_database("enrolment"), isolation_level="AUTOCOMMIT", poolclass=NullPool
    )
    with engine.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
        connection.execute(text("CREATE DATABASE another"))


def test_each_database_is_new(server: PrivatePostgres) -> None:
    first, second = server.create_database("enrolment"), server.create_database("enrolment")
    run(first, "CREATE TABLE cohort (label text)")
    assert run(second, "SELECT count(*) FROM information_schema.tables WHERE table_name = 'cohort'") == [0]


def test_french_text_is_kept(server: PrivatePostgres) -> None:
    uri = server.create_database("enrolment")
    assert run(uri, "SELECT 'état des lieux, œuvre, 12 €'") == ["état des lieux, œuvre, 12 €"]


def test_commits_survive_a_restart_and_a_kill(server: PrivatePostgres) -> None:
    uri = server.create_database("enrolment")
    run(uri, "CREATE TABLE cohort (label text)", "INSERT INTO cohort VALUES ('2022')")
    server.restart()
    run(uri, "INSERT INTO cohort VALUES ('2023')")
    server.kill()
    with pytest.raises(OperationalError):
        run(uri, "SELECT 1")
    server.start()
    assert run(uri, "SELECT label FROM cohort ORDER BY label") == ["2022", "2023"]


def test_a_dropped_database_is_gone_even_when_it_is_in_use(server: PrivatePostgres) -> None:
    uri = server.create_database("enrolment")
    engine = create_engine(uri, poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        server.drop_database(uri)
        with pytest.raises(OperationalError):
            connection.execute(text("SELECT 1"))
    with pytest.raises(OperationalError, match="does not exist"):
        run(uri, "SELECT 1")


def test_a_named_server_takes_the_place_of_a_private_one_and_is_left_clean(
    server: PrivatePostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CESAR_TEST_POSTGRES_URI", server.uri)
    with any_postgres() as named:
        uri = named.create_database("enrolment")
        assert run(uri, "SELECT 1") == [1]
    with pytest.raises(OperationalError, match="does not exist"):
        run(uri, "SELECT 1")
    assert server.process is not None and server.process.running


def test_nothing_of_the_server_is_left_at_the_end() -> None:
    with private_postgres() as server:
        assert server.process is not None
        pid = server.process.pid
        folder = Path(psutil.Process(pid).cwd()).parent
        assert folder.exists()
    assert not psutil.pid_exists(pid)
    assert not folder.exists()
