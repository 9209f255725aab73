"""The JSON API of programmes, calls, applications, juries, decisions and agreements."""

from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from services.enrolment.domain.application import Application
from services.enrolment.domain.person import Role
from services.enrolment.handlers import decisions, offers
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.test_jury import ALL, jury, score
from tests.unit.enrolment.world import HELENE, SIRET, World

PROGRAMME = "/api/programmes/cesar"
COHORT = f"{PROGRAMME}/cohorts/2027"
CLAIRE, LUC, ANNE, BOB = (
    "claire@mauguio.example",
    "luc@lattes.example",
    "anne@jury.example",
    "bob@jury.example",
)
APPLICATION = {
    "organisation_name": "Ville de Mauguio",
    "legal_form": "public",
    "contact_name": "Claire Martin",
    "contact_email": CLAIRE,
    "motivation": "Mieux acheter.",
    "answers": {},
}


@pytest.fixture
def manager(visit: Visit) -> FlaskClient:
    return visit(HELENE)


def tag_of(api: FlaskClient, address: str) -> dict[str, str]:
    return {"If-Match": api.get(address).headers["ETag"]}


def change(api: FlaskClient, address: str, **changes: Any) -> tuple[dict[str, Any], dict[str, str]]:
    """What stands there now with changes, and the tag to send it back with."""
    answer = api.get(address)
    assert answer.json is not None
    return {**answer.json, **changes}, {"If-Match": answer.headers["ETag"]}


def test_a_programme_is_changed_from_the_version_that_was_read(world: World, manager: FlaskClient) -> None:
    known = manager.get(PROGRAMME)
    assert known.json is not None
    body = {
        **{name: known.json[name] for name in ("name", "description", "chamber", "contact_email")},
        "buyer_target": 40,
        "supplier_target": 400,
        "budget_total": "409000",
        "funders": [{"name": "Ademe", "amount": "150000"}],
    }
    assert manager.put(PROGRAMME, json=body).status_code == 428, "without a tag"
    tag = {"If-Match": known.headers["ETag"]}
    assert manager.put(PROGRAMME, json=body, headers=tag).json["buyer_target"] == 40
    late = manager.put(PROGRAMME, json=body, headers=tag)
    assert (late.status_code, late.mimetype) == (412, "application/problem+json")
    unchanged = {"If-None-Match": manager.get(PROGRAMME).headers["ETag"]}
    assert manager.get(PROGRAMME, headers=unchanged).status_code == 304


def test_amounts_are_documented_as_the_text_that_they_are(manager: FlaskClient) -> None:
    document = manager.get("/api/openapi.json").json
    assert document is not None
    told = document["components"]["schemas"]["ProgrammeSnapshot"]["properties"]["budget_total"]
    assert told["type"] == "string"
    assert manager.get(PROGRAMME).json["budget_total"] == "409000.00"


def test_programmes_and_cohorts_are_created(world: World, manager: FlaskClient, visit: Visit) -> None:
    body = {
        "slug": "vignoble",
        "name": "Vignoble",
        "description": "Acheter du vin.",
        "chamber": "CCI Hérault",
        "contact_email": "v@cci.example",
        "buyer_target": 1,
        "supplier_target": 2,
        "budget_total": "10",
        "manager_name": "Luc",
        "manager_email": "luc@cci.example",
    }
    assert manager.post("/api/programmes", json=body).status_code == 201
    elsewhere = body | {"slug": "autre", "chamber": "CCI du Gard"}
    assert manager.post("/api/programmes", json=elsewhere).status_code == 403
    plan = {"label": "2028", "capacity": 7, "copy_from": "2027"}
    assert manager.post(f"{PROGRAMME}/cohorts", json=plan).json["state"] == "planned"
    assert manager.post("/api/programmes/vignoble/cohorts", json=plan).status_code == 403
    assert visit("luc@cci.example").post(f"{PROGRAMME}/cohorts", json=plan).status_code == 403


def test_calendar_and_call_are_changed(world: World, manager: FlaskClient) -> None:
    known = manager.get(COHORT).json
    assert known is not None
    names = ("capacity", "offer_days", "call_opens_on", "call_closes_on")
    body = {**{name: known[name] for name in names}, "jury_on": "2027-01-20"}
    assert manager.put(COHORT, json=body, headers=tag_of(manager, COHORT)).json["jury_on"] == "2027-01-20"
    wrong = body | {"jury_on": "2026-12-01"}
    refused = manager.put(COHORT, json=wrong, headers=tag_of(manager, COHORT))
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "jury_on")
    call = {
        "call_text": "Pour qui ?",
        "questions": [{"key": "q1", "label": "Montant", "kind": "number", "required": True}],
        "criteria": [{"key": "c1", "label": "Ambition", "weight": 2}],
    }
    address = f"{COHORT}/call"
    assert manager.put(address, json=call, headers=tag_of(manager, address)).status_code == 200
    world.apply(answers={"q1": "1"})
    body, tag = change(manager, address, criteria=[])
    assert manager.put(address, json=body, headers=tag).status_code == 409


def test_an_applicant_applies_for_themselves_only(world: World, visit: Visit) -> None:
    world.apply("Ville de Lattes", contact_email=CLAIRE)
    api = visit(CLAIRE)
    key = {"Idempotency-Key": "apply-1"}
    first = api.post(f"{COHORT}/applications", json=APPLICATION, headers=key)
    assert first.status_code == 201
    assert api.post(f"{COHORT}/applications", json=APPLICATION, headers=key).json == first.json
    someone_else = APPLICATION | {"contact_email": LUC}
    assert api.post(f"{COHORT}/applications", json=someone_else).status_code == 403
    assert visit().post(f"{COHORT}/applications", json=APPLICATION).status_code == 401


def test_a_draft_is_saved_from_the_version_that_was_read_and_handed_in(world: World, visit: Visit) -> None:
    for email, name in ((CLAIRE, "Ville de Lattes"), (LUC, "Ville de Lunel")):
        world.apply(name, contact_email=email)
    api = visit(CLAIRE)
    begun = api.post(f"{COHORT}/drafts", json={"typed": {"motivation": "Mieux ach"}})
    assert begun.status_code == 201
    address = f"/api/drafts/{begun.json['id']}"
    assert visit(LUC).get(address).status_code == 403
    tag = tag_of(api, address)
    assert api.put(address, json={"typed": {"motivation": "Mieux acheter."}}, headers=tag).status_code == 200
    assert api.put(address, json={"typed": {"motivation": "Autre."}}, headers=tag).status_code == 412
    assert api.get(address).json["typed"] == {"motivation": "Mieux acheter."}
    handed_in = api.post(f"{address}/submission", json=APPLICATION)
    assert world.read(Application, UUID(handed_in.json["application_id"])).state == "submitted"
    assert api.put(address, json={"typed": {}}, headers=tag_of(api, address)).status_code == 409


def test_a_decision_needs_the_application_as_it_is(world: World, manager: FlaskClient) -> None:
    application = world.apply()
    address = f"/api/applications/{application.id}"
    tag = tag_of(manager, address)
    world.do(decisions.start_review, application.id)
    assert manager.put(f"{address}/decision", json={"verdict": "accept"}, headers=tag).status_code == 412
    tag = tag_of(manager, address)
    assert manager.put(f"{address}/decision", json={"verdict": "decline"}, headers=tag).status_code == 422
    accepted = manager.put(f"{address}/decision", json={"verdict": "accept"}, headers=tag)
    assert accepted.json["state"] == "accepted"
    log = manager.get(f"{COHORT}/decisions").json["items"]
    assert [(line["verdict"], line["by"]) for line in log] == [("accept", "Hélène C.")]


def test_a_sitting_is_one_request_and_all_or_nothing(world: World, manager: FlaskClient) -> None:
    applied = [world.apply(f"Ville de {name}") for name in ("Mauguio", "Lattes")]
    verdicts = [{"application_id": str(each.id), "verdict": "accept"} for each in applied]
    wrong = [verdicts[0], verdicts[1] | {"verdict": "decline"}]
    assert manager.post(f"{COHORT}/decisions", json={"decisions": wrong}).status_code == 422
    assert world.read(Application, applied[0].id).state == "submitted"
    answer = manager.post(f"{COHORT}/decisions", json={"decisions": verdicts})
    assert [each["state"] for each in answer.json] == ["accepted", "accepted"]


def test_the_jury_scores_blind_over_the_api(world: World, visit: Visit, manager: FlaskClient) -> None:
    anne, _bob = jury(world, ANNE, BOB)
    application = world.apply()
    score(world, application, anne, **ALL)
    reviews = f"/api/applications/{application.id}/reviews"
    bob = visit(BOB)
    assert bob.get(reviews).json["items"] == []
    assert bob.get(f"{COHORT}/ranking").status_code == 403
    assert bob.post(reviews, json={"scores": {"c1": 9}}).status_code == 422
    assert bob.post(reviews, json={"scores": {"c1": 1}}).json == {"is_complete": False}
    assert bob.get(reviews).json["items"] == []
    assert bob.post(reviews, json={"scores": ALL}).json == {"is_complete": True}
    assert bob.get(reviews).json["total"] == 2
    (place,) = manager.get(f"{COHORT}/ranking").json["items"]
    assert (place["rank"], place["mean"], place["given"], place["expected"]) == (1, 3.5, 2, 2)
    assert bob.post(f"/api/applications/{application.id}/conflict-of-interest").status_code == 204
    assert bob.get(reviews).status_code == 404
    world.person("julien@conseil.example", Role.ADVISER, name="Julien")
    assert visit("julien@conseil.example").post(reviews, json={"scores": ALL}).status_code == 403


def test_an_offer_is_answered_over_the_api(world: World, visit: Visit) -> None:
    world.cohort("2028", capacity=1)
    held, first, second = (
        world.apply(f"Ville de {name}", cohort_label="2028", contact_email=email)
        for name, email in (("Palavas", "p@palavas.example"), ("Mauguio", CLAIRE), ("Lattes", LUC))
    )
    world.accept(held)
    for each in (first, second):
        world.do(decisions.put_on_waiting_list, each.id, None)
    world.do(offers.withdraw, held.id)
    claire, luc = visit(CLAIRE), visit(LUC)
    address = f"/api/applications/{first.id}"
    assert luc.post(f"{address}/offer", json={"answer": "take"}).status_code == 404
    assert claire.get(address).json["offered_until"] == "2026-11-30T17:00:00+00:00"
    assert claire.post(f"{address}/withdrawal").json["state"] == "withdrawn"
    taken = luc.post(f"/api/applications/{second.id}/offer", json={"answer": "take"})
    assert taken.json["state"] == "accepted"


def test_an_agreement_is_signed_over_the_api(world: World, visit: Visit, manager: FlaskClient) -> None:
    application = world.accept(world.apply(contact_email=CLAIRE, siret=SIRET))
    address = f"/api/applications/{application.id}/agreement"
    buyer = visit(CLAIRE)
    assert buyer.get(address).status_code == 404
    proposed = manager.post(address)
    assert proposed.status_code == 201
    signature = {"name": "Claire Martin", "sha256": proposed.json["sha256"]}
    assert buyer.post(f"{address}/signatures", json=signature | {"sha256": "0" * 64}).status_code == 409
    assert buyer.post(f"{address}/signatures", json=signature).json["state"] == "buyer_signed"
    signed = manager.post(f"{address}/signatures", json=signature | {"name": "Hélène C."})
    assert [each["party"] for each in signed.json["signatures"]] == ["buyer", "chamber"]
    assert world.read(Application, application.id).state == "enrolled"
    assert visit(CLAIRE).get(f"/api/applications/{application.id}").json["state"] == "enrolled"
