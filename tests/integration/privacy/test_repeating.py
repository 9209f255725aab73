"""Who was erased after a backup is erased again once it is restored: from a list, or from what was kept."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, text

from services.chassis.events import new_id
from services.chassis.messages import erased_person
from services.chassis.privacy import repeating
from services.chassis.privacy.subject import address_digest
from services.chassis.service import Runtime
from services.chassis.settings import load_settings
from services.console.installed import load_service
from services.enrolment.domain.person import Person
from services.notifications.storage.tables import people
from tests.support.postgres import Postgres
from tests.support.rabbitmq import RabbitMQ
from tests.support.real import command, real_settings
from tests.support.smtp import MailServer
from tests.support.traces import traces

PERSON = Person(id=new_id(), name="Ysaline Cazalis", email="ysaline@verger.example")


@pytest.fixture
def settings(tmp_path: Path, postgres: Postgres, rabbitmq: RabbitMQ, smtp: MailServer) -> dict[str, str]:
    made = real_settings(tmp_path, "http://localhost:8000", rabbitmq, postgres, smtp)
    command(made, "migrate")
    return made


@pytest.fixture
def runtime(settings: dict[str, str]) -> Iterator[Runtime]:
    made = Runtime.start(load_service("notifications"), load_settings("notifications", settings))
    yield made
    made.database.close()


def restored(runtime: Runtime) -> None:
    """The database as a backup from before the erasure has it."""
    with runtime.database.write() as session:
        session.execute(delete(erased_person))
        session.execute(delete(people))
        session.execute(
            insert(people).values(id=PERSON.id, version=1, name=PERSON.name, email=PERSON.email, locale="fr")
        )
    assert traces(runtime, PERSON) == {"person"}


def erasure() -> repeating.Erasure:
    digest = address_digest(PERSON.id, PERSON.email)
    return repeating.Erasure(PERSON.id, (digest,), datetime(2026, 5, 1, tzinfo=UTC))


def test_by_the_list_that_was_kept_elsewhere(
    runtime: Runtime, settings: dict[str, str], tmp_path: Path
) -> None:
    repeating.repeat(runtime, [erasure()])
    listed = tmp_path / "erasures.json"
    listed.write_text(command(settings, "privacy", "erasures"))
    [written] = json.loads(listed.read_text())
    assert UUID(written["person_id"]) == PERSON.id
    assert PERSON.email not in listed.read_text()

    restored(runtime)
    command(settings, "privacy", "repeat-erasures", "--list", str(listed))
    assert traces(runtime, PERSON) == set()


def test_by_what_the_restore_has_set_aside(runtime: Runtime, settings: dict[str, str]) -> None:
    command(settings, "privacy", "repeat-erasures", "--set-aside", "notifications")
    repeating.repeat(runtime, [erasure()])
    with runtime.database.write() as session:
        session.execute(text("CREATE SCHEMA before_restore"))
        session.execute(text("CREATE TABLE before_restore.erased_person AS TABLE public.erased_person"))

    restored(runtime)
    command(settings, "privacy", "repeat-erasures", "--set-aside", "notifications")
    assert traces(runtime, PERSON) == set()
