"""“My data”, and the team's page of requests: who may ask what, and who may see it."""

import json
import re
from datetime import datetime, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest

from services.chassis import inbox
from services.chassis.inbox import Delivery
from services.chassis.model import Conflict, Gone
from services.chassis.privacy.collecting import pack
from services.chassis.privacy.sealing import seal
from services.enrolment.domain.person import Person, Role
from services.enrolment.domain.personal_data import HOLDERS, ErasureState, PersonErasure
from services.enrolment.handlers import suppliers
from services.enrolment.handlers.personal_data import erasures, exports
from services.enrolment.handlers.personal_data.outliving import OUTLIVED
from services.enrolment.storage import personal_data, queries
from tests.support.services import PUBLIC_URL, recorded
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.world import HELENE, World

ANA = "ana@mairie.example"


@pytest.fixture
def ana(world: World) -> Person:
    return world.person(ANA, Role.JURY, name="Ana Ruiz")


def hear_own_events(world: World) -> None:
    """Enrolment is asked like every other service, by its own events."""
    wanted = world.runtime.service.reactions.event_types
    inbox.handle(
        world.runtime, [Delivery(each.to_bytes()) for each in recorded(world.runtime) if each.type in wanted]
    )


def answer_for(world: World, request: exports.PersonExport, *services: str) -> None:
    for service in services:
        part = pack(service, [{"title": service, "rows": [], "purpose": "", "retention": ""}], ())
        world.do(exports.keep_piece, request.id, service, 1, 1, seal(part, request.public_key))


def link_of(world: World) -> str:
    return str(world.told("person.erasure_requested")[-1]["url"]).removeprefix(PUBLIC_URL)


def test_a_copy_is_ready_when_every_service_has_answered_and_not_before(
    world: World, visit: Visit, ana: Person
) -> None:
    browser = visit(ANA)
    assert browser.post("/account/data/copy").status_code == 303
    assert browser.post("/account/data/copy").status_code == 303
    [asked] = world.told("person.export_requested")
    assert ANA not in json.dumps(asked, default=str)
    with world.runtime.read() as session:
        request = personal_data.latest_export(session, ana.id)
    assert request is not None
    answer_for(world, request, *HOLDERS[1:])
    assert browser.get(f"/account/data/copy/{request.id}").status_code == 409

    hear_own_events(world)
    hear_own_events(world)

    assert [told["contact"]["email"] for told in world.told("person.export_ready")] == [ANA]
    answer = browser.get(f"/account/data/copy/{request.id}")
    assert answer.status_code == 200
    with ZipFile(BytesIO(answer.data)) as archive:
        assert {f"cesar/{service}.json" for service in HOLDERS} <= set(archive.namelist())
        assert "Ana Ruiz" in archive.read("cesar/index.html").decode()
        held = json.loads(archive.read("cesar/enrolment.json"))
    assert {"person", "sign_in_link"} <= {section["table"] for section in held["sections"]}
    assert "token_digest" not in json.dumps(held)


def test_a_copy_is_read_without_codes_in_the_reader_s_language(world: World, visit: Visit) -> None:
    _, token = world.invite()
    marie = world.do(suppliers.accept_invitation, token, "Marie Vidal")
    request = world.do(exports.request_export, marie.id, marie.id)
    answer_for(world, request, *HOLDERS[1:])
    hear_own_events(world)
    hear_own_events(world)
    pages, browser = {}, visit(marie.email)
    for language in ("fr", "en"):
        browser.get(f"/account?lang={language}")
        with ZipFile(BytesIO(browser.get(f"/account/data/copy/{request.id}").data)) as archive:
            pages[language] = archive.read("cesar/index.html").decode()
    read = pages["fr"]
    assert re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-|\d{4}-\d\d-\d\dT|_", read.split("<h1>")[1]) is None
    assert "Jardins du Lez" in read
    rows = re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td>', read)
    assert ("État", "inscrit") in rows
    assert ("Langue", "français") in rows
    assert any(label == "Inscrit le" and "2026 à" in told for label, told in rows)
    assert any(label == "Rôles" and "fournisseur" in told for label, told in rows)
    assert '<th scope="row">Enrolled on</th>' in pages["en"]


def test_a_copy_is_for_its_person_alone(world: World, visit: Visit, ana: Person) -> None:
    request = world.do(exports.request_export, ana.id, ana.id)
    answer_for(world, request, *HOLDERS)
    assert visit(HELENE).get(f"/account/data/copy/{request.id}").status_code == 404
    assert visit(ANA).get(f"/account/data/copy/{request.id}").status_code == 200


def test_a_copy_expires_with_its_key(world: World, visit: Visit, ana: Person) -> None:
    request = world.do(exports.request_export, ana.id, ana.id)
    answer_for(world, request, *HOLDERS)
    world.clock.move(days=7)
    browser = visit(ANA)
    assert browser.get(f"/account/data/copy/{request.id}").status_code == 410
    with world.work() as work:
        assert OUTLIVED["expire-copies"].end(work, work.now + timedelta(seconds=1)) == 1
    assert world.read(exports.PersonExport, request.id).private_key is None
    with world.runtime.read() as session:
        assert personal_data.sealed_parts(session, request.id) == {}


def test_an_erasure_needs_the_person_s_own_click_and_a_manager(
    world: World, visit: Visit, ana: Person
) -> None:
    browser = visit(ANA)
    browser.post("/account/data/erasure")
    link = link_of(world)
    with world.runtime.read() as session:
        request = personal_data.latest_erasure(session, ana.id)
    assert request is not None
    with pytest.raises(Conflict):
        world.do(erasures.grant_erasure, request.id, ana.id)

    stranger = visit()
    assert "Ana Ruiz" in stranger.get(link).text
    assert stranger.post(link).status_code == 200
    assert stranger.post(link).status_code == 410
    assert browser.post(f"/privacy/requests/{request.id}", data={"decision": "erase"}).status_code == 403
    team = visit(HELENE)
    assert "Ana Ruiz" in team.get("/privacy/requests").text
    assert team.post(f"/privacy/requests/{request.id}", data={"decision": "decline"}).status_code == 422
    assert team.post(f"/privacy/requests/{request.id}", data={"decision": "erase"}).status_code == 303

    [order] = world.told("person.erasure_confirmed")
    assert ANA not in json.dumps(order, default=str)
    hear_own_events(world)
    hear_own_events(world)
    gone = world.read(Person, ana.id)
    assert (gone.name, gone.grants) == ("Personne effacée", [])
    assert "@" not in gone.email
    assert browser.get("/account/data").status_code == 303
    assert world.read(PersonErasure, request.id).state is ErasureState.ERASING


def test_an_erasure_that_a_service_does_not_finish_is_seen_by_who_decided_it(
    world: World, visit: Visit, ana: Person
) -> None:
    request = world.do(erasures.request_erasure, ana.id, ana.id, PUBLIC_URL)
    world.do(erasures.confirm_erasure, link_of(world).rpartition("/")[2])
    world.do(erasures.grant_erasure, request.id, ana.id)
    world.do(erasures.note_erased, request.id, "reporting", 0)
    world.person("operator@cci.example", Role.OPERATOR, name="Odile")
    team, operator, page = visit(HELENE), visit("operator@cci.example"), f"/privacy/requests/{request.id}"
    late = "pas effacé partout depuis"
    assert late not in team.get(page).text
    granted_at = world.clock.now
    world.clock.move(minutes=16)

    assert late in team.get("/privacy/requests").text
    assert late in team.get(page).text
    assert "/notifications/operations" not in team.get(page).text
    assert "/notifications/operations" in operator.get(page).text
    assert "/reporting/operations" not in operator.get(page).text
    [told] = team.get("/api/privacy/requests").get_json()["items"]
    assert datetime.fromisoformat(told["late_since"]) == granted_at

    for service in HOLDERS:
        world.do(erasures.note_erased, request.id, service, 0)
    assert late not in team.get(page).text
    assert team.get("/api/privacy/requests").get_json()["items"][0]["late_since"] is None


def test_a_manager_of_another_programme_sees_nothing_of_it(world: World, visit: Visit, ana: Person) -> None:
    world.programme("autre")
    world.person("paul@cci.example", Role.MANAGER, "autre", name="Paul Autre")
    request = world.do(erasures.request_erasure, ana.id, ana.id, PUBLIC_URL)
    paul = visit("paul@cci.example")
    assert "Ana Ruiz" not in paul.get("/privacy/requests").text
    assert paul.get(f"/privacy/requests/{request.id}").status_code == 404
    assert paul.post(f"/privacy/requests/{request.id}", data={"decision": "erase"}).status_code == 404
    asked = paul.post("/privacy/requests", data={"email": ANA, "what": "copy"})
    assert asked.status_code == 422
    assert world.told("person.export_requested") == []


def test_the_only_manager_of_a_programme_is_not_erased(world: World) -> None:
    with world.runtime.read() as session:
        helene = queries.person_by_email(session, HELENE)
    assert helene is not None
    request = world.do(erasures.request_erasure, helene.id, helene.id, PUBLIC_URL)
    world.do(erasures.confirm_erasure, link_of(world).rpartition("/")[2])
    with pytest.raises(Conflict, match="only manager"):
        world.do(erasures.grant_erasure, request.id, helene.id)


def test_a_request_can_be_withdrawn_and_its_link_ends_with_it(
    world: World, visit: Visit, ana: Person
) -> None:
    browser = visit(ANA)
    browser.post("/account/data/erasure")
    browser.post("/account/data/erasure/withdraw")
    with pytest.raises(Gone):
        world.do(erasures.confirm_erasure, link_of(world).rpartition("/")[2])
    browser.post("/account/data/erasure")
    assert len(world.told("person.erasure_requested")) == 2


def test_a_link_that_was_not_used_in_time_does_not_keep_anybody_from_asking_again(
    world: World, ana: Person
) -> None:
    world.do(erasures.request_erasure, ana.id, ana.id, PUBLIC_URL)
    with pytest.raises(Conflict):
        world.do(erasures.request_erasure, ana.id, ana.id, PUBLIC_URL)
    world.clock.move(days=7)
    world.do(erasures.request_erasure, ana.id, ana.id, PUBLIC_URL)


@pytest.mark.parametrize("page", ["/privacy/register", "/privacy/retention", "/privacy/requests"])
def test_the_register_is_for_managers_and_operators(
    world: World, visit: Visit, ana: Person, page: str
) -> None:
    assert visit(HELENE).get(page).status_code == 200
    assert visit(ANA).get(page).status_code == 403
    assert visit().get(page).status_code == 303


def test_programs_ask_and_decide_in_the_same_way(world: World, visit: Visit, ana: Person) -> None:
    person, team = visit(ANA), visit(HELENE)
    copy = person.post("/api/account/data/copy")
    assert copy.status_code == 202
    assert copy.json is not None
    assert {each["service"] for each in copy.json["services"]} == set(HOLDERS)
    assert person.post("/api/account/data/erasure").status_code == 202
    assert person.post("/api/account/data/erasure").status_code == 409
    assert person.get("/api/privacy/requests").status_code == 403
    [listed] = team.get("/api/privacy/requests").get_json()["items"]
    assert (listed["person_name"], listed["state"]) == ("Ana Ruiz", "asked")
    decision = f"/api/privacy/requests/{listed['id']}/decision"
    assert team.post(decision, json={"decision": "erase"}).status_code == 409
    world.do(erasures.confirm_erasure, link_of(world).rpartition("/")[2])
    assert team.post(decision, json={"decision": "decline"}).status_code == 422
    declined = team.post(decision, json={"decision": "decline", "reason": "The agreement runs."})
    assert declined.json is not None
    assert declined.json["state"] == "declined"


def test_programs_ask_for_somebody_of_their_programmes_only(world: World, visit: Visit, ana: Person) -> None:
    world.programme("autre")
    world.person("paul@cci.example", Role.MANAGER, "autre", name="Paul Autre")
    wish = {"email": ANA.upper(), "what": "copy"}
    assert visit("paul@cci.example").post("/api/privacy/requests", json=wish).status_code == 404
    assert visit(ANA).post("/api/privacy/requests", json=wish).status_code == 403
    team = visit(HELENE)
    asked, again = (team.post("/api/privacy/requests", json=wish) for _ in range(2))
    assert (asked.status_code, again.get_json()) == (202, asked.get_json())
    assert len(world.told("person.export_requested")) == 1
    assert team.post("/api/privacy/requests", json={**wish, "what": "erasure"}).status_code == 202
    assert team.post("/api/privacy/requests", json={**wish, "what": "erasure"}).status_code == 409
    assert world.told("person.erasure_requested")[-1]["contact"]["email"] == ANA
    assert team.post("/api/privacy/requests", json={**wish, "what": "all"}).status_code == 422


def test_programs_withdraw_the_person_s_own_wish(world: World, visit: Visit, ana: Person) -> None:
    browser = visit(ANA)
    assert browser.delete("/api/account/data/erasure").status_code == 404
    browser.post("/api/account/data/erasure")
    withdrawn = browser.delete("/api/account/data/erasure")
    assert (withdrawn.status_code, withdrawn.get_json()["state"]) == (200, "withdrawn")
    assert browser.delete("/api/account/data/erasure").status_code == 409
