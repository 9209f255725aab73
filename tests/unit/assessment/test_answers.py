"""What a person types becomes an answer, or a sentence that says how to mend it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from services.assessment.domain.answers import Answer, Given, Proof, Trust, read
from services.assessment.domain.referential import Question, Value
from services.chassis.model import DomainError
from tests.unit.assessment.examples import NOON, days, free_text, one_of, several_of, yes_no

LEVELS = one_of("commitment", {"none": 0.0, "written": 1.0})
STEPS = several_of("steps", {"sort": 0.5, "reuse": 0.5})


@pytest.mark.parametrize(
    ("question", "typed", "value"),
    [
        (LEVELS, ("written",), "written"),
        (STEPS, ("reuse", "sort"), ("sort", "reuse")),
        (STEPS, ("none",), ("none",)),
        (yes_no("staff"), ("yes",), True),
        (yes_no("staff"), ("no",), False),
        (days("payment"), ("30",), 30.0),
        (days("payment"), (" 30 ",), 30.0),
        (free_text("wish"), ("  A cold room ",), "A cold room"),
    ],
)
def test_an_answer_of_each_type_is_read(question: Question, typed: tuple[str, ...], value: Value) -> None:
    assert read(question, Given(values=typed)) == (value, None)


@pytest.mark.parametrize("text", ["12,5", "12.5", "1 200,5", "1\u202f200"])
def test_a_number_may_be_written_the_french_way(text: str) -> None:
    question = days("payment")
    assert question.scale is not None
    question = replace(question, scale=replace(question.scale, whole=False, most=5000))

    value, _ = read(question, Given(values=(text,)))

    assert value == float(text.replace(" ", "").replace("\u202f", "").replace(",", "."))


def test_nothing_typed_is_no_answer() -> None:
    assert read(LEVELS, Given()) == (None, None)
    assert read(days("payment"), Given(values=("  ",))) == (None, None)


@pytest.mark.parametrize(
    ("question", "typed", "sentence"),
    [
        (LEVELS, ("forged",), "Choose one answer"),
        (LEVELS, ("none", "written"), "Choose one answer"),
        (STEPS, ("sort", "forged"), "Choose among the answers"),
        (STEPS, ("sort", "none"), "Keep one or the other"),
        (yes_no("staff"), ("perhaps",), "yes or no"),
        (days("payment"), ("a month",), "in figures"),
        (days("payment"), ("nan",), "in figures"),
        (days("payment"), ("30,5",), "whole number"),
        (days("payment"), ("-1",), "between 0 and 365"),
        (days("payment"), ("366",), "between 0 and 365"),
        (free_text("wish"), ("x" * 2001,), "2001 characters"),
    ],
)
def test_an_answer_that_cannot_be_read_says_how_to_mend_it(
    question: Question, typed: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(DomainError, match=sentence):
        read(question, Given(values=typed))


def test_a_question_is_set_aside_with_a_reason() -> None:
    question = yes_no("audit", may_be_set_aside=True)

    assert read(question, Given(not_applicable=True, reason=" No energy bill ")) == (None, "No energy bill")
    with pytest.raises(DomainError, match="in a few words"):
        read(question, Given(not_applicable=True, reason="  "))


def test_a_question_that_concerns_everybody_cannot_be_set_aside() -> None:
    with pytest.raises(DomainError, match="concerns everybody"):
        read(yes_no("audit"), Given(not_applicable=True, reason="I would rather not"))


def test_an_answer_and_does_not_concern_me_exclude_each_other() -> None:
    with pytest.raises(DomainError, match="Keep one of both"):
        read(
            yes_no("audit", may_be_set_aside=True), Given(values=("yes",), not_applicable=True, reason="None")
        )


def test_trust_grows_from_declared_to_evidenced_to_verified() -> None:
    answer = Answer(question="meter", value=True)
    assert answer.trust is Trust.DECLARED

    answer.proofs.append(_bill())
    assert answer.trust is Trust.EVIDENCED

    answer.verified_at = NOON
    assert answer.trust is Trust.VERIFIED


def test_a_changed_answer_is_no_longer_verified_but_keeps_its_proofs() -> None:
    answer = Answer(
        question="meter", value=True, verified_at=NOON, verified_by="Paul Costa", proofs=[_bill()]
    )

    answer.replace(False, None, NOON + timedelta(days=1))

    assert (answer.value, answer.trust) == (False, Trust.EVIDENCED)
    assert answer.given_at == NOON + timedelta(days=1)


def test_the_same_answer_given_again_stays_verified() -> None:
    answer = Answer(question="meter", value=True, given_at=NOON, verified_at=NOON)

    answer.replace(True, None, NOON + timedelta(days=1))

    assert (answer.trust, answer.given_at) == (Trust.VERIFIED, NOON)


def _bill() -> Proof:
    return Proof(id=uuid4(), name="bill.pdf", media_type="application/pdf", size=12_000, added_at=NOON)
