"""Drafts: kept by a personal link, saved while one writes, with files, and handed in once."""

from datetime import timedelta
from functools import partial
from io import BytesIO
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from sqlalchemy import select

from services.enrolment.domain.application import Application
from services.enrolment.domain.call import Question, QuestionKind
from services.enrolment.domain.draft import ApplicationDraft
from services.enrolment.handlers import decisions, programmes
from services.enrolment.handlers.drafts import remind_of_drafts
from services.enrolment.personal_links import draft_address
from services.enrolment.storage.application_queries import attachments_of
from services.enrolment.storage.queries import cohort_by_label
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.world import HELENE, World

APPLY = "/programmes/cesar/cohorts/2027/apply"
CLAIRE = "claire@mauguio.example"
COMPLETE = {
    "organisation_name": "Ville de Mauguio",
    "legal_form": "public",
    "commune": "Mauguio",
    "contact_name": "Claire Martin",
    "contact_email": CLAIRE,
    "motivation": "Mieux acheter.",
    "answers.q1": "1 200 000",
}
PDF = b"%PDF-1.7 une lettre"


@pytest.fixture(autouse=True)
def questions(world: World) -> None:
    """The call asks for an amount, and for a letter if there is one."""
    with world.runtime.read() as session:
        cohort_id = cohort_by_label(session, "cesar", "2027").id
    asked = (
        Question(key="q1", label="Montant", kind=QuestionKind.NUMBER, required=True),
        Question(key="q2", label="Lettre", kind=QuestionKind.FILE),
    )
    command = programmes.DescribeCall(
        cohort_id=cohort_id, call_text="Pour les acheteurs de l’Hérault.", questions=asked, criteria=()
    )
    world.do(programmes.describe_call, command)


def begin(world: World, visit: Visit, **typed: object) -> str:
    """A visitor keeps what they have for later; the address of the draft, as it came by mail."""
    form = {"contact_email": CLAIRE, "then": "later", **typed}
    assert visit().post(APPLY, data=form).status_code == 303
    return urlsplit(world.told("application_draft.begun")[-1]["url"]).path


def letter(content: bytes = PDF) -> dict[str, object]:
    return {"answers.q2": (BytesIO(content), "Lettre d’engagement.pdf")}


def test_the_public_page_has_the_text_and_the_questions_of_the_call(visit: Visit) -> None:
    page = visit().get(APPLY).text
    assert "Pour les acheteurs de l’Hérault." in page
    assert 'name="answers.q1"' in page


def test_the_one_page_form_takes_answers_and_files_at_once(world: World, visit: Visit) -> None:
    answer = visit().post(APPLY, data=COMPLETE | letter())
    assert answer.headers["Location"].endswith("/received")
    with world.runtime.read() as session:
        application = session.scalars(select(Application)).one()
        assert application.answers == {"q1": "1 200 000"}
        assert [file.name for file in attachments_of(session, application.id)] == ["Lettre d’engagement.pdf"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"answers.q1": ""}, "attend une réponse"),
        ({"answers.q1": "beaucoup"}, "Écrivez un nombre"),
        (letter(b"MZ not a document"), "Seuls des fichiers PDF"),
        (letter(b""), "vide"),
    ],
)
def test_what_is_wrong_is_told_at_its_question_and_nothing_is_handed_in(
    world: World, visit: Visit, wrong: dict[str, object], words: str
) -> None:
    page = visit().post(APPLY, data=COMPLETE | wrong)
    assert page.status_code == 422
    assert words in page.text
    assert "Mieux acheter." in page.text
    assert not world.told("application.submitted")


def test_a_draft_needs_an_address_and_nothing_else(world: World, visit: Visit) -> None:
    page = visit().post(APPLY, data={"motivation": "Mieux acheter.", "then": "later"})
    assert page.status_code == 422
    assert 'id="field-contact_email-error"' in page.text
    assert 'id="field-organisation_name-error"' not in page.text
    address = begin(world, visit, motivation="Mieux acheter.")
    assert "Mieux acheter." in visit().get(address).text


def test_a_draft_saves_itself_right_or_wrong(world: World, visit: Visit) -> None:
    address = begin(world, visit)
    browser = visit()
    headers = {"X-Requested-With": "autosave"}
    half = {"motivation": "Mieux ach", "siret": "123", "answers.q1": "beauc"}
    assert browser.post(address, data=half, headers=headers).status_code == 204
    page = browser.get(address).text
    for typed in half.values():
        assert typed in page


def test_a_link_that_is_not_ours_opens_nothing(world: World, visit: Visit) -> None:
    address = begin(world, visit)
    assert visit().get(address[:-2] + "xx").status_code == 404
    assert visit().post("/drafts/nonsense", data=COMPLETE).status_code == 404


def test_whoever_types_my_address_does_not_touch_my_draft(world: World, visit: Visit) -> None:
    address = begin(world, visit, motivation="Le mien.")
    assert begin(world, visit, motivation="Celui d’un autre.") == address
    assert len(world.told("application_draft.begun")) == 1, "the link was sent a moment ago"
    world.clock.now += timedelta(hours=2)
    assert begin(world, visit) == address
    assert len(world.told("application_draft.begun")) == 2
    assert "Le mien." in visit().get(address).text


def test_files_are_kept_with_the_draft_and_can_be_removed(world: World, visit: Visit) -> None:
    address = begin(world, visit)
    browser = visit()
    assert browser.post(address, data={"then": "save", **letter()}).status_code == 303
    with world.runtime.read() as session:
        draft = session.scalars(select(ApplicationDraft)).one()
        (file,) = attachments_of(session, draft.id)
    download = browser.get(f"{address}/files/{file.id}")
    assert (download.data, download.mimetype) == (PDF, "application/pdf")
    assert "attachment" in download.headers["Content-Disposition"]
    refused = browser.post(address, data={"then": "save", **letter(b"MZ")})
    assert refused.status_code == 422
    assert browser.post(address, data={"remove": str(file.id)}).status_code == 303
    assert browser.get(f"{address}/files/{file.id}").status_code == 404


def test_a_draft_is_handed_in_once_with_its_files(world: World, visit: Visit) -> None:
    address = begin(world, visit)
    browser = visit()
    browser.post(address, data={"then": "save", **letter()})
    incomplete = browser.post(address, data={"then": "submit", "motivation": "Mieux acheter."})
    assert incomplete.status_code == 422
    for _click in range(2):
        answer = browser.post(address, data={"then": "submit", **COMPLETE})
        assert answer.headers["Location"].endswith("/received")
    assert len(world.told("application.submitted")) == 1
    assert world.told("application_draft.submitted")[-1]["state"] == "submitted"
    assert browser.get(address).status_code == 303
    submitted = world.told("application.submitted")[0]["id"]
    manager = visit(HELENE)
    page = manager.get(f"/applications/{submitted}").text
    assert "1 200 000" in page
    with world.runtime.read() as session:
        (file,) = attachments_of(session, UUID(submitted))
    assert manager.get(f"/applications/{submitted}/files/{file.id}").data == PDF
    assert visit(CLAIRE).get(f"/applications/{submitted}/files/{file.id}").data == PDF


def test_files_are_not_for_other_applicants(world: World, visit: Visit) -> None:
    visit().post(APPLY, data=COMPLETE | letter())
    application = world.told("application.submitted")[0]["id"]
    with world.runtime.read() as session:
        (file,) = attachments_of(session, UUID(application))
    world.apply("Ville de Lattes", contact_email="luc@lattes.example", answers={"q1": "1"})
    assert visit("luc@lattes.example").get(f"/applications/{application}/files/{file.id}").status_code == 404
    assert visit().get(f"/applications/{application}/files/{file.id}").status_code == 303


def test_who_has_signed_in_goes_on_where_they_left(world: World, visit: Visit) -> None:
    world.apply("Ville de Lattes", contact_email=CLAIRE, answers={"q1": "1"})
    browser = visit(CLAIRE)
    answer = browser.post(APPLY, data={"contact_email": CLAIRE, "motivation": "Encore.", "then": "later"})
    assert answer.headers["Location"].startswith("/drafts/")
    assert browser.get(APPLY).headers["Location"] == answer.headers["Location"]
    assert answer.headers["Location"] in browser.get("/").text


def test_when_the_call_is_closed_the_draft_says_so(world: World, visit: Visit) -> None:
    address = begin(world, visit)
    visit().post(address, data={"then": "save", **COMPLETE})
    world.clock.now += timedelta(weeks=7)
    read = visit().get(address)
    assert read.status_code == 410
    assert "Mieux acheter." in read.text, "what was written can still be read"
    assert "Envoyer la candidature" not in read.text
    page = visit().post(address, data={"then": "submit", **COMPLETE})
    assert page.status_code == 422
    assert "clos" in page.text


def test_a_draft_is_reminded_of_once_and_only_shortly_before_the_call_closes(
    world: World, visit: Visit
) -> None:
    begin(world, visit)
    link = partial(draft_address, world.runtime.settings)
    assert world.do(remind_of_drafts, link) == 0
    world.clock.now += timedelta(weeks=6, days=-3)
    assert world.do(remind_of_drafts, link) == 1
    assert world.do(remind_of_drafts, link) == 0
    told = world.told("application_draft.closing_soon")
    assert told[0]["url"] == world.told("application_draft.begun")[0]["url"]


def test_who_has_applied_is_not_reminded(world: World, visit: Visit) -> None:
    address = begin(world, visit)
    visit().post(address, data={"then": "submit", **COMPLETE})
    world.clock.now += timedelta(weeks=6, days=-3)
    assert world.do(remind_of_drafts, partial(draft_address, world.runtime.settings)) == 0


def test_an_application_that_was_handed_back_is_corrected_with_answers_and_files(
    world: World, visit: Visit
) -> None:
    application = world.apply(contact_email=CLAIRE, answers={"q1": "1"})
    world.do(decisions.hand_back, application.id, "incomplete", "Et la lettre ?")
    browser = visit(CLAIRE)
    address = f"/applications/{application.id}/submit"
    saved = {"motivation": "Mieux ach", "answers.q1": "2"}
    assert browser.post(address, data=saved, headers={"X-Requested-With": "autosave"}).status_code == 204
    assert 'value="2"' in browser.get(f"/applications/{application.id}").text
    corrected = {"motivation": "Mieux acheter.", "answers.q1": "3", **letter()}
    assert browser.post(address, data=corrected).status_code == 303
    again = world.read(Application, application.id)
    assert (again.state, again.answers) == ("submitted", {"q1": "3"})
    with world.runtime.read() as session:
        assert len(attachments_of(session, application.id)) == 1
    assert browser.post(address, data=corrected | letter()).status_code == 422


def test_all_that_is_wrong_is_told_at_once_also_of_files(visit: Visit) -> None:
    page = visit().post(APPLY, data=COMPLETE | {"siret": "123"} | letter(b"MZ")).text
    assert 'id="field-siret-error"' in page
    assert "Seuls des fichiers PDF" in page


def test_a_file_that_was_not_kept_has_to_be_chosen_again_and_that_is_said(visit: Visit) -> None:
    page = visit().post(APPLY, data=COMPLETE | {"siret": "123"} | letter()).text
    assert "Choisissez à nouveau ce fichier" in page
    assert "Lettre d’engagement.pdf" in page
    assert "Choisissez à nouveau" not in visit().post(APPLY, data=COMPLETE | {"siret": "123"}).text


def test_what_is_kept_for_later_is_kept_with_its_files_and_changes_no_draft(
    world: World, visit: Visit
) -> None:
    address = begin(world, visit, **letter())
    assert "Lettre d’engagement.pdf" in visit().get(address).text
    begin(world, visit, **letter())
    with world.runtime.read() as session:
        draft = session.scalars(select(ApplicationDraft)).one()
        assert len(attachments_of(session, draft.id)) == 1


def test_a_file_that_cannot_be_taken_is_told_when_a_draft_is_begun(world: World, visit: Visit) -> None:
    page = visit().post(APPLY, data={"contact_email": CLAIRE, "then": "later"} | letter(b"MZ"))
    assert page.status_code == 422
    assert "Seuls des fichiers PDF" in page.text
    assert not world.told("application_draft.begun")


def test_good_files_are_kept_beside_one_that_cannot_be_taken(world: World, visit: Visit) -> None:
    address = begin(world, visit)
    files = [(BytesIO(PDF), "Bon.pdf"), (BytesIO(b"MZ"), "Mauvais.pdf")]
    page = visit().post(address, data={"then": "save", "answers.q2": files})
    assert page.status_code == 422
    assert "Bon.pdf</a>" in page.text
    assert "Mauvais.pdf" not in page.text


def test_the_file_of_a_correction_is_kept_also_when_something_else_is_wrong(
    world: World, visit: Visit
) -> None:
    application = world.apply(contact_email=CLAIRE, answers={"q1": "1"})
    world.do(decisions.hand_back, application.id, "incomplete", "Et la lettre ?")
    wrong = {"motivation": "Mieux acheter.", "answers.q1": "beaucoup", **letter()}
    page = visit(CLAIRE).post(f"/applications/{application.id}/submit", data=wrong)
    assert page.status_code == 422
    assert "Lettre d’engagement.pdf</a>" in page.text
