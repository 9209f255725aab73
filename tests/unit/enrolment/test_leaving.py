"""A buyer who gives up in the middle of the year, and one who was noted by mistake."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.chassis.model import Conflict, DomainError, Forbidden
from services.enrolment.domain.application import Application, ApplicationState
from services.enrolment.domain.person import Role
from services.enrolment.handlers import decisions, leaving
from services.enrolment.storage.application_queries import decision_log
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.world import HELENE, World

CLAIRE = "claire@mauguio.example"


@pytest.fixture
def manager(world: World) -> UUID:
    return UUID(world.told("person.registered")[0]["id"])


@pytest.fixture
def buyer(world: World) -> Application:
    """Enrolled: its agreement is signed."""
    return world.do(decisions.enrol, world.accept(world.apply()).id)


def note(world: World, buyer: Application, by: UUID, **changed: Any) -> Application:
    details = {"left_on": world.today(), "reason": "Le service des achats est réorganisé.", **changed}
    command = leaving.NoteLeaving(application_id=buyer.id, by=by, today=world.today(), **details)
    return world.do(leaving.note_leaving, command)


def undo(world: World, buyer: Application, by: UUID) -> Application:
    return world.do(leaving.undo_leaving, buyer.id, by)


def state_of(world: World, application: Application) -> ApplicationState:
    return world.read(Application, application.id).state


def on_the_waiting_list(world: World) -> Application:
    return world.do(decisions.put_on_waiting_list, world.apply("Ville de Lunel").id, None)


def test_who_noted_it_when_and_why_is_kept_and_told(world: World, buyer: Application, manager: UUID) -> None:
    day = world.today() - timedelta(days=3)
    note(world, buyer, manager, left_on=day)
    [told] = world.told("application.left")
    assert (told["state"], told["left_on"]) == ("left", day.isoformat())
    assert told["contact"]["email"] == CLAIRE
    with world.runtime.read() as session:
        line = decision_log(session, application_id=buyer.id)[0]
    assert (line.decision.verdict, line.by) == ("leave", "Hélène C.")
    assert line.decision.reason == "Le service des achats est réorganisé."


@pytest.mark.parametrize(("changed", "field"), [({"reason": " "}, "reason"), ({"days": 1}, "left_on")])
def test_a_reason_is_needed_and_no_day_to_come(
    world: World, buyer: Application, manager: UUID, changed: dict[str, Any], field: str
) -> None:
    days = changed.pop("days", 0)
    with pytest.raises(DomainError) as refused:
        note(world, buyer, manager, left_on=world.today() + timedelta(days=days), **changed)
    assert refused.value.field == field
    assert state_of(world, buyer) is ApplicationState.ENROLLED


def test_only_an_enrolled_buyer_leaves_and_only_once(world: World, buyer: Application, manager: UUID) -> None:
    with pytest.raises(Conflict):
        note(world, world.accept(world.apply("Ville de Lunel")), manager)
    note(world, buyer, manager)
    with pytest.raises(Conflict):
        note(world, buyer, manager)
    assert len(world.told("application.left")) == 1


def test_the_place_goes_to_the_first_on_the_waiting_list(
    world: World, buyer: Application, manager: UUID
) -> None:
    waiting = on_the_waiting_list(world)
    note(world, buyer, manager)
    assert world.read(Application, waiting.id).offered_until is not None


def test_their_people_read_what_is_theirs_and_invite_no_more_suppliers(
    world: World, visit: Visit, buyer: Application, manager: UUID
) -> None:
    supplier, _token = world.invite(buyer.organisation_id)
    note(world, buyer, manager)
    claire = visit(CLAIRE)
    page = claire.get(f"/applications/{buyer.id}")
    assert "Le service des achats est réorganisé." in page.text
    assert "Jardins du Lez" in claire.get("/suppliers").text
    assert claire.get("/suppliers/invite").status_code == 403
    with pytest.raises(Forbidden):
        world.invite(buyer.organisation_id, contact_email="autre@ferme.example", organisation_name="Ferme")
    assert supplier.state == "invited"


def test_a_click_on_the_wrong_buyer_is_undone(world: World, buyer: Application, manager: UUID) -> None:
    note(world, buyer, manager)
    undo(world, buyer, manager)
    [told] = world.told("application.resumed")
    assert (told["state"], told["left_on"], told["reason"]) == ("enrolled", None, None)
    with pytest.raises(Conflict):
        undo(world, buyer, manager)


def test_after_two_weeks_it_stays(world: World, buyer: Application, manager: UUID) -> None:
    note(world, buyer, manager)
    world.clock.move(days=14)
    with pytest.raises(Conflict):
        undo(world, buyer, manager)


def test_nobody_comes_back_to_a_place_that_was_given_again(world: World, manager: UUID) -> None:
    world.cohort("2028", capacity=1)
    first = world.do(decisions.enrol, world.accept(world.apply(cohort_label="2028")).id)
    second = world.apply("Ville de Lunel", cohort_label="2028")
    world.do(decisions.put_on_waiting_list, second.id, None)
    note(world, first, manager)
    with pytest.raises(Conflict):
        undo(world, first, manager)
    assert state_of(world, first) is ApplicationState.LEFT


def test_the_manager_notes_it_on_the_page_and_takes_it_back(
    world: World, visit: Visit, buyer: Application
) -> None:
    browser = visit(HELENE)
    page, cockpit = f"/applications/{buyer.id}", "/programmes/cesar/cohorts/2027/cockpit"
    assert f"{page}#leaving" in browser.get(f"{cockpit}/{buyer.organisation_id}").text
    wrong = browser.post(f"{page}/leaving", data={"left_on": "", "reason": "Réorganisation"})
    assert wrong.status_code == 422
    assert "Réorganisation" in wrong.text
    form = {"left_on": world.today().isoformat(), "reason": "Réorganisation"}
    assert browser.post(f"{page}/leaving", data=form).status_code == 303
    assert browser.post(f"{page}/leaving", data=form).status_code == 422
    overview = browser.get(cockpit).text
    assert "Acheteurs partis" in overview
    assert "Réorganisation" in overview
    assert browser.post(f"{page}/leaving/undo").status_code == 303
    assert state_of(world, buyer) is ApplicationState.ENROLLED


def test_programs_note_it_on_what_they_have_read(world: World, visit: Visit, buyer: Application) -> None:
    browser = visit(HELENE)
    address = f"/api/applications/{buyer.id}"
    told = {"left_on": world.today().isoformat(), "reason": "Réorganisation"}
    assert browser.put(f"{address}/leaving", json=told).status_code == 428
    tag = {"If-Match": browser.get(address).headers["ETag"]}
    left = browser.put(f"{address}/leaving", json=told, headers=tag)
    assert (left.json["state"], left.json["left_on"]) == ("left", told["left_on"])
    assert browser.delete(f"{address}/leaving", headers=tag).status_code == 412
    back = browser.delete(f"{address}/leaving", headers={"If-Match": left.headers["ETag"]})
    assert back.json["state"] == "enrolled"


def test_only_the_manager_of_the_programme_notes_it(world: World, visit: Visit, buyer: Application) -> None:
    world.programme("autre")
    world.person("autre@cci.example", Role.MANAGER, programme="autre")
    world.person("conseil@cci.example", Role.ADVISER)
    form = {"left_on": world.today().isoformat(), "reason": "Réorganisation"}
    for who, status in (("autre@cci.example", 404), ("conseil@cci.example", 403), (CLAIRE, 403)):
        answer = visit(who).post(f"/applications/{buyer.id}/leaving", data=form)
        assert answer.status_code == status, who
    assert state_of(world, buyer) is ApplicationState.ENROLLED
