"""The page on which an operator sees who is at work, what waits, and what got stuck."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from services.chassis import inbox, processes
from services.chassis.events import new_id
from services.chassis.inbox import Delivery
from services.chassis.processes import Heartbeat, Process
from services.chassis.release import RELEASE
from services.chassis.service import Runtime
from services.chassis.web.session import SESSION_COOKIE, SESSION_LIFETIME
from services.chassis.web.tokens import SESSION_AUDIENCE, encode_token
from services.console.installed import load_web
from tests.support.services import Clock, running
from tests.unit.chassis.web.world import MONDAY, person


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Runtime]:
    with running("reporting", tmp_path, Clock(MONDAY)) as runtime:
        yield runtime


def page(service: Runtime, role: str = "operator") -> str:
    app = load_web(service.service)(service)
    app.testing = True
    client: FlaskClient = app.test_client()
    token = encode_token(
        service.settings.session_private_key or "",
        person(role, locale="en"),
        audience=SESSION_AUDIENCE,
        issued_at=MONDAY,
        lifetime=SESSION_LIFETIME,
    )
    client.set_cookie(SESSION_COOKIE, token)
    return client.get("/reporting/operations").text


def see(service: Runtime, **about: object) -> None:
    """Have a process in the database as if it had been seen."""
    values = {
        "id": new_id(),
        "kind": "worker",
        "host": "a-machine",
        "pid": 77,
        "release": RELEASE,
        "started_at": MONDAY - timedelta(hours=2),
        "seen_at": MONDAY,
        "queue_length": None,
    }
    with service.database.write() as session:
        processes.note(session, Process(**values | about))  # type: ignore[arg-type]


def known(service: Runtime) -> list[Process]:
    with service.read() as session:
        return processes.known(session)


def test_a_service_without_a_worker_says_how_to_start_one(service: Runtime) -> None:
    shown = page(service)
    assert "No worker is at work" in shown
    assert "cesar worker reporting" in shown
    assert "Nobody has been seen" in shown


def test_who_is_at_work_is_told_from_who_fell_silent(service: Runtime) -> None:
    see(service, queue_length=1234)
    see(service, kind="web", seen_at=MONDAY - timedelta(minutes=7))
    shown = page(service)
    assert "All is well here" in shown
    assert (shown.count("At work"), shown.count("Silent")) == (1, 1)
    assert "a-machine, process 77" in shown
    assert "1,234" in shown


def test_an_update_under_way_is_told(service: Runtime) -> None:
    see(service)
    see(service, release="9.9.9")
    assert f"An update is under way: {RELEASE}, 9.9.9." in page(service)


def test_a_parked_event_comes_before_everything_else(service: Runtime) -> None:
    inbox.handle(service, [Delivery(b"not an event")])
    shown = page(service)
    assert "1 event waits for your decision" in shown
    assert "No worker is at work" not in shown


def test_the_versions_are_told(service: Runtime) -> None:
    shown = page(service)
    assert RELEASE in shown
    with service.database.engine.connect() as connection:
        revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
    assert revision in shown


def test_a_process_is_known_from_its_start_to_its_end(service: Runtime) -> None:
    heartbeat = Heartbeat(service, "worker", lambda: 5)
    heartbeat.start()
    deadline = time.monotonic() + 10
    while not known(service):
        assert time.monotonic() < deadline
    [process] = known(service)
    assert (process.kind, process.queue_length, process.release) == ("worker", 5, RELEASE)
    heartbeat.stop()
    assert known(service) == []


def test_a_process_that_ended_without_a_word_is_forgotten_after_a_day(service: Runtime) -> None:
    see(service, id=UUID(int=1), seen_at=MONDAY - timedelta(hours=25))
    see(service, id=UUID(int=2), seen_at=MONDAY - timedelta(hours=23))
    heartbeat = Heartbeat(service, "worker")
    heartbeat.start()
    heartbeat.stop()
    assert [process.id for process in known(service)] == [UUID(int=2)]
