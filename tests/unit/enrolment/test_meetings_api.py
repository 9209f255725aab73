"""Workshops and appointments for programs: the same use cases, the same limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from services.chassis.web.identity import SessionClaim
from services.chassis.web.session import issue_api_token
from services.enrolment.domain.person import Person
from services.enrolment.storage import queries
from services.enrolment.web import create_app
from services.enrolment.web.identities import identity_of
from tests.unit.enrolment.meeting_world import CLAIRE, JULIEN, NADIA, MeetingWorld
from tests.unit.enrolment.world import HELENE, World


@pytest.fixture
def meetings(world: World) -> MeetingWorld:
    return MeetingWorld(world)


class Program:
    """Speaks to the API in the name of one person."""

    def __init__(self, world: World, email: str) -> None:
        with world.runtime.read() as session:
            person = queries.person_by_email(session, email)
        assert isinstance(person, Person)
        key = world.runtime.settings.session_private_key
        assert key
        claim = SessionClaim(uuid4(), world.clock() + timedelta(hours=1))
        identity = replace(identity_of(person), session=claim)
        token = issue_api_token(key, identity, timedelta(hours=1), now=world.clock())
        self.headers = {"Authorization": f"Bearer {token}"}
        self.client: FlaskClient = create_app(world.runtime).test_client()

    def ask(self, method: str, path: str, body: Any = None, status: int = 200, seen: str = "") -> Any:
        """``seen`` is where the tag of the version that is changed stands."""
        headers = dict(self.headers)
        if seen:
            headers["If-Match"] = self.client.get(f"/api{seen}", headers=headers).headers["ETag"]
        answer = self.client.open(f"/api{path}", method=method, json=body, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json if answer.data else None


def test_a_program_of_a_manager_runs_a_workshop_from_beginning_to_end(
    world: World, meetings: MeetingWorld
) -> None:
    mauguio, manager = meetings.buyer(), Program(world, HELENE)
    details = {
        "title": "Indicateurs",
        "theme": "Mesure",
        "starts_at": "2026-12-03T14:00:00+01:00",
        "ends_at": "2026-12-03T17:00:00+01:00",
        "place": "Sète",
        "capacity": 1,
    }
    new = {**details, "programme": "cesar", "cohort": "2027"}
    made = manager.ask("POST", "/workshops", new, 201)
    assert made["state"] == "scheduled"
    path = f"/workshops/{made['id']}"
    manager.ask("PUT", path, details, 428)
    moved = manager.ask("PUT", path, {**details, "place": "Lunel"}, seen=path)
    assert moved["calendar_sequence"] == 1
    person = {"organisation_id": str(mauguio), "name": "Paul Roux", "email": "paul@mauguio.example"}
    paul = manager.ask("POST", f"{path}/registrations", person, 201)
    assert paul["state"] == "registered"
    ada = manager.ask("POST", f"{path}/registrations", {**person, "email": "ada@mauguio.example"}, 201)
    assert ada["state"] == "waiting"
    manager.ask("DELETE", f"{path}/registrations/{paul['id']}", status=204)
    listed = manager.ask("GET", f"{path}/registrations")["items"]
    assert [(each["email"], each["registration"]["state"]) for each in listed] == [
        ("ada@mauguio.example", "registered")
    ]
    world.clock.move(days=10, hours=5)
    manager = Program(world, HELENE)
    manager.ask("POST", f"{path}/close", status=409)
    world.clock.move(hours=2)
    manager = Program(world, HELENE)
    assert manager.ask("PUT", f"{path}/attendance", {"present": [ada["id"]]}) == {"present": 1}
    assert manager.ask("POST", f"{path}/close")["state"] == "held"
    page = manager.ask("GET", "/workshops?state=held")
    assert (page["total"], page["items"][0]["registered"]) == (1, 1)
    manager.ask("POST", f"{path}/cancel", {"reason": "trop tard"}, 409)


def test_a_program_of_a_buyer_books_moves_and_cancels(world: World, meetings: MeetingWorld) -> None:
    mauguio, julien = meetings.buyer(), meetings.adviser()
    assigned = {"organisation_id": str(mauguio), "adviser_id": str(julien.id)}
    manager, adviser, buyer = Program(world, HELENE), Program(world, JULIEN), Program(world, CLAIRE)
    followed = manager.ask("PUT", "/programmes/cesar/advisers", assigned)
    assert followed == manager.ask("GET", "/programmes/cesar/advisers")["items"]
    assert followed[0]["adviser"] == "Julien Valmary"
    times = {
        "programme": "cesar",
        "starts_at": "2026-12-07T09:00:00+01:00",
        "ends_at": "2026-12-07T10:00:00+01:00",
        "video_url": "https://visio.example/julien",
        "weeks": 3,
    }
    published = adviser.ask("POST", "/appointments/slots", times, 201)
    assert buyer.ask("GET", "/appointments/slots")["items"] == published
    adviser.ask("DELETE", f"/appointments/slots/{published[2]['id']}", status=204)
    booking = {"slot_id": published[0]["id"], "organisation_id": str(mauguio), "subject": "Nos clauses"}
    made = buyer.ask("POST", "/appointments", booking, 201)
    buyer.ask("POST", "/appointments", booking, 409)
    path = f"/appointments/{made['id']}"
    moved = buyer.ask("POST", f"{path}/move", {"slot_id": published[1]["id"]})
    assert moved["starts_at"].startswith("2026-12-14")
    adviser.ask("PUT", f"{path}/note", {"note": "Motsecret"}, seen=f"{path}/note")
    assert adviser.ask("GET", f"{path}/note") == {"note": "Motsecret"}
    for other in (buyer, manager):
        assert "Motsecret" not in str(other.ask("GET", path))
        other.ask("GET", f"{path}/note", status=403)
    written = adviser.ask("PUT", f"{path}/report", {"report": "Deux critères."}, seen=path)
    assert written["report"] == "Deux critères."
    buyer.ask("POST", f"{path}/cancel", {"reason": ""}, 422)
    assert buyer.ask("POST", f"{path}/cancel", {"reason": "Conseil"})["state"] == "cancelled"
    assert buyer.ask("GET", "/appointments?state=cancelled")["total"] == 1


def test_programs_see_no_more_than_their_people(world: World, meetings: MeetingWorld) -> None:
    mauguio, suez = meetings.buyer(), meetings.buyer("Suez")
    julien = meetings.adviser()
    meetings.adviser(NADIA, "Nadia")
    meetings.follow(julien, mauguio)
    appointment = meetings.book(meetings.slot(julien), mauguio)
    workshop = meetings.workshop()
    theirs = meetings.register(workshop, mauguio)
    nadia, stranger = Program(world, NADIA), Program(world, "claire@suez.example")
    for other in (nadia, stranger):
        assert other.ask("GET", "/appointments")["total"] == 0
        other.ask("GET", f"/appointments/{appointment.id}", status=404)
    assert stranger.ask("GET", f"/workshops/{workshop.id}/registrations")["items"] == []
    stranger.ask("DELETE", f"/workshops/{workshop.id}/registrations/{theirs.id}", status=403)
    for_others = {"organisation_id": str(mauguio), "name": "X", "email": "x@x.example"}
    stranger.ask("POST", f"/workshops/{workshop.id}/registrations", for_others, 403)
    own = {**for_others, "organisation_id": str(suez)}
    assert stranger.ask("POST", f"/workshops/{workshop.id}/registrations", own, 201)["state"] == "registered"
