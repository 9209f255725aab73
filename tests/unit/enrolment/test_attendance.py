"""What is said of who came once a workshop goes on: walk-ins, corrections, the sheet signed on paper."""

from __future__ import annotations

from hashlib import sha256
from io import BytesIO
from uuid import UUID

import pytest
from pypdf import PdfReader

from services.chassis.model import Conflict, DomainError, Forbidden
from services.enrolment.domain.person import Person, Role
from services.enrolment.domain.workshop import Workshop
from services.enrolment.domain.workshop_registration import Presence, Registration, RegistrationState
from services.enrolment.handlers import attendance, workshop_registrations, workshops
from services.enrolment.storage import attendance_proofs
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.meeting_world import JULIEN, MeetingWorld
from tests.unit.enrolment.world import HELENE, World

PDF = b"%PDF-1.7 a scan"
PAUL = "paul@mauguio.example"


@pytest.fixture
def meetings(world: World) -> MeetingWorld:
    return MeetingWorld(world)


@pytest.fixture
def manager(world: World) -> UUID:
    return world.person(HELENE, Role.MANAGER).id


def closed(world: World, meetings: MeetingWorld, buyer: UUID) -> tuple[Workshop, Registration, Registration]:
    """A closed workshop to which Claire came, and Paul did not."""
    workshop = meetings.workshop()
    claire = meetings.register(workshop, buyer)
    paul = meetings.register(workshop, buyer, PAUL, "Paul Roux")
    world.clock.move(days=10, hours=3)
    world.do(workshop_registrations.mark_attendance, workshop.id, {claire.id})
    world.do(workshops.hold_workshop, workshop.id, None)
    return workshop, claire, paul


def correct(world: World, workshop: Workshop, present: set[UUID], by: UUID, **changes: object) -> Workshop:
    values = {"workshop_id": workshop.id, "present": present, "reason": "Feuille relue.", "by": by, **changes}
    return world.do(attendance.correct_attendance, attendance.CorrectAttendance(**values))  # type: ignore[arg-type]


def sheet_text(world: World, workshop: Workshop) -> str:
    with world.runtime.read() as session:
        content = attendance_proofs.attendance_sheet(session, workshop.id).content
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


def test_a_correction_tells_the_new_truth_and_who_said_it_when_and_why(
    world: World, meetings: MeetingWorld, manager: UUID
) -> None:
    workshop, claire, paul = closed(world, meetings, meetings.buyer())
    before = sheet_text(world, workshop)
    world.clock.move(days=3)
    correct(world, workshop, {paul.id}, manager)
    [event] = world.told("workshop.corrected")
    assert (event["state"], event["registered"], event["present"]) == ("held", 2, 1)
    assert world.told("workshop_registration.absent")[-1]["id"] == str(claire.id)
    assert world.told("workshop_registration.attended")[-1]["id"] == str(paul.id)
    assert world.read(Registration, paul.id).presence is Presence.CORRECTION
    with world.runtime.read() as session:
        [correction] = attendance_proofs.corrections_of(session, workshop.id)
    assert (correction.corrected_by, correction.reason, correction.changes) == (manager, "Feuille relue.", 2)
    assert correction.corrected_at == world.clock()
    text = sheet_text(world, workshop)
    assert "Corrigée le 6 décembre 2026" in text and "Feuille relue." in text
    assert "par correction" in text and "Corrigée" not in before


def test_a_correction_that_says_nothing_new_changes_nothing(
    world: World, meetings: MeetingWorld, manager: UUID
) -> None:
    workshop, claire, _ = closed(world, meetings, meetings.buyer())
    correct(world, workshop, {claire.id}, manager)
    assert world.told("workshop.corrected") == []


def test_an_attendance_is_corrected_for_some_days_only_once_it_is_closed_and_with_a_reason(
    world: World, meetings: MeetingWorld, manager: UUID
) -> None:
    open_one = meetings.workshop()
    with pytest.raises(Conflict, match="closed"):
        correct(world, open_one, set(), manager)
    workshop, _, paul = closed(world, meetings, meetings.buyer())
    with pytest.raises(DomainError) as refusal:
        correct(world, workshop, {paul.id}, manager, reason=" ")
    assert refusal.value.field == "reason"
    world.clock.move(days=14)
    with pytest.raises(Conflict, match="final"):
        correct(world, workshop, {paul.id}, manager)


def test_whoever_was_on_no_list_is_added_by_a_correction(
    world: World, meetings: MeetingWorld, manager: UUID
) -> None:
    mauguio = meetings.buyer()
    workshop, claire, _ = closed(world, meetings, mauguio)
    correct(world, workshop, {claire.id}, manager, added=attendance.WalkIn(mauguio, "Denise Aubrac"))
    [event] = world.told("workshop.corrected")
    assert (event["registered"], event["present"]) == (3, 2)
    assert "Denise Aubrac" in sheet_text(world, workshop)


def test_who_comes_unannounced_is_on_the_list_without_an_address_and_beyond_the_places(
    world: World, meetings: MeetingWorld
) -> None:
    mauguio, workshop = meetings.buyer(), meetings.workshop(capacity=1)
    meetings.register(workshop, mauguio)
    waiting = meetings.register(workshop, mauguio, PAUL, "Paul Roux")
    denise = attendance.WalkIn(mauguio, "Denise Aubrac")
    with pytest.raises(Conflict, match="not begun"):
        world.do(attendance.add_walk_in, workshop.id, denise)
    world.clock.move(days=10)
    first, second = (world.do(attendance.add_walk_in, workshop.id, denise) for _ in range(2))
    assert first.id == second.id
    assert (first.state, first.present_at) == (RegistrationState.REGISTERED, world.clock())
    person = world.read(Person, first.person_id)
    assert (person.name, person.address) == ("Denise Aubrac", None)
    known = world.do(attendance.add_walk_in, workshop.id, attendance.WalkIn(mauguio, "Paul", PAUL))
    assert (known.id, known.state) == (waiting.id, RegistrationState.REGISTERED)
    told = world.told("workshop_registration.attended")
    assert [each["contact"]["name"] for each in told] == ["Denise Aubrac", "Paul Roux"]
    assert "@" not in told[0]["contact"]["email"]
    with pytest.raises(Forbidden):
        world.do(attendance.add_walk_in, workshop.id, attendance.WalkIn(workshop.id, "Une inconnue"))


def test_programs_read_the_corrections_and_the_pages_that_were_signed(
    world: World, meetings: MeetingWorld, manager: UUID, visit: Visit
) -> None:
    workshop, _, paul = closed(world, meetings, meetings.buyer())
    correct(world, workshop, {paul.id}, manager)
    sheet_id = world.do(attendance.add_signed_sheet, workshop.id, "feuille.pdf", PDF, manager)
    browser, address = visit(HELENE), f"/api/workshops/{workshop.id}/attendance"
    [correction] = browser.get(f"{address}/corrections").get_json()["items"]
    assert (correction["reason"], correction["changes"]) == ("Feuille relue.", 2)
    [page] = browser.get(f"{address}/signed-sheets").get_json()["items"]
    assert (page["id"], page["name"]) == (str(sheet_id), "feuille.pdf")
    assert browser.get(f"{address}/signed-sheets/{sheet_id}").data == PDF


def test_the_sheet_signed_on_paper_is_kept_with_who_added_it_and_when(
    world: World, meetings: MeetingWorld, manager: UUID
) -> None:
    workshop = meetings.workshop()
    with pytest.raises(Conflict, match="not begun"):
        world.do(attendance.add_signed_sheet, workshop.id, "f.pdf", PDF, manager)
    world.clock.move(days=10)
    with pytest.raises(DomainError, match="Only PDF files and photos") as refusal:
        world.do(attendance.add_signed_sheet, workshop.id, "f.exe", b"MZ", manager)
    assert refusal.value.field == "file"
    sheet_id = world.do(attendance.add_signed_sheet, workshop.id, "feuille.pdf", PDF, manager)
    with world.runtime.read() as session:
        sheet, content = attendance_proofs.signed_sheet_content(session, workshop.id, sheet_id)
    assert (content, sheet.sha256, sheet.name) == (PDF, sha256(PDF).hexdigest(), "feuille.pdf")
    assert (sheet.added_by, sheet.added_at) == (manager, world.clock())


def test_on_the_page_of_attendance_somebody_is_added_the_signed_sheet_kept_and_a_mistake_corrected(
    world: World, meetings: MeetingWorld, visit: Visit
) -> None:
    mauguio = meetings.buyer()
    workshop, claire, paul = closed(world, meetings, mauguio)
    address = f"/workshops/{workshop.id}/attendance"
    world.person(HELENE, Role.MANAGER)
    browser = visit(HELENE)
    assert "Corriger l’émargement" in browser.get(address).text
    assert "Paul Roux" in browser.get(f"{address}/correction").text
    said = {"present": [str(claire.id), str(paul.id)]}
    refused = browser.post(f"{address}/correction", data=said)
    assert refused.status_code == 422 and "checked" in refused.text
    nameless = {**said, "reason": "Feuille relue.", "name": "Denise Aubrac"}
    assert browser.post(f"{address}/correction", data=nameless).status_code == 422
    right = {**said, "reason": "Feuille relue."}
    assert browser.post(f"{address}/correction", data=right).status_code == 303
    nothing = browser.post(f"{address}/signed-sheets", data={"file": (BytesIO(b""), "")})
    assert nothing.status_code == 422
    pages = {"file": [(BytesIO(PDF), "page 1.pdf"), (BytesIO(PDF), "page 2.pdf")]}
    assert browser.post(f"{address}/signed-sheets", data=pages).status_code == 303
    text = browser.get(address).text
    assert all(words in text for words in ("Feuille relue.", "page 1.pdf", "page 2.pdf"))
    sheet = next(part for part in text.split('"') if "/signed-sheets/" in part)
    world.person("paul@ademe.example", Role.FUNDER)
    assert visit("paul@ademe.example").get(sheet).data == PDF
    assert visit(PAUL).get(sheet).status_code in (403, 404)
    world.clock.move(days=15)
    assert "Corriger l’émargement" not in visit(HELENE).get(address).text


def test_an_adviser_adds_who_came_of_their_own_buyers_only(
    world: World, meetings: MeetingWorld, visit: Visit
) -> None:
    mauguio, lunel, workshop = meetings.buyer(), meetings.buyer("Ville de Lunel"), meetings.workshop()
    meetings.follow(meetings.adviser(), mauguio)
    world.clock.move(days=10, hours=1)
    browser, address = visit(JULIEN), f"/workshops/{workshop.id}/attendance/walk-ins"
    assert "walk-in" in browser.get(f"/workshops/{workshop.id}/attendance").text
    denise = {"organisation_id": str(mauguio), "name": "Denise Aubrac"}
    assert browser.post(address, data=denise).status_code == 303
    assert browser.post(address, data={**denise, "name": ""}).status_code == 422
    assert browser.post(address, data={**denise, "organisation_id": str(lunel)}).status_code == 403
    assert browser.post(f"/workshops/{workshop.id}/attendance/signed-sheets").status_code == 403
