"""The cockpit of a cohort: where each buyer stands, who is silent, whom to call, and who sees it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from services.chassis.events import Event, new_id
from services.enrolment.domain.application import Application
from services.enrolment.domain.cockpit import Buyer, Milestone
from services.enrolment.domain.person import Role
from services.enrolment.domain.programme import Cohort, CohortState
from services.enrolment.handlers import decisions, workshop_registrations
from services.enrolment.reactions import reactions
from services.enrolment.storage import cockpit, queries
from services.enrolment.storage.accompanied import Accompanied
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.meeting_world import JULIEN, NADIA, MeetingWorld
from tests.unit.enrolment.world import HELENE, World

COCKPIT = "/programmes/cesar/cohorts/2027/cockpit"


@pytest.fixture
def meetings(world: World) -> MeetingWorld:
    return MeetingWorld(world)


def found(world: World, accompanied: Accompanied | None = None) -> dict[str, Buyer]:
    with world.runtime.read() as session:
        cohort = queries.cohort_by_label(session, "cesar", "2027")
        rows = cockpit.buyers_of(session, cohort, accompanied or Accompanied(("cesar",)))
        return {each.name: each for each in rows}


def assessed(world: World, organisation_id: UUID) -> None:
    """What assessment tells of a supplier that has handed its assessment in."""
    with world.work() as work:
        told = Event(
            id=new_id(),
            source="assessment",
            type="assessment.assessment.submitted",
            version=1,
            subject=uuid4(),
            sequence=1,
            time=work.now,
            data={
                "id": str(uuid4()),
                "programme": "cesar",
                "organisation_id": str(organisation_id),
                "state": "submitted",
                "submitted_at": work.now.isoformat(),
                "validated_at": None,
            },
            correlation_id=new_id(),
        )
        assert reactions.apply(told, work)


def test_milestones_are_what_has_really_happened(world: World, meetings: MeetingWorld) -> None:
    applied = world.apply("Suez")
    assert set(found(world)["Suez"].reached) == {Milestone.APPLIED}
    world.accept(applied)
    world.do(decisions.enrol, applied.id)
    assert set(found(world)["Suez"].reached) == {Milestone.APPLIED, Milestone.ACCEPTED, Milestone.AGREEMENT}
    julien = meetings.adviser()
    meetings.follow(julien, applied.organisation_id)
    workshop = meetings.workshop()
    place = meetings.register(workshop, applied.organisation_id)
    assert Milestone.WORKSHOP not in found(world)["Suez"].reached, "registered is not there yet"
    supplier, _link = world.invite(applied.organisation_id)
    meetings.book(meetings.slot(julien), applied.organisation_id)
    before = found(world)["Suez"]
    assert (before.suppliers, before.assessed, before.has_appointment) == (1, 0, True)
    assert before.adviser == "Julien Valmary"
    world.clock.now = workshop.starts_at
    world.do(workshop_registrations.mark_attendance, workshop.id, {place.id})
    assessed(world, supplier.organisation_id)
    after = found(world)["Suez"]
    assert after.reached[Milestone.WORKSHOP] == workshop.starts_at
    assert (after.assessed, Milestone.ASSESSED in after.reached) == (1, True)


def test_the_last_sign_of_life_is_that_of_any_of_the_buyers_people(world: World, visit: Visit) -> None:
    application = world.accept(world.apply("Suez"))
    world.clock.move(days=10)
    assert found(world)["Suez"].days_silent(world.clock()) == 10
    visit("claire@suez.example")
    assert found(world)["Suez"].days_silent(world.clock()) == 0
    world.clock.move(days=5)
    world.invite(application.organisation_id)
    assert found(world)["Suez"].seen_at == world.clock()


def test_it_takes_as_many_queries_for_many_buyers_as_for_few(world: World) -> None:
    def count() -> int:
        statements: list[str] = []
        engine = world.runtime.database.engine

        def note(_c: object, _k: object, statement: str, *_rest: object) -> None:
            statements.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        found(world)
        event.remove(engine, "before_cursor_execute", note)
        return len(statements)

    for number in range(2):
        world.accept(world.apply(f"Ville {number}"))
    few = count()
    for number in range(2, 8):
        organisation_id = world.accept(world.apply(f"Ville {number}")).organisation_id
        world.invite(organisation_id, organisation_name=f"F{number}", contact_email=f"f{number}@x.example")
    assert count() == few


@pytest.fixture
def silent(world: World) -> Application:
    """A buyer that is silent although it is its turn."""
    application = world.accept(world.apply("Ville de Mauguio"))
    world.do(decisions.enrol, application.id)
    meetings = MeetingWorld(world)
    meetings.follow(meetings.adviser(), application.organisation_id)
    world.clock.move(days=30)
    return application


def call_form(application: Application, **changes: str) -> dict[str, str]:
    return {"person_id": str(application.contact_id), "outcome": "reached", "note": "Rappellera", **changes}


def test_a_manager_sees_who_is_stuck_calls_and_notes_it(
    world: World, silent: Application, visit: Visit
) -> None:
    world.apply("Purple")
    browser = visit(HELENE)
    page = browser.get(COCKPIT).text
    assert "1 personne à appeler" in page
    assert "Claire Martin" in page
    stuck = browser.get(f"{COCKPIT}?stuck=1").text
    assert "Ville de Mauguio" in stuck
    assert "Purple" not in stuck
    here = f"{COCKPIT}/{silent.organisation_id}"
    number = {"person_id": str(silent.contact_id), "number": "04 67 12 34 56"}
    assert browser.post(f"{here}/phone", data=number).status_code == 303
    assert 'href="tel:0467123456"' in browser.get(COCKPIT).text
    assert browser.post(f"{here}/calls", data=call_form(silent)).status_code == 303
    assert "Rappellera" in browser.get(here).text
    page = browser.get(COCKPIT).text
    assert "personne à appeler" not in page
    assert "1 acheteur vous attend" in page, "the other one wants a decision"
    again = call_form(silent, next_on=f"{world.today() + timedelta(days=2):%d/%m/%Y}")
    assert browser.post(f"{here}/calls", data=again).status_code == 303
    world.clock.move(days=2)
    assert "1 personne à appeler" in visit(HELENE).get(COCKPIT).text


def test_what_is_wrong_comes_back_at_its_field_and_nothing_is_lost(
    world: World, silent: Application, visit: Visit
) -> None:
    browser, here = visit(HELENE), f"{COCKPIT}/{silent.organisation_id}"
    yesterday = call_form(silent, next_on=f"{world.today() - timedelta(days=1):%d/%m/%Y}")
    answer = browser.post(f"{here}/calls", data=yesterday)
    assert (answer.status_code, "Rappellera" in answer.text) == (422, True)
    assert answer.text.count("field--wrong") == 1
    assert browser.post(f"{here}/notes", data={"text": "  "}).status_code == 422
    number = {"person_id": str(silent.contact_id), "number": "appelez-moi"}
    assert browser.post(f"{here}/phone", data=number).status_code == 422
    stranger = {"person_id": str(uuid4()), "number": "04 67 12 34 56"}
    assert browser.post(f"{here}/phone", data=stranger).status_code == 403


def test_notes_are_for_the_team_and_travel_nowhere(world: World, silent: Application, visit: Visit) -> None:
    browser, here = visit(HELENE), f"{COCKPIT}/{silent.organisation_id}"
    assert browser.post(f"{here}/notes", data={"text": "Motsecret"}).status_code == 303
    assert "Motsecret" in visit(JULIEN).get(here).text
    claire = visit("claire@mauguio.example")
    assert claire.get(here).status_code == 403
    assert "Motsecret" not in claire.get(f"/applications/{silent.id}").text
    [note] = visit(HELENE).get(f"/api{here}/notes").get_json()["items"]
    assert browser.post(f"{here}/notes/{note['id']}/remove").status_code == 303
    assert "Motsecret" not in browser.get(here).text


def test_an_adviser_sees_and_notes_what_is_about_their_buyers_only(
    world: World, silent: Application, visit: Visit
) -> None:
    other = world.accept(world.apply("Suez"))
    world.person(NADIA, Role.ADVISER, name="Nadia")
    julien, nadia = visit(JULIEN), visit(NADIA)
    for address in (COCKPIT, f"{COCKPIT}/buyers.csv", f"/api{COCKPIT}"):
        seen = julien.get(address).text
        assert "Ville de Mauguio" in seen
        assert "Suez" not in seen
        assert "Ville de Mauguio" not in nadia.get(address).text
    theirs = f"{COCKPIT}/{other.organisation_id}"
    for path in ("", "/calls", "/notes", "/people"):
        assert julien.get(f"/api{theirs}{path}" if path else theirs).status_code == 404
    assert julien.post(f"{theirs}/calls", data=call_form(other)).status_code == 404
    assert julien.post(f"/api{theirs}/notes", json={"text": "x"}).status_code == 404


def test_the_same_is_there_for_programs_and_spreadsheets(silent: Application, visit: Visit) -> None:
    manager: FlaskClient = visit(HELENE)
    [row] = manager.get(f"/api{COCKPIT}?stuck=1").get_json()["items"]
    assert (row["name"], row["next_step"], row["is_to_be_called"]) == (
        "Ville de Mauguio",
        "come_to_workshop",
        True,
    )
    here = f"/api{COCKPIT}/{silent.organisation_id}"
    made = manager.post(f"{here}/calls", json={**call_form(silent), "next_on": None})
    assert made.status_code == 201
    [noted] = manager.get(f"{here}/calls").get_json()["items"]
    assert (noted["id"], noted["outcome"]) == (made.get_json()["id"], "reached")
    table = manager.get(f"{COCKPIT}/buyers.csv").text.splitlines()
    assert len(table) == 2
    assert "Ville de Mauguio" in table[1]


def test_programs_keep_the_numbers_of_people_to_call_and_forget_them(
    world: World, silent: Application, visit: Visit
) -> None:
    julien, here = visit(JULIEN), f"/api{COCKPIT}/{silent.organisation_id}"
    [person] = julien.get(f"{here}/people").get_json()["items"]
    assert person == {"person_id": str(silent.contact_id), "name": "Claire Martin"}
    phone = f"{here}/people/{silent.contact_id}/phone"

    def known() -> str | None:
        [row] = julien.get(f"/api{COCKPIT}").get_json()["items"]
        assert row["contact_id"] == str(silent.contact_id)
        return str(row["phone"]) if row["phone"] else None

    assert julien.put(phone, json={"number": "04 67 12 34 56"}).status_code == 204
    assert known() == "04 67 12 34 56"
    assert julien.put(phone, json={"number": "appelez-moi"}).status_code == 422
    assert julien.put(f"{here}/people/{uuid4()}/phone", json={"number": "04 67 12 34 56"}).status_code == 403
    assert julien.put(phone, json={"number": ""}).status_code == 204
    assert known() is None


def test_programs_remove_a_note_once_and_only_where_they_may(
    world: World, silent: Application, visit: Visit
) -> None:
    world.person(NADIA, Role.ADVISER, name="Nadia")
    julien, here = visit(JULIEN), f"/api{COCKPIT}/{silent.organisation_id}"
    note = f"{here}/notes/{julien.post(f'{here}/notes', json={'text': 'À rappeler'}).get_json()['id']}"
    phone = f"{here}/people/{silent.contact_id}/phone"
    nadia = visit(NADIA)
    assert nadia.delete(note).status_code == 404
    assert nadia.put(phone, json={"number": "04 67 12 34 56"}).status_code == 404
    assert julien.delete(note).status_code == 204
    assert julien.delete(note).status_code == 404
    assert julien.get(f"{here}/notes").get_json()["items"] == []


def test_suppliers_who_do_not_answer_are_named_to_those_who_accompany_them(
    world: World, silent: Application, visit: Visit
) -> None:
    other = world.accept(world.apply("Suez")).organisation_id
    world.invite(silent.organisation_id, organisation_name="Muet SARL", contact_email="m@muet.example")
    world.invite(other, organisation_name="Secret SARL", contact_email="s@secret.example")
    assert "Muet SARL" not in visit(HELENE).get(COCKPIT).text
    world.clock.move(days=22)
    assert "Secret SARL" in visit(HELENE).get(COCKPIT).text
    seen = visit(JULIEN).get(COCKPIT).text
    assert "Muet SARL" in seen
    assert "Secret SARL" not in seen


def test_suppliers_of_another_cohorts_buyers_are_not_this_cohorts(
    world: World, silent: Application, visit: Visit
) -> None:
    world.cohort("2029")
    world.accept(world.apply("Suez", cohort_label="2029"))
    world.invite(silent.organisation_id, organisation_name="Muet SARL", contact_email="m@muet.example")
    world.clock.move(days=22)
    browser = visit(HELENE)
    assert "Muet SARL" in browser.get(COCKPIT).text
    assert "Muet SARL" not in browser.get(COCKPIT.replace("2027", "2029")).text


def test_the_home_of_the_team_leads_with_the_cohort_that_is_running(
    world: World, silent: Application, visit: Visit
) -> None:
    manager, julien = visit(HELENE), visit(JULIEN)
    assert "Suivi de la promotion" not in manager.get("/").text
    with world.work() as work:
        work.get(Cohort, silent.cohort_id).state = CohortState.RUNNING
    for browser in (manager, julien):
        home = browser.get("/").text
        assert f'href="{COCKPIT}"' in home
        assert "Claire Martin, Ville de Mauguio" in home, "whom to call first"
        assert home.index(COCKPIT) < home.index('id="programme-cesar"')
    assert "Attendent l’équipe" not in home, "that is for the manager"
