"""The questionnaire in a browser without script: saved page by page, submitted once, taken back for a day."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.unit.assessment.service_examples import ASSESSMENT
from tests.unit.assessment.web_examples import SAME_SITE, Site

HERE = f"/assessment/{ASSESSMENT}"


def send(client: FlaskClient, page: int, **fields: Any) -> TestResponse:
    """Send a page of the questionnaire, pressing "Continue"."""
    data = {"go": "next", "asked": [name for name in fields if "--" not in name], **fields}
    return client.post(f"{HERE}/questions/{page}", data=data, headers=SAME_SITE)


def submit(client: FlaskClient) -> TestResponse:
    return client.post(f"{HERE}/submit", data={"accept_unanswered": "1"}, headers=SAME_SITE)


def text(response: TestResponse) -> str:
    assert response.status_code == 200
    return response.get_data(as_text=True)


def test_a_page_is_saved_and_leads_to_the_next(site: Site) -> None:
    supplier = site.supplier()

    response = send(supplier, 1, commitment="written")

    assert (response.status_code, response.location) == (303, f"{HERE}/questions/2")
    assert 'value="written" checked' in text(supplier.get(f"{HERE}/questions/1"))


def test_the_home_resumes_at_the_first_page_with_an_open_question(site: Site) -> None:
    supplier = site.supplier()
    assert f"{HERE}/questions/1" in text(supplier.get("/assessment/"))

    send(supplier, 1, commitment="written")

    assert f"{HERE}/questions/2" in text(supplier.get("/assessment/"))


def test_a_wrong_answer_comes_back_with_what_was_typed_and_the_others_are_saved(site: Site) -> None:
    supplier = site.supplier()

    response = send(supplier, 4, **{"payment-time": "a month"})

    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert 'value="a month"' in page and "Write a number in figures" in page


def test_an_answer_that_opens_questions_leads_back_to_them_first(site: Site) -> None:
    supplier = site.supplier()
    assert "risk assessment" not in text(supplier.get(f"{HERE}/questions/3"))

    response = send(supplier, 3, employees="yes")

    assert response.location == f"{HERE}/questions/3#question-risk-assessment"
    assert "risk assessment" in text(supplier.get(f"{HERE}/questions/3"))
    onwards = send(supplier, 3, employees="yes", **{"risk-assessment": "old", "equal-pay": "no"})
    assert onwards.location == f"{HERE}/questions/4"


def test_a_question_is_set_aside_with_a_reason(site: Site) -> None:
    supplier = site.supplier()
    without_reason = send(supplier, 2, energy="not-applicable")
    assert "Say in a few words" in without_reason.get_data(as_text=True)

    send(supplier, 2, energy="not-applicable", **{"energy--reason": "We rent a shared room"})

    assert "We rent a shared room" in text(supplier.get(f"{HERE}/summary"))


def test_unticking_everything_takes_an_answer_back(site: Site) -> None:
    supplier = site.supplier()
    send(supplier, 2, **{"nature-and-waste": ["sorting", "water"]})

    supplier.post(f"{HERE}/questions/2", data={"asked": "nature-and-waste"}, headers=SAME_SITE)

    assert "checked" not in text(supplier.get(f"{HERE}/questions/2"))


def test_autosave_answers_with_the_page_and_says_when_something_is_wrong(site: Site) -> None:
    supplier = site.supplier()
    headers = {**SAME_SITE, "X-Requested-With": "autosave"}
    form = {"asked": "employees", "employees": "yes"}

    saved = supplier.post(f"{HERE}/questions/3", data=form, headers=headers)
    refused = supplier.post(
        f"{HERE}/questions/4", data={"asked": "payment-time", "payment-time": "soon"}, headers=headers
    )

    assert 'id="after-employees"' in text(saved) and "risk-assessment" in text(saved)
    assert refused.status_code == 422


def test_stopping_keeps_the_answers_and_going_back_leads_to_the_page_before(site: Site) -> None:
    supplier = site.supplier()

    assert send(supplier, 2, energy="noted", go="leave").location == "/assessment/"
    assert send(supplier, 2, energy="noted", go="previous").location == f"{HERE}/questions/1"
    assert send(supplier, 1, commitment="written", go="previous").location == "/assessment/"


def test_the_last_page_leads_to_the_summary_which_names_what_is_missing(site: Site) -> None:
    supplier = site.supplier()

    asked = ["documents", "e-invoicing", "what-would-help"]
    response = send(supplier, 7, asked=asked, **{"e-invoicing": "yes"})

    assert response.location == f"{HERE}/summary"
    assert f"{HERE}/questions/1#question-commitment" in text(supplier.get(f"{HERE}/summary"))


def test_a_page_that_does_not_exist_is_not_found(site: Site) -> None:
    assert site.supplier().get(f"{HERE}/questions/0").status_code == 404
    assert site.supplier().get(f"{HERE}/questions/8").status_code == 404


def test_submitting_with_open_questions_has_to_be_meant(site: Site) -> None:
    supplier = site.supplier()
    send(supplier, 1, commitment="written")

    refused = supplier.post(f"{HERE}/submit", headers=SAME_SITE)

    assert refused.status_code == 422
    assert "They count as 0" in refused.get_data(as_text=True)
    assert submit(supplier).location == f"{HERE}/result"


def test_the_result_shows_level_actions_and_the_answer_behind_each_point(site: Site) -> None:
    supplier = site.supplier()
    send(supplier, 1, commitment="unwritten")
    submit(supplier)

    page = text(supplier.get(f"{HERE}/result"))

    assert "Beginning" in page and "5.0 of 100" in page
    assert "Write your commitments on one page" in page
    assert "5.0 of 12.5 points" in page and "without having written them down" in page


def test_after_submitting_the_questions_lead_to_the_result(site: Site) -> None:
    supplier = site.supplier()
    send(supplier, 1, commitment="written")
    submit(supplier)

    assert supplier.get(f"{HERE}/questions/1").location == f"{HERE}/result"
    assert supplier.get(f"{HERE}/summary").location == f"{HERE}/result"
    assert send(supplier, 1, commitment="followed").status_code == 409


def test_before_submitting_there_is_no_result(site: Site) -> None:
    assert site.supplier().get(f"{HERE}/result").location == f"{HERE}/summary"


def test_a_submission_is_taken_back_for_a_day_and_no_longer(site: Site) -> None:
    supplier = site.supplier()
    send(supplier, 1, commitment="written")
    submit(supplier)
    assert f"{HERE}/undo" in text(supplier.get("/assessment/"))

    assert supplier.post(f"{HERE}/undo", headers=SAME_SITE).location == f"{HERE}/summary"

    submit(supplier)
    site.now += timedelta(hours=25)
    assert f"{HERE}/undo" not in text(supplier.get("/assessment/"))
    assert supplier.post(f"{HERE}/undo", headers=SAME_SITE).status_code == 409


def test_a_proof_is_added_shown_and_removed(site: Site) -> None:
    supplier = site.supplier()
    bill = (BytesIO(b"%PDF-1.7 the bill"), "facture d’énergie.pdf")
    send(supplier, 2, energy="noted", **{"energy--proof": bill})
    page = text(supplier.get(f"{HERE}/questions/2"))
    assert "facture d’énergie.pdf" in page
    address = page.split(f'href="{HERE}/proofs/')[1].split('"')[0]

    found = supplier.get(f"{HERE}/proofs/{address}")
    assert (found.mimetype, found.data) == ("application/pdf", b"%PDF-1.7 the bill")
    assert found.headers["Content-Disposition"].startswith("attachment")

    send(supplier, 2, energy="noted", remove_proof=address)
    assert "facture d’énergie.pdf" not in text(supplier.get(f"{HERE}/questions/2"))


def test_a_file_that_is_no_proof_is_refused_and_the_answer_is_kept(site: Site) -> None:
    supplier = site.supplier()
    program = (BytesIO(b"MZ\x90"), "bill.exe")

    refused = send(supplier, 2, energy="noted", **{"energy--proof": program})

    assert refused.status_code == 422
    assert "Only PDF files and photos" in refused.get_data(as_text=True)
    assert 'value="noted" checked' in text(supplier.get(f"{HERE}/questions/2"))


def test_the_pages_speak_french_to_who_reads_french(site: Site) -> None:
    supplier = site.supplier()
    supplier.get("/assessment/?lang=fr")

    page = text(supplier.get(f"{HERE}/questions/1"))

    assert "Où en est votre entreprise" in page
    assert "Enregistrer et m’arrêter là" in page
