"""A database whose schema is not this release's ends web and worker with one sentence."""

import json
from pathlib import Path
from urllib.request import urlopen

import pytest
from sqlalchemy import create_engine, text

from services.console.keys import read_or_make_keys
from tests.support.embedded import cesar
from tests.support.ports import free_port
from tests.support.real import command


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, str]:
    read_or_make_keys(tmp_path)
    return {
        "CESAR_REPORTING_DATABASE_URL": f"sqlite:///{tmp_path / 'reporting.db'}",
        "CESAR_AMQP_URI": "memory://",
        "CESAR_PUBLIC_URL": "http://localhost",
        "CESAR_MAIL_URL": "smtp://127.0.0.1:25",
        "CESAR_MAIL_FROM": "cesar@cci.example",
        "CESAR_SESSION_PUBLIC_KEY_FILE": str(tmp_path / "session.pub"),
        "CESAR_SECRET_KEY_FILE": str(tmp_path / "secret"),
    }


def last_words(role: str, settings: dict[str, str]) -> str:
    with cesar(role, "reporting", env=settings) as process:
        assert process.wait(60) == 1, process.output
        assert "Traceback" not in process.output
        return process.lines[-1]


@pytest.mark.parametrize("role", ["web", "worker"])
def test_no_schema_at_all(role: str, settings: dict[str, str]) -> None:
    words = last_words(role, settings)
    assert words.startswith("The database of reporting is at schema none")
    assert words.endswith("run “cesar migrate reporting”.")


@pytest.mark.parametrize("role", ["web", "worker"])
def test_a_newer_schema_that_does_not_serve_this_release(role: str, settings: dict[str, str]) -> None:
    migrated_by_a_newer_release(settings, serves_from="999")
    words = last_words(role, settings)
    assert "is at the newer schema ffff, which serves releases from 999 on" in words


def test_a_newer_schema_that_serves_this_release_is_worked_with(settings: dict[str, str]) -> None:
    migrated_by_a_newer_release(settings, serves_from="0.1.0")
    port = free_port()
    with cesar("web", "reporting", env={**settings, "CESAR_BIND": f"127.0.0.1:{port}"}) as web:
        web.wait_for_port(port, timeout=60)
        with urlopen(f"http://127.0.0.1:{port}/reporting/health/ready") as answer:
            assert json.load(answer) == {"status": "ready"}


def migrated_by_a_newer_release(settings: dict[str, str], serves_from: str) -> None:
    command(settings, "migrate", "reporting")
    engine = create_engine(settings["CESAR_REPORTING_DATABASE_URL"])
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'ffff'"))
        word = text("UPDATE schema_compatibility SET serves_from = :release, migrated_by = '999'")
        connection.execute(word, {"release": serves_from})
    engine.dispose()
