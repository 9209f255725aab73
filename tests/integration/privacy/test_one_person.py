"""One person among many, in all four services: a copy of their data, and their erasure, event by event."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from uuid import UUID
from zipfile import ZipFile

import pytest
from sqlalchemy import delete, select

from services.assessment.storage.tables import assessments
from services.chassis import inbox
from services.chassis.events import Event
from services.chassis.failures import record_failure
from services.chassis.inbox import Delivery
from services.chassis.messages import failed_event, outbox
from services.chassis.privacy.collecting import collect
from services.chassis.privacy.declaration import holdings_of
from services.chassis.privacy.sealing import unseal
from services.chassis.privacy.subject import Subject
from services.enrolment.domain.person import Person, PersonGrant, Role
from services.enrolment.domain.personal_data import ErasureState, PersonErasure, PersonExport
from services.enrolment.handlers.people import RegisterPerson, register_person
from services.enrolment.handlers.personal_data import erasures, exports
from services.enrolment.storage import personal_data
from services.enrolment.storage.tables import agreement_signatures
from services.notifications.delivery import transport_for
from services.notifications.delivery.maildir import MaildirTransport
from services.notifications.domain.message import FAREWELL
from services.notifications.handlers.forgetting import remove_forgotten_mails
from services.notifications.storage.tables import forgotten_mails, messages
from services.reporting.storage import queries as figures
from tests.support.story import PUBLIC_URL, Story, deliver_new, log_of, story
from tests.support.traces import traces

# Where somebody's name may stay, because the law wants it: see personal_data.yaml.
KEPT = {"agreement_signature", "agreement_document", "attendance_sheet"}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with story(tmp_path_factory.mktemp("story")) as told:
        yield told


def somebody(told: Story, role: Role) -> Person:
    """The person with this role of whom the most is told, and whose name is nobody else's."""
    with told.runtimes["enrolment"].read() as session:
        bodies = log_of(told.runtimes["enrolment"])
        everybody = session.scalars(select(Person)).all()
        names = Counter(each.name for each in everybody)
        of_role = [each for each in everybody if role in {grant.role for grant in each.grants}]
        return max(
            (each for each in of_role if names[each.name] == 1),
            key=lambda each: sum(str(each.id).encode() in body for body in bodies),
        )


def settle(told: Story) -> None:
    while deliver_new(told.runtimes):
        pass


def erase(told: Story, person: Person) -> UUID:
    """The whole way: asked, confirmed by the link, granted, and heard by all."""
    with told.runtimes["enrolment"].unit_of_work() as work:
        request = erasures.request_erasure(person.id, person.id, PUBLIC_URL, work)
        [asked] = [event for event in work.recorded if event.type == "enrolment.person.erasure_requested"]
        token = asked.data["url"].rpartition("/")[2]
    settle(told)
    with told.runtimes["enrolment"].unit_of_work() as work:
        erasures.confirm_erasure(token, work)
    with told.runtimes["enrolment"].unit_of_work() as work:
        erasures.grant_erasure(request.id, person.id, work)
    settle(told)
    return request.id


def workflows_to(told: Story, address: str) -> list[str]:
    """What is still written to this address."""
    with told.runtimes["notifications"].read() as session:
        return list(session.scalars(select(messages.c.workflow).where(messages.c.address == address)))


def all_figures(told: Story) -> object:
    with told.runtimes["reporting"].read() as session:
        return figures.load_state(session, "cesar", told.now)


def test_a_copy_has_what_every_service_holds_and_can_be_read_by_nobody_else(told: Story) -> None:
    person = somebody(told, Role.SUPPLIER)
    with told.runtimes["enrolment"].unit_of_work() as work:
        request = exports.request_export(person.id, person.id, work)
        assert exports.request_export(person.id, person.id, work) is request
    settle(told)

    with told.runtimes["enrolment"].read() as session:
        export = session.get_one(PersonExport, request.id)
        assert export.ready_at is not None
        parts = personal_data.sealed_parts(session, request.id)
    assert export.private_key is not None
    held = {}
    for service, sealed in parts.items():
        with ZipFile(BytesIO(unseal(sealed, export.private_key))) as archive:
            held[service] = json.loads(archive.read(f"{service}.json"))
    assert set(held) == {"enrolment", "assessment", "notifications", "reporting"}
    tables = {service: {part["table"] for part in told["sections"]} for service, told in held.items()}
    assert {"person", "supplier_enrolment"} <= tables["enrolment"]
    assert "assessment" in tables["assessment"]
    assert "message" in tables["notifications"]
    for runtime in told.runtimes.values():
        with runtime.read() as session:
            query = select(outbox.c.body).where(outbox.c.type.like("%.person_data.collected"))
            for body in session.scalars(query):
                assert person.email.encode() not in body


def test_a_copy_says_nothing_of_other_people(told: Story) -> None:
    """An adviser's has the assessments that they have read, without the suppliers' contacts."""
    runtime = told.runtimes["assessment"]
    with runtime.read() as session:
        query = select(assessments.c.reviewer_id, assessments.c.contact_email)
        reviewer, contact = session.execute(query.where(assessments.c.reviewer_id.is_not(None))).first() or (
            "",
            "",
        )
        sections = collect(session, holdings_of("assessment", runtime.service.metadata), Subject(reviewer))
    assert "États des lieux que vous avez relus" in {section["title"] for section in sections}
    assert contact not in json.dumps(sections)


@pytest.mark.parametrize("role", [Role.BUYER, Role.SUPPLIER, Role.JURY])
def test_nothing_names_an_erased_person_any_more_and_every_figure_stays(told: Story, role: Role) -> None:
    person = somebody(told, role)
    before = all_figures(told)
    assert {name for name, runtime in told.runtimes.items() if traces(runtime, person)} >= {
        "enrolment",
        "notifications",
    }

    request = erase(told, person)

    for name, runtime in told.runtimes.items():
        still_to_be_told = {"message"} if name == "notifications" else set()
        assert traces(runtime, person) - KEPT == still_to_be_told, name
    assert workflows_to(told, person.email) == [FAREWELL]
    assert all_figures(told) == before
    with told.runtimes["enrolment"].read() as session:
        assert session.get_one(PersonErasure, request).state is ErasureState.DONE
        assert session.get_one(Person, person.id).grants == []


def test_what_the_law_wants_kept_is_said_before_and_kept(told: Story) -> None:
    with told.runtimes["enrolment"].read() as session:
        query = select(agreement_signatures.c.person_id, agreement_signatures.c.name)
        signer, name = session.execute(query.where(agreement_signatures.c.party == "buyer")).first() or (
            "",
            "",
        )
        person = session.get_one(Person, signer)
        kept = personal_data.kept_of(session, person)
    assert "Signatures de conventions" in {each.title for each in kept}
    with told.runtimes["enrolment"].unit_of_work() as work:
        manager = PersonGrant(Role.MANAGER, "cesar")
        register_person(RegisterPerson(name="Zoé Lunel", email="zoe@cci.example", grant=manager), work)
    erase(told, person)
    with told.runtimes["enrolment"].read() as session:
        names = set(
            session.scalars(
                select(agreement_signatures.c.name).where(agreement_signatures.c.person_id == signer)
            )
        )
    assert names == {name}


@pytest.mark.parametrize("name", ["assessment", "notifications", "reporting"])
def test_neither_a_rebuild_nor_an_event_that_comes_late_brings_the_person_back(
    told: Story, name: str
) -> None:
    person = somebody(told, Role.BUYER)
    before = {each: log_of(runtime) for each, runtime in told.runtimes.items()}
    erase(told, person)
    runtime = told.runtimes[name]

    runtime.forget_projections()
    for each in told.runtimes.values():
        inbox.handle(runtime, [Delivery(body, replaying=True) for body in log_of(each)])
    assert traces(runtime, person) == set()

    # As they were before the erasure: from a queue, or from a log that was put back.
    runtime.forget_projections()
    for bodies in before.values():
        inbox.handle(runtime, [Delivery(body, replaying=True) for body in bodies])
    assert traces(runtime, person) == set()


def test_an_event_that_waits_for_a_decision_forgets_the_person_too(told: Story) -> None:
    person = somebody(told, Role.BUYER)
    runtime = told.runtimes["reporting"]
    [body, *_] = [each for each in log_of(told.runtimes["enrolment"]) if person.email.encode() in each]
    error = RuntimeError(f"Nobody knows {person.email}.")
    with runtime.database.write() as session:
        event = Event.from_bytes(body)
        record_failure(session, body, event, error, told.now, replaying=False, policy=inbox.POLICY)
    assert traces(runtime, person) == {"failed_event"}

    erase(told, person)

    assert traces(runtime, person) == set()
    with runtime.database.write() as session:
        [kept] = session.scalars(select(failed_event.c.body))
        session.execute(delete(failed_event))
    assert Event.from_bytes(kept).id == event.id


def test_somebody_who_comes_back_with_the_same_address_is_somebody_new(told: Story) -> None:
    person = somebody(told, Role.BUYER)
    erase(told, person)
    told.now += timedelta(days=1)
    with told.runtimes["enrolment"].unit_of_work() as work:
        grant = PersonGrant(Role.JURY, "cesar")
        again = register_person(RegisterPerson(name=person.name, email=person.email, grant=grant), work)
    settle(told)

    assert again.id != person.id
    assert "person" in traces(told.runtimes["notifications"], person)


def test_mails_leave_the_catcher(told: Story) -> None:
    person = somebody(told, Role.BUYER)
    runtime = told.runtimes["notifications"]
    erase(told, person)
    with runtime.read() as session:
        [first, *_] = session.scalars(select(forgotten_mails.c.message_id)).all()
    transport = transport_for(runtime.settings.mail_url)
    assert isinstance(transport, MaildirTransport)
    (transport.folder / "new").mkdir(parents=True, exist_ok=True)
    mail = transport.folder / "new" / f"{first}.eml"
    mail.write_text("To: somebody")

    while remove_forgotten_mails(runtime):
        pass

    assert not mail.exists()
