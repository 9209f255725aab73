"""A copy and an erasure on real servers, while one of the services is down: late, and never lost."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from services.chassis.service import Runtime
from services.chassis.settings import load_settings
from services.console.installed import load_service
from services.enrolment.domain.person import Person
from services.enrolment.domain.personal_data import ErasureState, PersonErasure, PersonExport
from services.enrolment.handlers import programmes, suppliers
from services.enrolment.handlers.personal_data import erasures, exports
from services.enrolment.storage import personal_data
from services.enrolment.storage.tables import people, person_erasures
from tests.support.embedded import cesar
from tests.support.postgres import Postgres
from tests.support.rabbitmq import RabbitMQ
from tests.support.real import SERVICES, command, real_settings
from tests.support.smtp import MailServer
from tests.support.traces import traces

LATE = "reporting"
NAME, ADDRESS = "Ysaline Cazalis", "ysaline.cazalis@verger.example"


@pytest.fixture
def settings(tmp_path: Path, postgres: Postgres, rabbitmq: RabbitMQ, smtp: MailServer) -> dict[str, str]:
    made = real_settings(tmp_path, "http://localhost:8000", rabbitmq, postgres, smtp)
    command(made, "migrate")
    return made


@pytest.fixture
def runtimes(settings: dict[str, str]) -> Iterator[dict[str, Runtime]]:
    made = {name: Runtime.start(load_service(name), load_settings(name, settings)) for name in SERVICES}
    yield made
    for runtime in made.values():
        runtime.database.close()


@contextmanager
def worker(settings: dict[str, str], service: str) -> Iterator[None]:
    with cesar("worker", service, env=settings) as process:
        process.wait_for_line("workers_started", timeout=60)
        yield


def wait_until(holds: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "It does not come about."
        time.sleep(0.2)


def live(enrolment: Runtime) -> Person:
    """A programme, and a supplier who takes part in it."""
    with enrolment.unit_of_work() as work:
        programmes.create_programme(
            programmes.CreateProgramme(
                slug="cesar",
                name="C.E.S.A.R.",
                description="Acheter responsable.",
                chamber="CCI Hérault",
                contact_email="cesar@cci.example",
                buyer_target=30,
                supplier_target=300,
                budget_total=Decimal("409000.00"),
                budget_funded=Decimal("270000.00"),
            ),
            work,
        )
    with enrolment.unit_of_work() as work:
        invite = suppliers.InviteSupplier(
            programme="cesar",
            inviter_id=None,
            organisation_name="Le Verger",
            siret=None,
            commune="34172",
            contact_name=NAME,
            contact_email=ADDRESS,
        )
        suppliers.invite_supplier(invite, "http://localhost:8000", work)
        [invited] = [event for event in work.recorded if event.type == "enrolment.supplier.invited"]
        token = invited.data["invitation_url"].rpartition("/")[2]
    with enrolment.unit_of_work() as work:
        return suppliers.accept_invitation(token, NAME, work)


def test_a_service_that_is_down_delays_a_copy_and_an_erasure_and_loses_neither(
    settings: dict[str, str], runtimes: dict[str, Runtime], smtp: MailServer
) -> None:
    enrolment = runtimes["enrolment"]

    def answered(what: Callable[..., list[personal_data.Answer]], request: object) -> set[str]:
        with enrolment.read() as session:
            return {answer.service for answer in what(session, request) if answer.is_there}

    def mails() -> list[str]:
        return [mail.subject for mail in smtp.mails if ADDRESS in mail.recipients]

    with ExitStack() as running:
        for service in SERVICES:
            if service != LATE:
                running.enter_context(worker(settings, service))
        # All of them have been there once: a queue is a service's own, and is there as soon as it was.
        with worker(settings, LATE):
            person = live(enrolment)
            wait_until(lambda: any("Bienvenue" in subject for subject in mails()))

        with enrolment.unit_of_work() as work:
            copy = exports.request_export(person.id, person.id, work)
        wait_until(lambda: answered(personal_data.export_answers, copy.id) == {*SERVICES} - {LATE})
        with enrolment.read() as session:
            assert session.get_one(PersonExport, copy.id).ready_at is None
        with worker(settings, LATE):
            wait_until(lambda: any("copie" in subject for subject in mails()))
        with enrolment.read() as session:
            assert session.get_one(PersonExport, copy.id).ready_at is not None

        with enrolment.unit_of_work() as work:
            request = erasures.request_erasure(person.id, person.id, "http://localhost:8000", work)
            [asked] = [each for each in work.recorded if each.type == "enrolment.person.erasure_requested"]
        wait_until(lambda: any("Confirmez" in subject for subject in mails()))
        with enrolment.unit_of_work() as work:
            erasures.confirm_erasure(asked.data["url"].rpartition("/")[2], work)
        with enrolment.unit_of_work() as work:
            erasures.grant_erasure(request.id, person.id, work)
        wait_until(lambda: answered(personal_data.erasure_answers, request.id) == {*SERVICES} - {LATE})
        with enrolment.read() as session:
            assert session.get_one(PersonErasure, request.id).state is ErasureState.ERASING
        with worker(settings, LATE):
            wait_until(lambda: answered(personal_data.erasure_answers, request.id) == {*SERVICES})
            wait_until(lambda: any("données sont effacées" in subject for subject in mails()))

    for name, runtime in runtimes.items():
        assert traces(runtime, person) == set(), name
    with enrolment.read() as session:
        assert session.scalar(select(people.c.name).where(people.c.id == person.id)) == "Personne effacée"
        states = session.scalars(select(person_erasures.c.state)).all()
    assert states == [ErasureState.DONE]
