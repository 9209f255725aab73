"""What has a tag is changed from the version that was read, or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from services.enrolment.handlers import decisions
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.meeting_world import JULIEN, MeetingWorld
from tests.unit.enrolment.test_api_of_applications import COHORT, LUC, PROGRAMME
from tests.unit.enrolment.world import HELENE, SIRET, World

_WANTS_A_TAG = {"$ref": "#/components/parameters/IF_MATCH"}


@dataclass(frozen=True)
class Change:
    """Who changes what below ``address``; the tag is that of ``read``, or of the address itself."""

    by: str
    address: str
    body: dict[str, Any] = field(default_factory=dict)
    read: str = ""


def changes(world: World, visit: Visit) -> Iterator[Change]:
    programme = {
        "name": "C.E.S.A.R.",
        "description": "Autrement.",
        "chamber": "CCI Hérault",
        "contact_email": "autre@cci.example",
        "buyer_target": 1,
        "supplier_target": 1,
        "budget_total": "1",
    }
    yield Change(HELENE, PROGRAMME, programme)
    yield Change(HELENE, COHORT, {"capacity": 1, "offer_days": 3})
    yield Change(HELENE, f"{COHORT}/call", {"call_text": "Autrement.", "questions": [], "criteria": []})
    yield Change(HELENE, f"{PROGRAMME}/agreement", {"template": "Autrement."})
    submitted = world.apply("Ville de Lattes", contact_email=LUC)
    draft = visit(LUC).post(f"{COHORT}/drafts", json={"typed": {}}).get_json()
    yield Change(LUC, f"/api/drafts/{draft['id']}", {"typed": {"motivation": "Autre."}})
    decided = f"/api/applications/{submitted.id}"
    yield Change(HELENE, f"{decided}/decision", {"verdict": "accept"}, read=decided)
    returned = world.apply("Ville de Ganges")
    world.do(decisions.hand_back, returned.id, "incomplete", "Le plan manque.")
    own, correction = f"/api/applications/{returned.id}", {"motivation": "Autre.", "answers": {}}
    yield Change("claire@ganges.example", own, correction)
    yield Change("claire@ganges.example", f"{own}/submission", correction, read=own)
    yield Change("claire@ganges.example", f"{own}/siret", {"siret": SIRET}, read=own)
    meetings = MeetingWorld(world)
    mauguio, julien = meetings.buyer(), meetings.adviser()
    meetings.follow(julien, mauguio)
    workshop = {
        "title": "Autre",
        "theme": "Autre",
        "starts_at": "2026-12-03T14:00:00+01:00",
        "ends_at": "2026-12-03T17:00:00+01:00",
        "place": "Sète",
        "capacity": 1,
    }
    yield Change(HELENE, f"/api/workshops/{meetings.workshop().id}", workshop)
    left = f"/api/applications/{submitted.id}"
    gone = {"left_on": f"{world.today()}", "reason": "Un autre projet."}
    yield Change(HELENE, f"{left}/leaving", gone, read=left)
    given_up = f"/api/applications/{world.apply('Ville de Sète').id}"
    yield Change(HELENE, f"{given_up}/withdrawal", {"reason": "Un autre projet."}, read=given_up)
    organisation = {"organisation_name": "Autre", "size": None, "legal_form": "public"}
    yield Change(HELENE, f"/api/organisations/{mauguio}", organisation)
    supplier = f"/api/suppliers/{world.invite()[0].id}"
    contact = {"contact_name": "Autre", "contact_email": "autre@jardins.example"}
    yield Change(HELENE, f"{supplier}/contact", contact, read=supplier)
    yield Change(HELENE, f"{supplier}/details", {"organisation_name": "Autre"}, read=supplier)
    yield Change(HELENE, "/api/account/profile", {"name": "Autre", "locale": "fr"})
    appointment = f"/api/appointments/{meetings.book(meetings.slot(julien), mauguio).id}"
    yield Change(JULIEN, f"{appointment}/report", {"report": "Autre."}, read=appointment)
    yield Change(JULIEN, f"{appointment}/note", {"note": "Autre."})


def test_what_has_a_tag_is_changed_from_the_version_that_was_read_only(world: World, visit: Visit) -> None:
    tried = set()
    for change in changes(world, visit):
        api, read = visit(change.by), change.read or change.address
        before = api.get(read)
        assert before.status_code == 200, change
        without = api.put(change.address, json=change.body)
        late = api.put(change.address, json=change.body, headers={"If-Match": '"of-long-ago"'})
        assert (without.status_code, late.status_code) == (428, 412), change
        assert visit(change.by).get(read).data == before.data, change
        tried.add(documented(change.address))
    document = visit().get("/api/openapi.json").get_json()
    assert tried == {
        path
        for path, operations in document["paths"].items()
        if _WANTS_A_TAG in operations.get("put", {}).get("parameters", ())
    }, "tell of each of them in changes()"


def documented(address: str) -> str:
    """The address as the document has it."""
    kinds = "application|workshop|appointment|draft|organisation|supplier"
    path = re.sub(rf"/({kinds})s/[0-9a-f-]{{36}}", r"/\1s/{\1_id}", address)
    return path.replace("/cohorts/2027", "/cohorts/{label}").replace("s/cesar", "s/{slug}")
