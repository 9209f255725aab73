"""The life of an assessment: assigned, in progress, submitted, in review, validated, and the ways back."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from services.assessment.domain.answers import Given, Proof, Trust
from services.assessment.domain.assessment import Assessment, Person, State
from services.assessment.domain.referential import Audience, Condition, Profile
from services.chassis.model import Conflict, DomainError, Forbidden, NotFound
from tests.unit.assessment.examples import (
    ADVISER,
    MARIE,
    NOON,
    an_assessment,
    days,
    referential,
    theme,
    typed,
    yes_no,
)

EXAMPLE = referential(theme("energy", yes_no("meter"), days("payment")))
COMPLETE = typed(meter="yes", payment="20")


def submitted() -> Assessment:
    assessment = an_assessment()
    assessment.answer(COMPLETE, EXAMPLE, NOON)
    assessment.submit(EXAMPLE, MARIE, NOON)
    return assessment


def in_review() -> Assessment:
    assessment = submitted()
    assessment.start_review(ADVISER)
    return assessment


def validated() -> Assessment:
    assessment = in_review()
    assessment.validate("Well done.", ADVISER, NOON)
    return assessment


def test_the_first_answer_starts_it() -> None:
    assessment = an_assessment()

    assessment.answer(typed(meter="yes"), EXAMPLE, NOON)

    assert (assessment.state, assessment.started_at) == (State.IN_PROGRESS, NOON)
    assert (assessment.answered, assessment.applicable, assessment.score) == (1, 2, 50.0)


def test_saving_an_empty_page_does_not_start_it() -> None:
    assessment = an_assessment()

    assessment.answer({"meter": Given()}, EXAMPLE, NOON)

    assert assessment.state is State.ASSIGNED


def test_one_wrong_answer_costs_only_itself() -> None:
    assessment = an_assessment()

    problems = assessment.answer(typed(meter="yes", payment="a month"), EXAMPLE, NOON)

    assert list(problems) == ["payment"]
    assert assessment.answers["meter"].value is True


def test_a_wrong_answer_to_a_question_just_ruled_out_is_no_problem() -> None:
    example = referential(
        theme(
            "people",
            yes_no("staff", weight=0),
            yes_no("training", only_if=Condition("staff", frozenset({"yes"}))),
        )
    )
    assessment = an_assessment()

    assert assessment.answer(typed(staff="no", training="perhaps"), example, NOON) == {}


def test_questions_that_do_not_exist_or_concern_others_are_left_out() -> None:
    example = referential(
        theme("energy", yes_no("meter"), yes_no("fleet", concerns=Audience(employing_from=250)))
    )
    assessment = an_assessment()

    assessment.answer(typed(meter="yes", fleet="yes", forged="yes"), example, NOON)

    assert list(assessment.answers) == ["meter"]


def test_an_answer_can_be_taken_back() -> None:
    assessment = an_assessment()
    assessment.answer(COMPLETE, EXAMPLE, NOON)

    assessment.answer({"meter": Given()}, EXAMPLE, NOON)

    assert (assessment.answered, assessment.applicable) == (1, 2)


def test_a_complete_questionnaire_is_submitted_once() -> None:
    assessment = submitted()

    assert (assessment.state, assessment.submitted_at) == (State.SUBMITTED, NOON)
    assert (assessment.score, assessment.level) == (100.0, 5)
    with pytest.raises(Conflict):
        assessment.submit(EXAMPLE, MARIE, NOON)


def test_open_questions_have_to_be_accepted_before_submitting() -> None:
    assessment = an_assessment()
    assessment.answer(typed(meter="yes"), EXAMPLE, NOON)

    with pytest.raises(DomainError, match="still open: 1") as refusal:
        assessment.submit(EXAMPLE, MARIE, NOON)
    assert refusal.value.field == "accept_unanswered"

    assessment.submit(EXAMPLE, MARIE, NOON, accept_unanswered=True)
    assert assessment.score == 50.0


def test_an_empty_questionnaire_is_never_submitted() -> None:
    with pytest.raises(DomainError, match="at least one question"):
        an_assessment().submit(EXAMPLE, MARIE, NOON, accept_unanswered=True)


def test_answers_are_closed_after_submitting() -> None:
    with pytest.raises(Conflict, match="take the submission back"):
        submitted().answer(typed(meter="no"), EXAMPLE, NOON)


@pytest.mark.parametrize("elapsed", [timedelta(0), timedelta(hours=24)])
def test_the_author_takes_a_submission_back_within_24_hours(elapsed: timedelta) -> None:
    assessment = submitted()
    assert assessment.can_be_undone(MARIE.id, NOON + elapsed)

    assessment.undo_submission(MARIE, NOON + elapsed)

    assert (assessment.state, assessment.submitted_at) == (State.IN_PROGRESS, None)
    assert assessment.answers["meter"].value is True


def test_after_24_hours_a_submission_stands() -> None:
    late = NOON + timedelta(hours=24, seconds=1)
    assessment = submitted()

    assert not assessment.can_be_undone(MARIE.id, late)
    with pytest.raises(Conflict, match="24 hours"):
        assessment.undo_submission(MARIE, late)


def test_nobody_but_the_author_takes_a_submission_back() -> None:
    colleague = Person(uuid4(), "Luc Vidal")
    assessment = submitted()

    assert not assessment.can_be_undone(colleague.id, NOON)
    with pytest.raises(Forbidden):
        assessment.undo_submission(colleague, NOON)


def test_a_review_that_has_begun_does_not_shorten_the_24_hours() -> None:
    assessment = in_review()

    assessment.undo_submission(MARIE, NOON + timedelta(hours=1))

    assert (assessment.state, assessment.reviewer_name) == (State.IN_PROGRESS, None)


def test_an_adviser_reviews_what_was_submitted() -> None:
    assessment = in_review()

    assert (assessment.state, assessment.reviewer_name) == (State.IN_REVIEW, "Paul Costa")
    with pytest.raises(Conflict):
        assessment.start_review(ADVISER)


def test_an_adviser_verifies_answers_and_can_change_their_mind() -> None:
    assessment = in_review()

    assessment.verify(frozenset({"meter"}), EXAMPLE, ADVISER, NOON)
    assert assessment.answers["meter"].trust is Trust.VERIFIED
    assert assessment.result(EXAMPLE).trust.verified == 0.5

    assessment.verify(frozenset({"payment"}), EXAMPLE, ADVISER, NOON)
    assert assessment.answers["meter"].trust is Trust.DECLARED
    assert assessment.answers["payment"].verified_by == "Paul Costa"


def test_answers_are_verified_during_a_review_only() -> None:
    with pytest.raises(Conflict, match="not in review"):
        submitted().verify(frozenset({"meter"}), EXAMPLE, ADVISER, NOON)


def test_validation_freezes_the_assessment() -> None:
    assessment = validated()
    before = (assessment.score, assessment.profile, assessment.organisation_name)

    assert (assessment.state, assessment.comment) == (State.VALIDATED, "Well done.")
    with pytest.raises(Conflict, match="no longer change"):
        assessment.answer(typed(meter="no"), EXAMPLE, NOON)
    with pytest.raises(Conflict):
        assessment.undo_submission(MARIE, NOON)
    with pytest.raises(Conflict):
        assessment.request_changes("Once more")
    assessment.learn("Another name", Profile(size="250+"), EXAMPLE)
    assert (assessment.score, assessment.profile, assessment.organisation_name) == before


def test_changes_are_requested_with_a_comment_and_lead_back_to_the_author() -> None:
    assessment = in_review()

    with pytest.raises(DomainError, match="what has to be changed"):
        assessment.request_changes("   ")
    assessment.request_changes("Please add the unit.")

    assert (assessment.state, assessment.comment) == (State.IN_PROGRESS, "Please add the unit.")
    assessment.answer(typed(payment="31"), EXAMPLE, NOON)
    assessment.submit(EXAMPLE, MARIE, NOON + timedelta(days=2))
    assert assessment.submitted_at == NOON + timedelta(days=2)


def test_what_becomes_known_of_the_organisation_changes_its_questions_while_open() -> None:
    large = Audience(employing_from=50)
    example = referential(theme("energy", yes_no("meter"), yes_no("fleet", concerns=large)))
    assessment = an_assessment()
    assessment.take_stock(example)
    assert assessment.applicable == 1

    assessment.learn("Les Jardins du Lez SAS", Profile(size="50-249"), example)

    assert (assessment.applicable, assessment.organisation_name) == (2, "Les Jardins du Lez SAS")


def test_a_proof_belongs_to_an_answer() -> None:
    assessment = an_assessment()
    proof = _bill()
    with pytest.raises(DomainError, match="Answer the question first"):
        assessment.add_proof("meter", proof)

    assessment.answer(typed(meter="yes"), EXAMPLE, NOON)
    assessment.add_proof("meter", proof)

    assert assessment.answers["meter"].trust is Trust.EVIDENCED


def test_a_proof_is_removed_while_the_answers_are_open() -> None:
    assessment = an_assessment()
    assessment.answer(COMPLETE, EXAMPLE, NOON)
    proof = _bill()
    assessment.add_proof("meter", proof)

    assessment.remove_proof(proof.id)

    assert assessment.answers["meter"].proofs == []
    with pytest.raises(NotFound):
        assessment.remove_proof(proof.id)


def test_at_most_five_proofs_fit_to_an_answer() -> None:
    assessment = an_assessment()
    assessment.answer(COMPLETE, EXAMPLE, NOON)
    for _ in range(5):
        assessment.add_proof("meter", _bill())

    with pytest.raises(DomainError, match="At most 5"):
        assessment.add_proof("meter", _bill())


def test_proofs_are_closed_after_submitting() -> None:
    with pytest.raises(Conflict):
        submitted().add_proof("meter", _bill())


def _bill() -> Proof:
    return Proof(id=uuid4(), name="bill.pdf", media_type="application/pdf", size=12_000, added_at=NOON)
