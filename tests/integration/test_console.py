"""The operator's command, on a data folder of the embedded product."""

import json
import shutil
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from services.chassis import inbox
from services.chassis.inbox import Delivery
from services.chassis.messages import audit_entry
from services.chassis.outbox import backlog
from services.chassis.service import Runtime
from services.console.data_folder import embedded_settings
from services.console.installed import installed_names, load_service
from tests.support.embedded import cesar, run_product


@pytest.fixture
def folder(demonstration: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    shutil.copytree(demonstration, folder)
    return folder


def run(folder: Path, *arguments: str, code: int = 0) -> str:
    """The command's output. Fails when it ends with another exit code."""
    with cesar(*arguments, env={"DATA": str(folder), "COLUMNS": "200"}) as process:
        assert process.wait(60) == code, process.output
        return process.output


def test_the_help_names_every_command() -> None:
    with cesar("--help") as process:
        assert process.wait() == 0
        commands = "run web worker migrate doctor health token events parked programme keys"
        for command in commands.split():
            assert command in process.output


def test_the_doctor_finds_the_embedded_product_well(folder: Path) -> None:
    findings = json.loads(run(folder, "doctor", "--json"))
    assert {finding["service"] for finding in findings} == {
        "enrolment",
        "assessment",
        "notifications",
        "reporting",
    }
    assert all(finding["well"] for finding in findings)


def test_the_doctor_names_what_is_not_set_and_says_so_by_its_exit_code(tmp_path: Path) -> None:
    output = run(tmp_path / "nothing", "doctor", code=1)
    assert "CESAR_ENROLMENT_DATABASE_URL is not set" in output


def test_the_doctor_says_which_server_does_not_answer(folder: Path) -> None:
    servers = {"CESAR_AMQP_URI": "amqp://127.0.0.1:1//", "CESAR_MAIL_URL": "smtp://127.0.0.1:1"}
    with cesar("doctor", env={"DATA": str(folder), **servers}) as process:
        assert process.wait(60) == 1
        assert "The broker does not answer" in process.output
        assert "does not take mail" in process.output


def test_events_are_shown_as_they_were_recorded(folder: Path) -> None:
    lines = run(folder, "events", "tail", "enrolment", "--last", "3", "--json").splitlines()
    events = [json.loads(line) for line in lines if line.startswith("{")]
    assert len(events) == 3
    assert all(event["specversion"] == "1.0" and event["source"] == "/enrolment" for event in events)


def test_reporting_can_be_rebuilt_while_the_product_runs(folder: Path) -> None:
    before = facts(folder)
    with run_product(folder):
        output = run(folder, "events", "replay", "reporting", "--rebuild", "--json")
        sent = json.loads(output)
        assert all(progress["sent"] == progress["total"] for progress in sent.values())
        eventually_equal(folder, before)


def test_after_a_restore_the_log_is_published_again_and_nothing_happens_twice(folder: Path) -> None:
    before = facts(folder)
    published = json.loads(run(folder, "events", "publish-again", "--json"))
    assert published["enrolment"] > 0 and published["reporting"] == 0
    assert waiting(folder) == published
    with run_product(folder, CESAR_DEMO="no"):
        deadline = time.monotonic() + 60
        while any(waiting(folder).values()):
            assert time.monotonic() < deadline
            time.sleep(0.3)
    assert facts(folder) == before


def waiting(folder: Path) -> dict[str, int]:
    """How many events each service still has to publish."""
    numbers = {}
    for name in installed_names():
        runtime = start(folder, name)
        with runtime.read() as session:
            numbers[name] = backlog(session).waiting
        runtime.database.close()
    return numbers


def facts(folder: Path) -> int:
    runtime = start(folder, "reporting")
    with runtime.read() as session:
        number = sum(
            session.connection().exec_driver_sql(f"SELECT count(*) FROM {table.name}").scalar_one()
            for table in runtime.service.projections
        )
    runtime.database.close()
    return number


def eventually_equal(folder: Path, wanted: int) -> None:
    deadline = time.monotonic() + 60
    while facts(folder) != wanted:
        assert time.monotonic() < deadline, f"{facts(folder)} rows instead of {wanted}"
        time.sleep(0.3)


def start(folder: Path, service: str) -> Runtime:
    return Runtime.start(load_service(service), embedded_settings(service, folder, 8000, demo=True))


def test_only_a_service_of_read_models_can_be_rebuilt(folder: Path) -> None:
    output = run(folder, "events", "replay", "enrolment", "--rebuild", code=1)
    assert "holds more than read models" in output


def test_a_parked_event_is_listed_shown_retried_and_discarded(folder: Path) -> None:
    assert "Nothing is parked" in run(folder, "parked", "list")
    runtime = start(folder, "reporting")
    inbox.handle(runtime, [Delivery(b"not an event")])
    runtime.database.close()

    [parked] = json.loads(run(folder, "parked", "list", "--json"))
    assert (parked["service"], parked["state"]) == ("reporting", "parked")
    assert "not an event" in run(folder, "parked", "show", parked["id"])
    assert json.loads(run(folder, "parked", "retry", parked["id"], "--json"))["state"] == "retrying"
    run(folder, "parked", "discard", parked["id"], "--reason", "A test of the operator.")
    assert "Nothing is parked" in run(folder, "parked", "list")
    assert "done with" in run(folder, "parked", "retry", parked["id"], code=1)


def test_a_token_is_made_for_a_person_who_is_known(folder: Path) -> None:
    made = json.loads(run(folder, "token", "create", "helene.castelvieil@cci-herault.example", "--json"))
    assert made["token"].count(".") == 2
    assert "Nobody has the address" in run(folder, "token", "create", "nobody@example.org", code=1)


def test_a_token_has_no_role_that_its_person_does_not_have(folder: Path) -> None:
    create = ("token", "create", "helene.castelvieil@cci-herault.example", "--role", "operator")
    assert "Choose at least one role" in run(folder, *create, code=1)


def test_whoever_is_signed_out_by_the_operator_loses_every_token(folder: Path) -> None:
    julien = "julien.valmary@cci-herault.example"
    run(folder, "token", "create", julien, "--role", "adviser", "--name", "CRM")
    assert "1 ended" in run(folder, "token", "revoke", julien)
    assert "0 ended" in run(folder, "token", "revoke", julien)
    assert "Nobody has the address" in run(folder, "token", "revoke", "nobody@example.org", code=1)


def test_an_operator_creates_a_programme_and_who_runs_it(folder: Path) -> None:
    about = ("--name", "Achats en Lozère", "--chamber", "CCI Lozère", "--contact-email", "a@cci48.example")
    run(folder, "programme", "create", "lozere", *about)
    assert "already" in run(folder, "programme", "create", "lozere", *about, code=1)
    assert "small letters" in run(folder, "programme", "create", "Lozère !", *about, code=1)
    run(folder, "programme", "grant", "lozere", "chef@cci48.example", "--role", "manager")
    king = ("programme", "grant", "lozere", "x@cci48.example", "--role", "king")
    assert "has to be" in run(folder, *king, code=1)
    nowhere = ("programme", "grant", "nowhere", "x@cci48.example", "--role", "manager")
    assert "There is no programme" in run(folder, *nowhere, code=1)


def test_keys_are_made_once_and_only_their_owner_can_read_them(tmp_path: Path) -> None:
    run(tmp_path, "keys", str(tmp_path / "keys"))
    first = {path.name: path.read_text() for path in (tmp_path / "keys").iterdir()}
    assert set(first) == {"session.pem", "session.pub", "secret"}
    assert (tmp_path / "keys" / "session.pem").stat().st_mode & 0o077 == 0
    run(tmp_path, "keys", str(tmp_path / "keys"))
    assert {path.name: path.read_text() for path in (tmp_path / "keys").iterdir()} == first


def test_what_the_console_changes_is_in_the_audit_log(folder: Path) -> None:
    run(folder, "programme", "grant", "cesar", "ada@cci.example", "--role", "adviser")
    runtime = Runtime.start(
        load_service("enrolment"), embedded_settings("enrolment", folder, 8000, demo=False)
    )
    with runtime.read() as session:
        entries = session.execute(select(audit_entry).where(audit_entry.c.channel == "console")).all()
    runtime.database.close()
    assert {entry.route for entry in entries} == {"cesar programme grant"}
    assert all(entry.person_name and entry.person_id is None for entry in entries)
