"""Who sees what: the supplier their own, buyers what is shared, the team its programmes, others nothing."""

from __future__ import annotations

import re
from io import BytesIO
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.assessment.domain.assessment import Person
from tests.unit.assessment.service_examples import ASSESSMENT, HOSPITAL, MAUGUIO, assignment, supplier
from tests.unit.assessment.test_questionnaire_pages import HERE, send, submit, text
from tests.unit.assessment.web_examples import SAME_SITE, Site

REVIEW = f"/assessment/reviews/{ASSESSMENT}"
PAGES = (
    "/assessment/",
    f"{HERE}/questions/1",
    f"{HERE}/summary",
    f"{HERE}/result",
    f"{HERE}/sharing",
    "/assessment/reviews",
    REVIEW,
    "/assessment/shared",
    "/assessment/api/assessments",
    f"/assessment/api/assessments/{ASSESSMENT}",
    f"/assessment/api/assessments/{ASSESSMENT}/result",
    "/assessment/api/shared",
)


def submitted(site: Site) -> FlaskClient:
    supplier = site.supplier()
    bill = (BytesIO(b"%PDF-1.7 the bill"), "bill.pdf")
    send(supplier, 1, commitment="written")
    send(supplier, 2, energy="noted", **{"energy--proof": bill})
    submit(supplier)
    return supplier


def share(client: FlaskClient, *scope: str) -> TestResponse:
    form = {"buyer": str(MAUGUIO), "scope": list(scope)}
    return client.post(f"{HERE}/sharing", data=form, headers=SAME_SITE)


def decide(client: FlaskClient, decision: str, **fields: object) -> TestResponse:
    return client.post(REVIEW, data={"decision": decision, **fields}, headers=SAME_SITE)


def first_shared(client: FlaskClient) -> str:
    """The address of what is shared, from the buyer's list."""
    found = re.search(r'href="(/assessment/shared/[0-9a-f-]{36})"', text(client.get("/assessment/shared")))
    assert found
    return found[1]


@pytest.mark.parametrize("page", PAGES)
def test_a_funder_sees_nothing_that_names_a_supplier(site: Site, page: str) -> None:
    assert site.visitor("funder").get(page).status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_nobody_sees_anything_without_signing_in(site: Site, page: str) -> None:
    response = site.visitor(None).get(page)

    assert response.status_code == 401 or response.location.startswith("/sign-in")


@pytest.mark.parametrize(
    "page", [f"{HERE}/questions/1", f"{HERE}/summary", f"{HERE}/result", f"{HERE}/sharing"]
)
def test_a_supplier_never_sees_what_belongs_to_another(site: Site, page: str) -> None:
    stranger = site.visitor("supplier", HOSPITAL)

    assert stranger.get(page).status_code == 404
    assert send(stranger, 1, commitment="written").status_code == 404
    assert submit(stranger).status_code == 404


def test_the_team_of_another_programme_sees_nothing(site: Site) -> None:
    submitted(site)
    elsewhere = site.visitor("adviser", programme="another")

    assert "Jardins" not in text(elsewhere.get("/assessment/reviews"))
    assert elsewhere.get(REVIEW).status_code == 404
    assert decide(elsewhere, "validate").status_code == 404


def test_an_adviser_of_other_buyers_sees_nothing_until_the_buyer_is_theirs(site: Site) -> None:
    submitted(site)
    nadia = Person(UUID(int=77), "Nadia Ferhaoui")
    browser = site.visitor("adviser", person=nadia)
    proof = f"{HERE}/proofs/{UUID(int=5)}"

    assert "Jardins" not in text(browser.get("/assessment/reviews"))
    assert browser.get("/assessment/api/assessments").json == {"total": 0, "items": []}
    for page in (REVIEW, proof, f"/assessment/api/assessments/{ASSESSMENT}"):
        assert browser.get(page).status_code == 404
    assert browser.post(f"{REVIEW}/start", headers=SAME_SITE).status_code == 404
    assert decide(browser, "validate").status_code == 404

    site.hear(assignment(MAUGUIO, nadia.id, 2))
    assert "Jardins" in text(browser.get("/assessment/reviews"))
    assert site.adviser().get(REVIEW).status_code == 404, "the buyer has another adviser now"


def test_a_supplier_that_no_buyer_has_invited_is_for_every_adviser(site: Site) -> None:
    submitted(site)
    site.hear(assignment(MAUGUIO, None, 2), supplier("updated", 9, invited_by=[], enrolled_at=None))

    browser = site.visitor("adviser", person=Person(UUID(int=77), "Nadia Ferhaoui"))
    assert "Jardins" in text(browser.get("/assessment/reviews"))


def test_a_buyer_sees_exactly_what_is_shared(site: Site) -> None:
    supplier = submitted(site)
    share(supplier, "level", "themes")
    buyer = site.buyer()

    page = text(buyer.get(first_shared(buyer)))

    assert "14.4 of 100" in page
    assert "My approach" in page
    assert "with one person" not in page and "one person looks after them" not in page
    assert "bill.pdf" not in page
    assert "Not shared by the supplier:" in page


def test_a_buyer_without_the_level_never_learns_it(site: Site) -> None:
    share(submitted(site), "answers")
    buyer = site.buyer()

    assert "not shared" in text(buyer.get("/assessment/shared"))
    page = text(buyer.get(first_shared(buyer)))
    assert "of 100" not in page and "Beginning" not in page
    assert "one person looks after them" in page
    shared = buyer.get("/assessment/api/shared").json
    assert shared
    [seen] = shared["items"]
    assert (seen["level"], seen["score"], seen["themes"]) == (None, None, None)


def test_another_buyer_sees_nothing_of_it(site: Site) -> None:
    share(submitted(site), "level", "themes", "answers", "proofs")
    address = first_shared(site.buyer())

    assert "Jardins" not in text(site.other_buyer().get("/assessment/shared"))
    assert site.other_buyer().get(address).status_code == 403
    assert site.other_buyer().get("/assessment/api/shared").json == {"total": 0, "items": []}


def test_a_proof_is_open_to_those_with_whom_it_is_shared_and_to_the_team(site: Site) -> None:
    supplier = submitted(site)
    found = re.search(rf'href="({HERE}/proofs/[0-9a-f-]{{36}})"', text(supplier.get(f"{HERE}/result")))
    assert found
    proof = found[1]

    share(supplier, "level", "answers")
    assert site.buyer().get(proof).status_code == 404
    assert site.adviser().get(proof).status_code == 200
    assert site.visitor("supplier", HOSPITAL).get(proof).status_code == 404

    share(supplier, "answers", "proofs")
    assert site.buyer().get(proof).status_code == 200
    assert site.other_buyer().get(proof).status_code == 404


def test_sharing_stops_at_once(site: Site) -> None:
    supplier = submitted(site)
    share(supplier, "level")
    address = first_shared(site.buyer())

    supplier.post(f"{HERE}/sharing/stop", data={"buyer": str(MAUGUIO)}, headers=SAME_SITE)

    assert site.buyer().get(address).status_code == 403


def test_while_answers_are_changed_nobody_sees_them(site: Site) -> None:
    supplier = submitted(site)
    share(supplier, "level", "themes", "answers")
    supplier.post(f"{HERE}/undo", headers=SAME_SITE)
    buyer = site.buyer()

    assert "being changed" in text(buyer.get("/assessment/shared"))
    page = text(buyer.get(first_shared(buyer)))
    assert "one person looks after them" not in page and "of 100" not in page
    assert "one person looks after them" not in text(site.adviser().get(REVIEW))
    assert site.adviser().get(f"/assessment/api/assessments/{ASSESSMENT}/result").status_code == 409


def test_proofs_without_answers_cannot_be_shared_and_the_ticks_stay(site: Site) -> None:
    response = share(submitted(site), "proofs")

    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert "share the answers as well" in page
    assert 'value="proofs" checked' in page


def test_the_buyer_who_invited_is_proposed_first_and_others_can_be_chosen(site: Site) -> None:
    page = text(submitted(site).get(f"{HERE}/sharing"))

    assert page.index("Ville de Mauguio") < page.index("CHU de Montpellier")
    assert "Société Lointaine" not in page


def test_an_adviser_finds_starts_and_validates_a_review(site: Site) -> None:
    supplier, adviser = submitted(site), site.adviser()
    assert "Les Jardins du Lez" in text(adviser.get("/assessment/reviews?state=submitted&q=jardins"))
    assert "Les Jardins du Lez" not in text(adviser.get("/assessment/reviews?state=validated"))

    adviser.post(f"{REVIEW}/start", headers=SAME_SITE)
    assert 'name="verified"' in text(adviser.get(REVIEW))
    decide(adviser, "validate", verified=["energy"], comment="Well done.")

    assert "Validated by Paul Costa" in text(adviser.get(REVIEW))
    assert "Well done." in text(supplier.get(f"{HERE}/result"))
    assert "Verified" in text(supplier.get(f"{HERE}/result"))


def test_changes_are_asked_for_with_a_comment_that_the_supplier_reads(site: Site) -> None:
    supplier, adviser = submitted(site), site.adviser()
    adviser.post(f"{REVIEW}/start", headers=SAME_SITE)

    refused = decide(adviser, "request_changes", verified=["energy"])
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "Say what has to be changed" in page and 'value="energy" checked' in page

    decide(adviser, "request_changes", comment="Please add the unit.")
    assert "Please add the unit." in text(supplier.get("/assessment/"))


def test_two_advisers_do_not_start_the_same_review(site: Site) -> None:
    submitted(site)
    site.adviser().post(f"{REVIEW}/start", headers=SAME_SITE)

    assert site.adviser().post(f"{REVIEW}/start", headers=SAME_SITE).status_code == 409


def test_a_supplier_reads_their_own_result_through_the_api(site: Site) -> None:
    supplier = submitted(site)

    listed = supplier.get("/assessment/api/assessments").json
    result = supplier.get(f"/assessment/api/assessments/{ASSESSMENT}/result").json

    assert listed and [each["organisation_name"] for each in listed["items"]] == ["Les Jardins du Lez"]
    assert listed["items"][0] == supplier.get(f"/assessment/api/assessments/{ASSESSMENT}").json
    assert result and result["score"] == listed["items"][0]["score"]
    points = sum(line["points"] for theme in result["themes"] for line in theme["lines"])
    assert points == pytest.approx(result["score"], abs=0.1)
