"""A program answers, proves, hands in, shares and reviews as people do on the pages."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.chassis.web.idempotency import HEADER, REPLAYED
from tests.unit.assessment.service_examples import ASSESSMENT, HOSPITAL, MAUGUIO
from tests.unit.assessment.web_examples import SAME_SITE, Site

HERE = f"/assessment/api/assessments/{ASSESSMENT}"
PDF = b"%PDF-1.7 the bill"


class Program:
    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def ask(self, method: str, path: str, body: Any = None) -> TestResponse:
        return self.client.open(HERE + path, method=method, json=body, headers=SAME_SITE)

    def answer(self, **given: Any) -> Any:
        return self.ask("PATCH", "/answers", {"answers": given}).get_json()

    def prove(self, question: str, content: bytes = PDF) -> TestResponse:
        form = {"question": question, "file": (BytesIO(content), "bill.pdf")}
        return self.client.post(f"{HERE}/proofs", data=form, headers=SAME_SITE)


@pytest.fixture
def supplier(site: Site) -> Program:
    return Program(site.supplier())


@pytest.fixture
def handed_in(supplier: Program) -> Program:
    supplier.answer(commitment={"values": ["written"]}, energy={"values": ["noted"]})
    assert supplier.ask("POST", "/submission", {"accept_unanswered": True}).status_code == 200
    return supplier


def test_the_questions_come_with_what_was_answered(supplier: Program) -> None:
    listed = supplier.ask("GET", "/questions").get_json()
    assert listed["total"] == len(listed["items"]) > 0
    kept = supplier.answer(commitment={"values": ["written"]}, energy={"values": ["nonsense"]})
    assert kept["assessment"]["state"] == "in_progress"
    assert [each["question"] for each in kept["wrong"]] == ["energy"]
    found = {each["key"]: each for each in supplier.ask("GET", "/questions").get_json()["items"]}
    assert found["commitment"]["values"] == ["written"]
    assert found["energy"]["values"] == []
    assert {"key", "label"} == found["commitment"]["choices"][0].keys()


def test_a_question_that_is_not_asked_at_all_is_refused(supplier: Program) -> None:
    refused = supplier.ask("PATCH", "/answers", {"answers": {"colour": {"values": ["red"]}}})
    assert (refused.status_code, refused.get_json()["errors"][0]["field"]) == (422, "answers.colour")
    assert supplier.ask("PATCH", "/answers", {"answers": {}}).status_code == 422


def test_a_proof_is_added_read_and_removed(supplier: Program, site: Site) -> None:
    assert supplier.prove("energy").status_code == 422, "first the answer"
    supplier.answer(energy={"values": ["noted"]})
    assert supplier.prove("energy", b"MZ").status_code == 422
    added = supplier.prove("energy")
    assert (added.status_code, added.get_json()["size"]) == (201, len(PDF))
    proof = f"/proofs/{added.get_json()['id']}"
    assert supplier.ask("GET", proof).data == PDF
    assert Program(site.buyer()).ask("GET", proof).status_code == 404
    assert supplier.ask("DELETE", proof).status_code == 204
    assert supplier.ask("GET", proof).status_code == 404


def test_it_is_handed_in_once_and_taken_back(handed_in: Program) -> None:
    assert handed_in.ask("POST", "/submission", {"accept_unanswered": True}).status_code == 409
    refused = handed_in.ask("PATCH", "/answers", {"answers": {"energy": {"values": []}}})
    assert refused.status_code == 409
    assert handed_in.ask("DELETE", "/submission").get_json()["state"] == "in_progress"
    assert handed_in.ask("DELETE", "/submission").status_code == 409


def test_a_supplier_shares_buyer_by_buyer(handed_in: Program, site: Site) -> None:
    buyer = f"/sharings/{MAUGUIO}"
    assert handed_in.ask("PUT", buyer, {"scope": []}).status_code == 422
    assert handed_in.ask("PUT", buyer, {"scope": ["proofs"]}).status_code == 422
    assert handed_in.ask("PUT", buyer, {"scope": ["level"]}).get_json()["scope"] == ["level"]
    listed = handed_in.ask("GET", "/sharings").get_json()["items"]
    assert {each["buyer_organisation_id"]: each["scope"] for each in listed}[str(MAUGUIO)] == ["level"]
    assert site.buyer().get("/assessment/api/shared").get_json()["total"] == 1
    assert handed_in.ask("DELETE", buyer).status_code == 204
    assert site.buyer().get("/assessment/api/shared").get_json()["total"] == 0
    assert handed_in.ask("DELETE", buyer).status_code == 409


def test_an_adviser_reviews(handed_in: Program, site: Site) -> None:
    adviser = Program(site.adviser())
    checked = {"verified": ["energy"], "decision": "keep"}
    assert adviser.ask("PUT", "/review", checked).status_code == 409, "it has to be begun"
    assert adviser.ask("POST", "/review").get_json()["state"] == "in_review"
    assert adviser.ask("POST", "/review").status_code == 409
    assert adviser.ask("PUT", "/review", checked).get_json()["state"] == "in_review"
    assert adviser.ask("PUT", "/review", {**checked, "decision": "request_changes"}).status_code == 422
    validated = adviser.ask("PUT", "/review", {**checked, "decision": "validate"})
    assert validated.get_json()["state"] == "validated"


def test_what_is_posted_twice_with_one_key_happens_once(supplier: Program, site: Site) -> None:
    def twice(client: FlaskClient, path: str, number: int, **content: Any) -> Any:
        headers = {**SAME_SITE, HEADER: f"key-{number}"}
        first, again = (
            client.post(HERE + path, headers=headers, **{name: make() for name, make in content.items()})
            for _ in range(2)
        )
        assert first.status_code in (200, 201), first.text
        assert (again.headers[REPLAYED], again.data) == ("true", first.data)
        return first.get_json()

    supplier.answer(energy={"values": ["noted"]})
    twice(
        supplier.client, "/proofs", 1, data=lambda: {"question": "energy", "file": (BytesIO(PDF), "bill.pdf")}
    )
    found = {each["key"]: each for each in supplier.ask("GET", "/questions").get_json()["items"]}
    assert len(found["energy"]["proofs"]) == 1
    twice(supplier.client, "/submission", 2, json=lambda: {"accept_unanswered": True})
    assert twice(site.adviser(), "/review", 3)["state"] == "in_review"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/questions", None),
        ("PATCH", "/answers", {"answers": {"energy": {"values": ["noted"]}}}),
        ("POST", "/submission", {}),
        ("DELETE", "/submission", None),
        ("GET", "/sharings", None),
        ("PUT", f"/sharings/{MAUGUIO}", {"scope": ["level"]}),
    ],
)
def test_a_supplier_reaches_nothing_of_another_s(site: Site, method: str, path: str, body: Any) -> None:
    assert Program(site.visitor("supplier", HOSPITAL)).ask(method, path, body).status_code == 404
