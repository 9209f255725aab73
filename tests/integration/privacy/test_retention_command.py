"""``cesar retention`` on PostgreSQL: every rule of every service, looked at and carried out."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from services.chassis.clock import utc_now
from services.chassis.messages import outbox, retention_run
from services.chassis.service import Runtime
from services.chassis.settings import load_settings
from services.console.installed import load_service
from services.enrolment.domain.person import PersonGrant, Role
from services.enrolment.handlers.people import RegisterPerson, register_person
from services.enrolment.handlers.personal_data.accounts import note_account_use
from tests.support.postgres import Postgres
from tests.support.rabbitmq import RabbitMQ
from tests.support.real import SERVICES, command, real_settings
from tests.support.smtp import MailServer


@pytest.fixture
def settings(tmp_path: Path, postgres: Postgres, rabbitmq: RabbitMQ, smtp: MailServer) -> dict[str, str]:
    made = real_settings(tmp_path, "http://localhost:8000", rabbitmq, postgres, smtp)
    command(made, "migrate")
    return made


@pytest.fixture
def enrolment(settings: dict[str, str]) -> Iterator[Runtime]:
    made = Runtime.start(load_service("enrolment"), load_settings("enrolment", settings))
    yield made
    made.database.close()


def test_a_dry_run_says_what_a_run_does_and_changes_nothing(
    settings: dict[str, str], enrolment: Runtime
) -> None:
    with enrolment.unit_of_work() as work:
        operator = RegisterPerson(name="Ana Ruiz", email="ana@x.example", grant=PersonGrant(Role.OPERATOR))
        person = register_person(operator, work)
        work.session.flush()
        note_account_use(person.id, utc_now() - timedelta(days=1200), work)

    looked_at = json.loads(command(settings, "retention", "--dry-run", "--json"))
    assert {row["service"] for row in looked_at} == set(SERVICES)
    assert {row["rule"] for row in looked_at if row["due"]} == {"accounts-to-warn"}
    with enrolment.read() as session:
        assert session.scalars(select(retention_run.c.rule)).all() == []

    ended = json.loads(command(settings, "retention", "--json"))
    assert {(row["rule"], row["ended"]) for row in ended if row["ended"]} == {("accounts-to-warn", 1)}
    with enrolment.read() as session:
        types = session.scalars(select(outbox.c.type)).all()
    assert "enrolment.person.account_ending" in types
