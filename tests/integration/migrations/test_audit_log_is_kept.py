"""In each service's database entries of the audit log are added, never changed, and go by retention alone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from services.chassis.messages import audit_entry
from services.chassis.privacy import retention
from services.chassis.service import Runtime
from services.console.data_folder import embedded_settings
from services.console.installed import installed_names, load_service
from tests.support.postgres import Postgres
from tests.support.services import Clock

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str | None:
    """Of an empty PostgreSQL database; None for SQLite's file."""
    if request.param == "sqlite":
        return None
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.create_database("audited")


@pytest.fixture(params=installed_names())
def runtime(request: pytest.FixtureRequest, url: str | None, tmp_path: Path) -> Iterator[Runtime]:
    """A service in whose log are an entry of today and one of fourteen months ago."""
    settings = embedded_settings(request.param, tmp_path, 8000, demo=False)
    settings = replace(settings, database_url=url) if url else settings
    runtime = Runtime.start(load_service(request.param), settings, clock=Clock(NOW))
    runtime.migrate()
    with runtime.database.write() as session:
        session.execute(insert(audit_entry), [entry(NOW), entry(NOW - timedelta(days=425))])
    yield runtime
    runtime.database.close()


def entry(at: datetime) -> dict[str, object]:
    return {
        "at": at,
        "person_name": "Hélène C.",
        "channel": "page",
        "route": "/suppliers",
        "action": "enrolment.supplier.invited",
        "outcome": "done",
        "correlation_id": uuid4(),
    }


def kept(runtime: Runtime) -> int:
    with runtime.read() as session:
        return session.scalar(select(func.count()).select_from(audit_entry)) or 0


def test_no_entry_is_ever_changed(runtime: Runtime) -> None:
    with pytest.raises(IntegrityError, match="never changed"), runtime.database.write() as session:
        session.execute(update(audit_entry).values(person_name="Somebody else"))


def test_nobody_removes_an_entry_by_hand_however_old(runtime: Runtime) -> None:
    with pytest.raises(IntegrityError, match="outlived"), runtime.database.write() as session:
        session.execute(delete(audit_entry).where(audit_entry.c.at < NOW))
    assert kept(runtime) == 2


def test_the_log_is_not_emptied_at_one_stroke(runtime: Runtime) -> None:
    stroke = "DELETE FROM audit_entry" if runtime.database.is_sqlite else "TRUNCATE audit_entry"
    with pytest.raises(IntegrityError), runtime.database.write() as session:
        session.execute(text(stroke))
    assert kept(runtime) == 2


def test_retention_removes_what_has_outlived_its_period_and_nothing_else(runtime: Runtime) -> None:
    assert retention.run(runtime)["audit-log"] == 1
    assert kept(runtime) == 1
    [state] = [each for each in retention.state_of(runtime) if each.rule.key == "audit-log"]
    assert (state.due, state.last_concerned) == (0, 1)

    with pytest.raises(IntegrityError, match="outlived"), runtime.database.write() as session:
        session.execute(delete(audit_entry))
    assert kept(runtime) == 1
