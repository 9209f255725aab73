"""The use cases: what suppliers, advisers and buyers do, and what others are told of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.assessment.domain.answers import Given, Trust
from services.assessment.domain.assessment import State
from services.assessment.domain.sharing import Scope
from services.assessment.handlers import answering, reviewing, sharing
from services.assessment.storage import queries
from services.assessment.storage.accompanied import Accompanied
from services.assessment.storage.review_list import AssessmentFilter, count_by_state, page
from services.assessment.storage.tables import proof_contents
from services.chassis.listing import ListQuery
from services.chassis.model import Conflict, DomainError, NotFound
from services.chassis.uploads import LARGEST_UPLOAD
from tests.unit.assessment.examples import ADVISER, MARIE, NOON
from tests.unit.assessment.service_examples import (
    ANSWERS,
    ASSESSMENT,
    HISTORY,
    HOSPITAL,
    MAUGUIO,
    STRANGER,
    in_review,
    published,
    submitted,
    the_assessment,
    told,
    work,
)

PDF = b"%PDF-1.7 a bill"


def data_of_last_event(unit_of_work_: object) -> dict[str, object]:
    return dict(unit_of_work_.recorded[-1].data)  # type: ignore[attr-defined]


def test_the_first_answer_is_told_as_the_start_and_later_ones_are_not() -> None:
    session = told(HISTORY)
    unit_of_work = work(session)

    answering.save_answers(ASSESSMENT, {"commitment": Given(values=("written",))}, unit_of_work)
    answering.save_answers(ASSESSMENT, {"energy": Given(values=("noted",))}, unit_of_work)

    assert published(unit_of_work) == ["assessment.started"]
    assert the_assessment(session).answered == 2


def test_wrong_answers_come_back_and_the_others_are_kept() -> None:
    session = told(HISTORY)
    given = {"commitment": Given(values=("written",)), "payment-time": Given(values=("soon",))}

    problems = answering.save_answers(ASSESSMENT, given, work(session))

    assert list(problems) == ["payment-time"]
    assert list(the_assessment(session).answers) == ["commitment"]


def test_a_submission_tells_score_level_themes_and_trust() -> None:
    session = told(HISTORY)
    unit_of_work = work(session)
    answering.save_answers(ASSESSMENT, ANSWERS, unit_of_work)

    answering.submit(ASSESSMENT, MARIE, unit_of_work, accept_unanswered=True)

    data = data_of_last_event(unit_of_work)
    assert published(unit_of_work)[-1] == "assessment.submitted"
    assert (data["state"], data["score"], data["level"]) == ("submitted", 40.5, 2)
    assert data["trust"] == {"declared": 1.0, "evidenced": 0.0, "verified": 0.0}
    assert {theme["key"]: theme["score"] for theme in data["themes"]} == {  # type: ignore[attr-defined]
        "governance": 70.0,
        "environment": 55.0,
        "people": 0.0,
        "fair-practices": 100.0,
        "purchasing": 34.0,
        "local-anchoring": 0.0,
        "readiness": 25.0,
    }
    assert (data["answered"], data["applicable"]) == (9, 11)


def test_answers_and_proofs_are_never_published() -> None:
    unit_of_work = work(told(HISTORY))
    answering.save_answers(ASSESSMENT, ANSWERS, unit_of_work)
    answering.submit(ASSESSMENT, MARIE, unit_of_work, accept_unanswered=True)

    assert "answers" not in data_of_last_event(unit_of_work)
    assert not any(b"sorting" in event.to_bytes() for event in unit_of_work.recorded)


def test_open_questions_keep_a_submission_back_until_they_are_accepted() -> None:
    session = told(HISTORY)
    answering.save_answers(ASSESSMENT, ANSWERS, work(session))

    with pytest.raises(DomainError, match="still open"):
        answering.submit(ASSESSMENT, MARIE, work(session))
    assert the_assessment(session).state is State.IN_PROGRESS


def test_a_submission_is_taken_back_within_a_day_and_submitted_again() -> None:
    session = submitted()
    unit_of_work = work(session, NOON + timedelta(hours=5))

    answering.undo_submission(ASSESSMENT, MARIE, unit_of_work)
    answering.submit(ASSESSMENT, MARIE, unit_of_work, accept_unanswered=True)

    assert published(unit_of_work) == ["assessment.reopened", "assessment.submitted"]


def test_a_review_verifies_and_validates() -> None:
    session = in_review()
    unit_of_work = work(session, NOON + timedelta(days=2))

    reviewing.verify_answers(ASSESSMENT, ["commitment", "energy"], ADVISER, unit_of_work)
    reviewing.validate(ASSESSMENT, "Bravo !", ADVISER, unit_of_work)

    data = data_of_last_event(unit_of_work)
    assert published(unit_of_work) == ["assessment.validated"]
    assert (data["state"], data["comment"]) == ("validated", "Bravo !")
    assert 0 < data["trust"]["verified"] < 1  # type: ignore[index]


def test_a_review_sends_back_with_a_comment() -> None:
    session = in_review()
    unit_of_work = work(session)

    reviewing.request_changes(ASSESSMENT, "Merci de préciser l’énergie.", unit_of_work)

    assert published(unit_of_work) == ["assessment.changes_requested"]
    assert the_assessment(session).comment == "Merci de préciser l’énergie."


def test_every_change_raises_the_version_that_others_order_by() -> None:
    session = in_review()
    version = the_assessment(session).version
    unit_of_work = work(session)

    reviewing.validate(ASSESSMENT, "", ADVISER, unit_of_work)

    assert unit_of_work.recorded[-1].sequence == version + 1


def test_a_proof_is_kept_and_raises_the_trust() -> None:
    session = told(HISTORY)
    answering.save_answers(ASSESSMENT, ANSWERS, work(session))

    proof = answering.add_proof(ASSESSMENT, "energy", "factures 2025.pdf", PDF, work(session))

    assert the_assessment(session).answers["energy"].trust is Trust.EVIDENCED
    found, content = queries.proof_content(session, ASSESSMENT, proof.id)
    assert (found.name, found.media_type, content) == ("factures 2025.pdf", "application/pdf", PDF)


def test_a_removed_proof_takes_its_content_with_it() -> None:
    session = told(HISTORY)
    answering.save_answers(ASSESSMENT, ANSWERS, work(session))
    proof = answering.add_proof(ASSESSMENT, "energy", "bill.pdf", PDF, work(session))

    answering.remove_proof(ASSESSMENT, proof.id, work(session))

    assert the_assessment(session).answers["energy"].trust is Trust.DECLARED
    assert session.scalar(select(func.count()).select_from(proof_contents)) == 0
    with pytest.raises(NotFound):
        queries.proof_content(session, ASSESSMENT, proof.id)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "empty"), (b"MZ\x90", "Only PDF"), (b"%PDF-" + bytes(LARGEST_UPLOAD), "larger than 10 MB")],
)
def test_a_file_that_is_no_proof_is_refused(content: bytes, sentence: str) -> None:
    session = told(HISTORY)
    answering.save_answers(ASSESSMENT, ANSWERS, work(session))

    with pytest.raises(DomainError, match=sentence):
        answering.add_proof(ASSESSMENT, "energy", "bill.pdf", content, work(session))


def test_a_file_keeps_only_a_harmless_name() -> None:
    session = told(HISTORY)
    answering.save_answers(ASSESSMENT, ANSWERS, work(session))

    proof = answering.add_proof(ASSESSMENT, "energy", "../../etc/\x00bill\n.pdf", PDF, work(session))

    assert proof.name == "bill.pdf"


def test_a_supplier_shares_with_one_buyer_and_nobody_else_sees_it() -> None:
    session = submitted()
    unit_of_work = work(session)

    sharing.share(ASSESSMENT, MAUGUIO, {Scope.LEVEL, Scope.THEMES}, unit_of_work)

    data = data_of_last_event(unit_of_work)
    assert published(unit_of_work) == ["sharing.granted"]
    assert (data["scope"], data["level"], data["score"]) == (["level", "themes"], 2, 40.5)
    assert seen_by(session, MAUGUIO) == ["Les Jardins du Lez"]
    assert seen_by(session, HOSPITAL) == []


def test_the_level_is_not_told_when_it_is_not_shared() -> None:
    unit_of_work = work(submitted())

    sharing.share(ASSESSMENT, MAUGUIO, {Scope.ANSWERS}, unit_of_work)

    data = data_of_last_event(unit_of_work)
    assert (data["level"], data["score"]) == (None, None)


def test_sharing_the_same_again_tells_nobody() -> None:
    session = submitted()
    sharing.share(ASSESSMENT, MAUGUIO, {Scope.LEVEL}, work(session))
    unit_of_work = work(session)

    sharing.share(ASSESSMENT, MAUGUIO, {Scope.LEVEL}, unit_of_work)

    assert published(unit_of_work) == []


def test_a_buyer_sees_nothing_more_once_sharing_stops() -> None:
    session = submitted()
    sharing.share(ASSESSMENT, MAUGUIO, set(Scope), work(session))
    unit_of_work = work(session)

    sharing.stop_sharing(ASSESSMENT, MAUGUIO, unit_of_work)

    assert published(unit_of_work) == ["sharing.revoked"]
    assert data_of_last_event(unit_of_work)["scope"] == []
    assert seen_by(session, MAUGUIO) == []


def test_nothing_is_shared_before_it_is_submitted() -> None:
    with pytest.raises(Conflict, match="Submit your assessment first"):
        sharing.share(ASSESSMENT, MAUGUIO, {Scope.LEVEL}, work(told(HISTORY)))


def test_only_buyers_of_the_programme_can_be_shared_with() -> None:
    with pytest.raises(NotFound):
        sharing.share(ASSESSMENT, STRANGER, {Scope.LEVEL}, work(submitted()))


def test_stopping_what_was_never_shared_is_told() -> None:
    with pytest.raises(NotFound):
        sharing.stop_sharing(ASSESSMENT, MAUGUIO, work(submitted()))


def test_the_list_of_reviews_is_limited_to_what_the_adviser_may_see() -> None:
    session = submitted()
    by_name = ListQuery(sort="name")

    rows, total = page(session, AssessmentFilter(Accompanied(("cesar",)), state="submitted"), by_name)
    assert ([row.organisation_name for row in rows], total) == (["Les Jardins du Lez"], 1)
    assert page(session, AssessmentFilter(Accompanied(("other",))), by_name) == ([], 0)
    for followed, count in (((MAUGUIO,), 1), ((MAUGUIO, HOSPITAL), 1), ((HOSPITAL,), 0), ((), 0)):
        theirs = AssessmentFilter(Accompanied(followed={"cesar": followed}))
        assert page(session, theirs, by_name)[1] == count
    assert page(session, AssessmentFilter(state="validated"), by_name) == ([], 0)
    assert page(session, AssessmentFilter(state="forged"), by_name) == ([], 0)
    assert page(session, AssessmentFilter(), ListQuery(search="jardins"))[1] == 1
    assert page(session, AssessmentFilter(), ListQuery(search="100%"))[1] == 0
    assert count_by_state(session, AssessmentFilter())[State.SUBMITTED] == 1


def seen_by(session: Session, buyer_organisation_id: object) -> list[str]:
    session.flush()
    return [each.supplier_name for each, _ in queries.shared_with(session, [buyer_organisation_id])]  # type: ignore[list-item]
