"""What applicants do over the API with their own application: corrected, completed, with its files."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.enrolment.domain.application import Application
from services.enrolment.domain.call import Question, QuestionKind
from services.enrolment.handlers import decisions, programmes
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.test_api_of_applications import CLAIRE, LUC, tag_of
from tests.unit.enrolment.world import HELENE, SIRET, World

PDF = b"%PDF-1.4 plan"


@pytest.fixture
def returned(world: World) -> Application:
    """Claire's application, handed back; its call asks for a file."""
    call = programmes.DescribeCall(
        cohort_id=world.apply("Ville de Lattes", contact_email=LUC).cohort_id,
        call_text="",
        questions=(Question(key="plan", label="Votre plan", kind=QuestionKind.FILE),),
        criteria=(),
    )
    world.do(programmes.describe_call, call)
    application = world.apply(contact_email=CLAIRE)
    world.do(decisions.hand_back, application.id, "incomplete", "Le plan manque.")
    return application


def upload(api: FlaskClient, address: str, content: bytes = PDF, question: str = "plan") -> Any:
    file = (BytesIO(content), "plan.pdf")
    return api.post(f"{address}/files", data={"question": question, "file": file})


def test_it_is_corrected_and_handed_in_again_from_the_version_that_was_read(
    world: World, visit: Visit, returned: Application
) -> None:
    api, address = visit(CLAIRE), f"/api/applications/{returned.id}"
    body = {"motivation": "Mieux acheter, ensemble.", "answers": {}}
    assert api.put(address, json=body).status_code == 428
    tag = tag_of(api, address)
    assert api.put(address, json=body, headers=tag).get_json()["motivation"] == body["motivation"]
    late = {"motivation": "Autre.", "answers": {}}
    assert api.put(address, json=late, headers=tag).status_code == 412
    assert api.put(f"{address}/submission", json=late, headers=tag).status_code == 412
    assert world.read(Application, returned.id).motivation == body["motivation"]
    again = api.put(f"{address}/submission", json=body, headers=tag_of(api, address))
    assert again.get_json()["state"] == "submitted"
    assert api.put(address, json=body, headers=tag_of(api, address)).status_code == 409


def test_its_files_are_added_listed_read_and_removed(visit: Visit, returned: Application) -> None:
    api, address = visit(CLAIRE), f"/api/applications/{returned.id}"
    added = upload(api, address)
    assert (added.status_code, added.get_json()["media_type"]) == (201, "application/pdf")
    refused = upload(api, address, b"MZ\x90")
    assert (refused.status_code, refused.get_json()["errors"][0]["field"]) == (422, "answers.plan")
    assert upload(api, address, question="other").status_code == 422
    file = f"{address}/files/{added.get_json()['id']}"
    assert visit(HELENE).get(file).data == PDF
    assert visit(HELENE).get(f"{address}/files").get_json()["total"] == 1
    assert visit(LUC).get(file).status_code == 404
    assert upload(visit(LUC), address).status_code == 404
    assert api.delete(file).status_code == 204
    assert api.get(f"{address}/files").get_json() == {"total": 0, "items": []}


def test_files_of_a_draft_are_its_author_s(visit: Visit, returned: Application) -> None:
    api = visit(CLAIRE)
    draft = api.post("/api/programmes/cesar/cohorts/2027/drafts", json={"typed": {}}).get_json()
    address = f"/api/drafts/{draft['id']}"
    file = f"{address}/files/{upload(api, address).get_json()['id']}"
    assert api.get(file).data == PDF
    assert [each["id"] for each in api.get("/api/account/drafts").get_json()["items"]] == [draft["id"]]
    for method in ("GET", "DELETE"):
        assert visit(LUC).open(file, method=method).status_code == 403
    assert api.delete(file).status_code == 204
    assert api.get(f"{address}/files").get_json()["total"] == 0


def test_the_siret_is_said_once(world: World, visit: Visit) -> None:
    application = world.apply(contact_email=CLAIRE)
    api, address = visit(CLAIRE), f"/api/applications/{application.id}"
    tag = tag_of(api, address)
    assert api.put(f"{address}/siret", json={"siret": "73282932000075"}, headers=tag).status_code == 422
    assert api.put(f"{address}/siret", json={"siret": SIRET}, headers=tag).get_json()["siret"] == SIRET
    assert api.put(f"{address}/siret", json={"siret": SIRET}, headers=tag).status_code == 412
    other = api.put(f"{address}/siret", json={"siret": "55208131766522"}, headers=tag_of(api, address))
    assert other.status_code == 409


def test_an_agreement_tells_its_documents_and_takes_a_signed_copy(world: World, visit: Visit) -> None:
    application = world.accept(world.apply(contact_email=CLAIRE, siret=SIRET))
    address = f"/api/applications/{application.id}/agreement"
    manager, buyer = visit(HELENE), visit(CLAIRE)
    manager.post(address)
    signed = {"signer": "Claire Martin", "file": (BytesIO(b"no PDF"), "convention.pdf")}
    assert buyer.post(f"{address}/copy", data=signed).status_code == 422
    signed["file"] = (BytesIO(PDF), "convention.pdf")
    assert manager.post(f"{address}/copy", data=signed).status_code == 403
    signed["file"] = (BytesIO(PDF), "convention.pdf")
    given = buyer.post(f"{address}/copy", data=signed).get_json()
    assert (given["state"], given["signatures"][0]["way"]) == ("buyer_signed", "on_paper")
    drawn, copy = manager.get(address).get_json()["documents"]
    assert (drawn["kind"], copy["kind"]) == ("proposal", "signed_copy")
    assert copy["sha256"] == given["sha256"]
    assert manager.get(f"{address}/documents/{copy['id']}").data == PDF
    assert visit(CLAIRE).get(f"{address}/documents/{drawn['id']}").data.startswith(b"%PDF")
    world.apply("Ville de Lattes", contact_email=LUC)
    assert visit(LUC).get(f"{address}/documents/{copy['id']}").status_code == 404
