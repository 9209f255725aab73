"""A database whose schema is not this release's ends web and worker with one sentence."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from services.console.keys import read_or_make_keys
from tests.support.embedded import cesar
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
def test_a_schema_of_another_release(role: str, settings: dict[str, str]) -> None:
    command(settings, "migrate", "reporting")
    engine = create_engine(settings["CESAR_REPORTING_DATABASE_URL"])
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    engine.dispose()
    assert "is at schema older but this release needs" in last_words(role, settings)
