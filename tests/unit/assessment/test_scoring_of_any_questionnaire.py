"""The score: what holds for every questionnaire and all answers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.assessment.domain.answers import Answer
from services.assessment.domain.referential import (
    Question,
    QuestionType,
    Referential,
    Value,
)
from services.assessment.domain.scoring import Level, score
from services.assessment.referentials import SUPPLIER, library
from tests.unit.assessment.examples import (
    GROWER,
    NOON,
    answers,
    one_of,
    referential,
    set_aside,
    several_of,
    theme,
)

WORTHS = st.floats(0, 1).map(lambda worth: round(worth, 2))
WEIGHTS = st.sampled_from([0.5, 1.0, 1.5, 2.0, 5.0])


@st.composite
def referentials(draw: st.DrawFn) -> Referential:
    """One to four themes of one to four questions that everybody is asked."""
    themes = []
    for position in range(draw(st.integers(1, 4))):
        questions = []
        for number in range(draw(st.integers(1, 4))):
            key = f"t{position}q{number}"
            worths = dict(zip("abcd", draw(st.lists(WORTHS, min_size=2, max_size=4)), strict=False))
            build = draw(st.sampled_from([one_of, several_of]))
            questions.append(build(key, worths, weight=draw(WEIGHTS)))
        themes.append(theme(f"t{position}", *questions, weight=draw(WEIGHTS)))
    return referential(*themes)


@st.composite
def answered(draw: st.DrawFn) -> tuple[Referential, dict[str, Answer]]:
    """A referential with some of its questions answered, some set aside and some left open."""
    example = draw(referentials())
    given_answers: dict[str, Answer] = {}
    for question in example.questions:
        value = draw(st.one_of(st.none(), st.just("set aside"), _values(question)))
        if value == "set aside":
            given_answers |= set_aside(question.key)
        elif value is not None:
            given_answers[question.key] = Answer(question=question.key, value=value)
    return example, given_answers


def _values(question: Question) -> st.SearchStrategy[Value]:
    keys = [choice.key for choice in question.choices if not choice.exclusive]
    if question.type is QuestionType.SINGLE_CHOICE:
        return st.sampled_from(keys)
    return st.lists(st.sampled_from(keys), min_size=1, unique=True).map(tuple)


@given(answered())
def test_scores_stay_between_0_and_100(case: tuple[Referential, dict[str, Answer]]) -> None:
    result = score(case[0], GROWER, case[1])

    figures = [result.score, *(each.score for each in result.themes)]
    assert all(figure is None or 0 <= figure <= 100 for figure in figures)


@given(answered())
def test_the_points_of_the_lines_add_up_to_the_score(case: tuple[Referential, dict[str, Answer]]) -> None:
    result = score(case[0], GROWER, case[1])

    points = sum(line.points for line in result.lines)
    assert points == pytest.approx(result.score or 0.0, abs=0.051)
    assert all(0 <= line.points <= line.available + 1e-9 for line in result.lines)


@given(answered())
def test_the_shares_of_trust_add_up_to_one_when_there_is_a_score(
    case: tuple[Referential, dict[str, Answer]],
) -> None:
    result = score(case[0], GROWER, case[1])

    total = result.trust.declared + result.trust.evidenced + result.trust.verified
    assert total == pytest.approx(0.0 if result.score is None else 1.0)


@given(answered(), st.data())
def test_setting_a_question_aside_scores_like_a_questionnaire_without_it(
    case: tuple[Referential, dict[str, Answer]], data: st.DataObject
) -> None:
    example, given_answers = case
    key = data.draw(st.sampled_from([question.key for question in example.questions]))
    without = replace(
        example,
        themes=tuple(
            replace(each, questions=tuple(q for q in each.questions if q.key != key))
            for each in example.themes
        ),
    )
    others = {question: answer for question, answer in given_answers.items() if question != key}

    assert score(example, GROWER, others | set_aside(key)).score == score(without, GROWER, others).score


@given(answered(), st.data())
def test_a_better_answer_never_lowers_a_score(
    case: tuple[Referential, dict[str, Answer]], data: st.DataObject
) -> None:
    example, given_answers = case
    question = data.draw(st.sampled_from(list(example.questions)))
    worse, better = sorted((data.draw(_values(question)), data.draw(_values(question))), key=question.worth)

    before = score(example, GROWER, given_answers | answers(**{question.key: worse})).score
    after = score(example, GROWER, given_answers | answers(**{question.key: better})).score

    assert before is not None and after is not None
    assert after >= before


@given(answered(), st.data())
def test_answering_an_open_question_never_lowers_a_score(
    case: tuple[Referential, dict[str, Answer]], data: st.DataObject
) -> None:
    example, given_answers = case
    question = data.draw(st.sampled_from(list(example.questions)))
    still_open = {key: answer for key, answer in given_answers.items() if key != question.key}
    value = data.draw(_values(question))

    before = score(example, GROWER, still_open).score or 0.0
    after = score(example, GROWER, still_open | answers(**{question.key: value})).score or 0.0

    assert after >= before


@given(answered())
def test_verifying_or_proving_never_changes_a_score(case: tuple[Referential, dict[str, Answer]]) -> None:
    example, given_answers = case
    before = score(example, GROWER, given_answers).score
    for answer in given_answers.values():
        answer.verified_at = NOON

    assert score(example, GROWER, given_answers).score == before


def test_the_best_answers_to_the_suppliers_questionnaire_give_exactly_100() -> None:
    supplier = library().newest(SUPPLIER)
    best: dict[str, Answer] = {}
    for question in supplier.questions:
        if question.type is QuestionType.MULTIPLE_CHOICE:
            value: Value = tuple(choice.key for choice in question.choices if not choice.exclusive)
        elif question.type is QuestionType.YES_NO:
            value = True
        elif question.choices:
            value = max(question.choices, key=lambda choice: choice.worth).key
        elif question.scale is not None:
            value = max(question.scale.steps, key=lambda step: step.worth).reaches
        else:
            value = "A cold room"
        best[question.key] = Answer(question=question.key, value=value)

    result = score(supplier, GROWER, best)

    assert (result.score, result.level, result.missing) == (100.0, Level.EXEMPLARY, [])
