"""The pages of workshops and appointments, for managers, advisers and buyers, who each see what is theirs."""

from __future__ import annotations

import re
from html import unescape

import pytest
from icalendar import Calendar

from services.enrolment.domain.appointment import Appointment
from services.enrolment.domain.person import Role
from services.enrolment.domain.workshop import Workshop, WorkshopState
from services.enrolment.handlers import appointments as appointment_cases
from services.enrolment.handlers import workshops
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.meeting_world import CLAIRE, JULIEN, NADIA, MeetingWorld
from tests.unit.enrolment.world import HELENE, World

FORM = {
    "title": "Trouver des fournisseurs locaux",
    "theme": "Sourcing",
    "day": "03/12/2026",
    "starts": "14:00",
    "ends": "17:00",
    "place": "Sète",
    "capacity": "12",
}


@pytest.fixture
def meetings(world: World) -> MeetingWorld:
    return MeetingWorld(world)


def test_a_manager_schedules_changes_and_cancels_a_workshop(
    world: World, meetings: MeetingWorld, visit: Visit
) -> None:
    meetings.buyer()
    browser = visit(HELENE)
    page = browser.get("/programmes/cesar/cohorts/2027/workshops/new").text
    assert "Programmer" in page
    answer = browser.post("/programmes/cesar/cohorts/2027/workshops/new", data=FORM)
    assert answer.status_code == 303
    workshop = browser.get(answer.location).text
    assert "jeudi 3 décembre 2026" in workshop
    assert "14:00 – 17:00" in workshop
    edit = f"{answer.location}/edit"
    assert 'value="14:00"' in browser.get(edit).text
    assert browser.post(edit, data={**FORM, "place": "Lunel"}).status_code == 303
    assert "Lunel" in browser.get(answer.location).text
    refused = browser.post(f"{answer.location}/cancel", data={"reason": ""})
    assert (refused.status_code, "field--wrong" in refused.text) == (422, True)
    assert browser.post(f"{answer.location}/cancel", data={"reason": "Grève"}).status_code == 303
    assert "Grève" in browser.get(answer.location).text


def test_a_form_that_is_wrong_comes_back_with_all_that_was_typed(world: World, visit: Visit) -> None:
    answer = visit(HELENE).post(
        "/programmes/cesar/cohorts/2027/workshops/new",
        data={**FORM, "ends": "13:00", "video_url": "https://visio.example/a"},
    )
    assert answer.status_code == 422
    for typed in ("Trouver des fournisseurs locaux", "https://visio.example/a", 'value="13:00"'):
        assert typed in answer.text
    assert answer.text.count("field--wrong") == 1


def test_a_buyer_takes_a_place_brings_a_colleague_and_gives_it_back(
    world: World, meetings: MeetingWorld, visit: Visit
) -> None:
    mauguio, workshop = meetings.buyer(), meetings.workshop()
    browser = visit(CLAIRE)
    address = f"/workshops/{workshop.id}"
    assert "Réserver ma place" in browser.get(address).text
    assert browser.post(f"{address}/join").status_code == 303
    colleague = {"organisation_id": str(mauguio), "name": "Paul Roux", "email": "paul@mauguio.example"}
    assert browser.post(f"{address}/register", data=colleague).status_code == 303
    page = browser.get(address).text
    assert "Paul Roux" in page
    withdraw = re.search(r'action="(/workshops/[^"]+/withdraw)"', page)
    assert withdraw
    assert browser.post(withdraw[1]).status_code == 303
    assert browser.get(address).text.count("/withdraw") == 1


def test_a_buyer_registers_nobody_for_others_and_sees_nobody_of_others(
    world: World, meetings: MeetingWorld, visit: Visit
) -> None:
    meetings.buyer()
    suez, workshop = meetings.buyer("Suez"), meetings.workshop()
    theirs = meetings.register(workshop, suez, "jean@suez.example", "Jean Secret")
    browser = visit(CLAIRE)
    assert "Jean Secret" not in browser.get(f"/workshops/{workshop.id}").text
    stranger = {"organisation_id": str(suez), "name": "X", "email": "x@suez.example"}
    assert browser.post(f"/workshops/{workshop.id}/register", data=stranger).status_code == 403
    withdraw = f"/workshops/{workshop.id}/registrations/{theirs.id}/withdraw"
    assert browser.post(withdraw).status_code == 403


def test_people_of_another_programme_or_cohort_see_nothing(
    world: World, meetings: MeetingWorld, visit: Visit
) -> None:
    workshop = meetings.workshop()
    world.programme("other")
    world.person("elsewhere@cci.example", Role.MANAGER, "other")
    world.accept(world.apply("Suez", contact_email="jean@suez.example"))
    for email in ("elsewhere@cci.example", "jean@suez.example"):
        browser = visit(email)
        assert browser.get(f"/workshops/{workshop.id}").status_code == 404
        assert workshop.title not in browser.get("/workshops").text
        assert workshop.title not in browser.get("/workshops.csv").text
        assert workshop.title not in browser.get("/agenda?month=2026-12").text
    stranger = visit("elsewhere@cci.example")
    for path in ("attendance", "sheet.pdf", "screen", "edit"):
        assert stranger.get(f"/workshops/{workshop.id}/{path}").status_code == 404


def test_attendance_is_ticked_and_the_workshop_closed_with_its_sheet(
    world: World, meetings: MeetingWorld, visit: Visit
) -> None:
    mauguio, workshop = meetings.buyer(), meetings.workshop()
    claire = meetings.register(workshop, mauguio)
    meetings.follow(meetings.adviser(), mauguio)
    browser = visit(JULIEN)
    address = f"/workshops/{workshop.id}"
    to_sign = browser.get(f"{address}/sheet.pdf")
    assert to_sign.data.startswith(b"%PDF-")
    world.clock.move(days=10, hours=1)
    assert "Clore l’atelier" not in visit(JULIEN).get(f"{address}/attendance").text
    world.clock.move(hours=2)
    browser = visit(JULIEN)
    assert "Claire Martin" in browser.get(f"{address}/attendance").text
    present = {"present": [str(claire.id)], "then": "close"}
    assert browser.post(f"{address}/attendance", data=present).status_code == 303
    assert world.read(Workshop, workshop.id).state is WorkshopState.HELD
    assert "SHA-256" in browser.get(f"{address}/attendance").text
    first, second = (browser.get(f"{address}/sheet.pdf").data for _ in range(2))
    assert first == second != to_sign.data
    assert browser.post(f"{address}/attendance", data={}).status_code == 409


def test_a_funder_gets_kept_sheets_and_no_other(world: World, meetings: MeetingWorld, visit: Visit) -> None:
    workshop = meetings.workshop()
    world.person("paul@ademe.example", Role.FUNDER)
    browser = visit("paul@ademe.example")
    assert browser.get(f"/workshops/{workshop.id}/sheet.pdf").status_code == 409
    world.clock.move(days=10, hours=3)
    world.do(workshops.hold_workshop, workshop.id, None)
    answer = visit("paul@ademe.example").get(f"/workshops/{workshop.id}/sheet.pdf")
    assert answer.data.startswith(b"%PDF-")


def test_the_code_on_the_screen_leads_a_registered_person_to_confirm(
    world: World, meetings: MeetingWorld, visit: Visit
) -> None:
    mauguio, workshop = meetings.buyer(), meetings.workshop()
    meetings.register(workshop, mauguio)
    meetings.follow(meetings.adviser(), mauguio)
    world.clock.move(days=10)
    screen = visit(JULIEN).get(f"/workshops/{workshop.id}/screen").text
    assert "<svg" in screen
    address = re.search(r"https?://[^\"<]+/check-in/\w+", screen)
    assert address
    visitor = visit().get(address[0])
    assert visitor.status_code == 303 and "sign-in" in visitor.location
    phone = visit(CLAIRE)
    assert "Je suis là" in phone.get(address[0]).text
    assert "est notée" in phone.post(address[0]).text
    world.clock.move(minutes=6)
    again = phone.post(address[0])
    assert (again.status_code, "Scannez" in unescape(again.text)) == (410, True)


def test_a_month_shows_workshops_and_appointments_on_their_days(
    world: World, meetings: MeetingWorld, visit: Visit
) -> None:
    mauguio, julien = meetings.buyer(), meetings.adviser()
    meetings.follow(julien, mauguio)
    meetings.workshop()
    meetings.book(meetings.slot(julien, days=14), mauguio)
    page = visit(JULIEN).get("/agenda?month=2026-12").text
    [third] = re.findall(r"<li class=\"month__day[^>]*>(?:(?!</li>).)*?2026-12-03.*?</li>", page, re.DOTALL)
    assert "Cartographier ses achats" in third
    assert "Ville de Mauguio" in page
    assert "rien ce mois-ci" in visit(JULIEN).get("/agenda?month=2027-08").text.casefold()
    assert visit(JULIEN).get("/agenda?month=soon").status_code == 422


def test_a_calendar_address_shows_what_is_mine_until_it_is_revoked(
    world: World, meetings: MeetingWorld, visit: Visit
) -> None:
    mauguio, julien = meetings.buyer(), meetings.adviser()
    meetings.follow(julien, mauguio)
    mine, other = meetings.workshop(), meetings.workshop(title="Un autre")
    meetings.register(mine, mauguio)
    meetings.book(meetings.slot(julien), mauguio)
    browser = visit(CLAIRE)
    made = re.search(r"(/calendar/[\w-]+\.ics)", browser.post("/agenda/address").text)
    assert made
    anybody = visit()
    answer = anybody.get(made[1])
    assert answer.mimetype == "text/calendar"
    titles = {str(event["SUMMARY"]) for event in Calendar.from_ical(answer.data).events}
    assert titles == {mine.title, "Ville de Mauguio – Julien Valmary"}
    assert other.title not in titles
    replaced = re.search(r"(/calendar/[\w-]+\.ics)", browser.post("/agenda/address").text)
    assert replaced
    assert anybody.get(made[1]).status_code == 404
    assert anybody.get(replaced[1]).status_code == 200
    assert browser.post("/agenda/address/revoke").status_code == 303
    assert anybody.get(replaced[1]).status_code == 404


def test_an_adviser_publishes_times_and_a_buyer_books_moves_and_cancels(
    world: World, meetings: MeetingWorld, visit: Visit
) -> None:
    mauguio, julien = meetings.buyer(), meetings.adviser()
    adviser, buyer = visit(JULIEN), visit(CLAIRE)
    assert "Aucun conseiller" in buyer.get("/appointments/book").text
    assigned = {f"adviser.{mauguio}": str(julien.id)}
    assert visit(HELENE).post("/programmes/cesar/advisers", data=assigned).status_code == 303
    times = {
        "programme": "cesar",
        "day": "2026-12-07",
        "starts": "09:00",
        "ends": "10:00",
        "place": "CCI",
        "weeks": "2",
    }
    assert adviser.post("/appointments/slots", data=times).status_code == 303
    page = buyer.get("/appointments/book").text
    slots = re.findall(r'name="slot_id" value="([^"]+)"', page)
    assert len(slots) == 2
    booking = {"slot_id": slots[0], "organisation_id": str(mauguio), "subject": "Nos clauses"}
    made = buyer.post("/appointments/book", data=booking)
    assert made.status_code == 303
    refused = buyer.post("/appointments/book", data=booking)
    assert (refused.status_code, "Nos clauses" in refused.text) == (422, True)
    assert buyer.post(f"{made.location}/move", data={"slot_id": slots[1]}).status_code == 303
    assert "lundi 14 décembre 2026" in buyer.get(made.location).text
    assert buyer.post(f"{made.location}/cancel", data={"reason": "Empêchement"}).status_code == 303
    assert "Empêchement" in adviser.get(made.location).text


def test_what_an_adviser_notes_is_on_no_page_of_anybody_else(
    world: World, meetings: MeetingWorld, visit: Visit
) -> None:
    mauguio, julien = meetings.buyer(), meetings.adviser()
    meetings.adviser(NADIA, "Nadia Ferhaoui")
    meetings.follow(julien, mauguio)
    appointment = meetings.book(meetings.slot(julien), mauguio)
    world.do(appointment_cases.write_note, appointment.id, julien.id, "Motsecret")
    address = f"/appointments/{appointment.id}"
    assert "Motsecret" in visit(JULIEN).get(address).text
    for email in (CLAIRE, HELENE):
        browser = visit(email)
        assert browser.get(address).status_code == 200
        assert "Motsecret" not in browser.get(address).text
        assert "Motsecret" not in browser.get("/appointments.csv").text
        assert browser.post(f"{address}/note", data={"note": "x"}).status_code == 403
    stranger = visit(NADIA)
    assert stranger.get(address).status_code == 404
    assert "Nos clauses" not in stranger.get("/appointments").text
    assert world.read(Appointment, appointment.id).report is None


def test_the_lists_are_searched_filtered_sorted_and_exported(
    world: World, meetings: MeetingWorld, visit: Visit
) -> None:
    meetings.workshop()
    cancelled = meetings.workshop(title="Indicateurs", theme="Mesure")
    world.do(workshops.cancel_workshop, cancelled.id, "Grève")
    browser = visit(HELENE)
    for query, shown, hidden in (
        ("q=mesure", "Indicateurs", "Cartographier"),
        ("state=scheduled", "Cartographier", "Indicateurs"),
        ("state=cancelled&sort=title", "Indicateurs", "Cartographier"),
        ("cohort=2027&q=carto", "Cartographier", "Indicateurs"),
    ):
        results = browser.get(f"/workshops?{query}").text.split('id="results"')[1]
        assert shown in results and hidden not in results, query
    assert browser.get("/workshops?state=nothing").status_code == 200
    assert "Cartographier ses achats,Analyse des achats,C.E.S.A.R.,2027" in browser.get("/workshops.csv").text


def test_each_home_shows_what_comes_next_and_an_adviser_their_buyers(
    world: World, meetings: MeetingWorld, visit: Visit
) -> None:
    mauguio, julien = meetings.buyer(), meetings.adviser()
    meetings.adviser(NADIA, "Nadia Ferhaoui")
    meetings.follow(julien, mauguio)
    meetings.workshop()
    meetings.book(meetings.slot(julien), mauguio)
    for email in (JULIEN, CLAIRE, HELENE):
        home = visit(email).get("/").text
        assert "Cartographier ses achats" in home
        assert "Ville de Mauguio – Julien Valmary" in home
    assert "que j’accompagne" in visit(JULIEN).get("/").text
    assert "Ville de Mauguio –" not in visit(NADIA).get("/").text
