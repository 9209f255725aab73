"""The score: means by weight, what leaves the denominator, what stays in it, and where each point is from."""

from __future__ import annotations

from uuid import uuid4

import pytest

from services.assessment.domain.answers import Proof
from services.assessment.domain.referential import (
    Audience,
    Condition,
    Profile,
)
from services.assessment.domain.scoring import Level, Standing, TrustShares, level_of, score, standings
from tests.unit.assessment.examples import (
    GROWER,
    NOON,
    answers,
    days,
    free_text,
    one_of,
    referential,
    set_aside,
    several_of,
    theme,
    yes_no,
)


def test_a_theme_is_the_mean_of_its_questions_by_weight() -> None:
    example = referential(theme("energy", yes_no("meter", weight=3), yes_no("audit", weight=1)))

    result = score(example, GROWER, answers(meter=True, audit=False))

    assert result.themes[0].score == 75.0


def test_the_whole_is_the_mean_of_the_themes_by_weight() -> None:
    example = referential(
        theme("energy", yes_no("meter"), weight=1), theme("people", yes_no("safety"), weight=4)
    )

    result = score(example, GROWER, answers(meter=False, safety=True))

    assert result.score == 80.0


def test_a_theme_with_many_questions_counts_no_more_than_one_with_few() -> None:
    example = referential(
        theme("energy", *(yes_no(f"q{n}") for n in range(9))), theme("people", yes_no("safety"))
    )

    result = score(example, GROWER, answers(safety=True, q0=False))

    assert result.score == 50.0


def test_several_choices_add_up_to_one_at_most() -> None:
    example = referential(theme("waste", several_of("steps", {"sort": 0.4, "reuse": 0.4, "water": 0.4})))

    assert score(example, GROWER, answers(steps=("sort",))).score == 40.0
    assert score(example, GROWER, answers(steps=("sort", "reuse", "water"))).score == 100.0


@pytest.mark.parametrize(("number", "expected"), [(0, 100.0), (30, 100.0), (31, 50.0), (60, 50.0), (61, 0.0)])
def test_a_number_is_worth_the_step_that_it_reaches(number: float, expected: float) -> None:
    example = referential(theme("fairness", days("payment")))

    assert score(example, GROWER, answers(payment=float(number))).score == expected


def test_what_is_not_applicable_leaves_the_denominator() -> None:
    example = referential(theme("energy", yes_no("meter"), yes_no("audit", may_be_set_aside=True)))

    result = score(example, GROWER, answers(meter=True) | set_aside("audit"))

    assert result.score == 100.0
    assert (result.answered, result.applicable) == (1, 1)


def test_what_is_unanswered_stays_as_zero_and_is_reported() -> None:
    example = referential(theme("energy", yes_no("meter"), yes_no("audit")))

    result = score(example, GROWER, answers(meter=True))

    assert result.score == 50.0
    assert [line.question.key for line in result.missing] == ["audit"]
    assert (result.answered, result.applicable) == (1, 2)


def test_a_theme_without_an_applicable_question_has_no_score_and_leaves_the_whole() -> None:
    builders = Audience(sectors=("43",))
    example = referential(
        theme("energy", yes_no("meter")), theme("sites", yes_no("asbestos", concerns=builders))
    )

    result = score(example, GROWER, answers(meter=True))

    assert result.score == 100.0
    assert result.themes[1].score is None


def test_a_theme_left_unanswered_counts_as_zero() -> None:
    example = referential(theme("energy", yes_no("meter")), theme("people", yes_no("safety")))

    result = score(example, GROWER, answers(meter=True))

    assert result.themes[1].score == 0.0
    assert result.score == 50.0


def test_without_answers_there_is_no_score() -> None:
    example = referential(theme("energy", yes_no("meter")))

    result = score(example, GROWER, {})

    assert result.score is None
    assert result.level is None
    assert result.themes[0].score is None
    assert result.trust == TrustShares()


def test_answers_that_are_not_scored_give_no_score() -> None:
    example = referential(theme("energy", yes_no("gate", weight=0), yes_no("meter"), free_text("wish")))

    assert score(example, GROWER, answers(gate=True, wish="A cold room")).score is None


def test_an_optional_question_is_never_missing() -> None:
    example = referential(theme("energy", yes_no("meter"), free_text("wish")))

    result = score(example, GROWER, answers(meter=True))

    assert result.missing == []
    assert result.applicable == 1


def test_a_condition_rules_a_question_out_when_the_earlier_answer_contradicts_it() -> None:
    example = referential(
        theme(
            "people",
            yes_no("staff", weight=0),
            yes_no("training", only_if=_if_yes("staff")),
            yes_no("safety"),
        )
    )

    result = score(example, GROWER, answers(staff=False, safety=True))

    assert result.score == 100.0
    assert standings(example, GROWER, answers(staff=False))["training"] is Standing.CONDITION_UNMET


def test_a_condition_that_is_still_open_keeps_the_question_in() -> None:
    example = referential(
        theme(
            "people",
            yes_no("staff", weight=0),
            yes_no("training", only_if=_if_yes("staff")),
            yes_no("safety"),
        )
    )

    assert score(example, GROWER, answers(safety=True)).score == 50.0


def test_a_condition_on_a_question_that_does_not_apply_is_not_met() -> None:
    large = Audience(employing_from=250)
    example = referential(
        theme(
            "people",
            yes_no("works-council", concerns=large),
            yes_no("minutes", only_if=_if_yes("works-council")),
        )
    )

    assert standings(example, GROWER, {})["minutes"] is Standing.CONDITION_UNMET


@pytest.mark.parametrize(
    ("audience", "concerned"),
    [
        (Audience(), True),
        (Audience(employing_from=1), True),
        (Audience(employing_from=10), False),
        (Audience(employing_to=9), True),
        (Audience(employing_to=0), False),
        (Audience(sectors=("01",)), True),
        (Audience(sectors=("43", "81")), False),
        (Audience(legal_forms=("private",)), True),
        (Audience(legal_forms=("public",)), False),
        (Audience(employing_from=1, sectors=("43",)), False),
    ],
)
def test_a_question_concerns_the_sizes_sectors_and_legal_forms_that_it_names(
    audience: Audience, concerned: bool
) -> None:
    assert audience.includes(GROWER) is concerned


def test_what_is_unknown_of_an_organisation_never_excludes_a_question() -> None:
    narrow = Audience(employing_from=250, sectors=("43",), legal_forms=("public",))

    assert narrow.includes(Profile())
    assert narrow.includes(Profile(size="unknown"))


@pytest.mark.parametrize("band", ["10-19", "10-49", "50-249", "250+", "10 000 and more"])
def test_bands_of_every_register_are_compared_by_where_they_begin(band: str) -> None:
    assert Audience(employing_from=10).includes(Profile(size=band))


@pytest.mark.parametrize(
    ("figure", "level"),
    [
        (0.0, Level.TO_BE_STARTED),
        (24.9, Level.TO_BE_STARTED),
        (25.0, Level.COMMITTED),
        (49.9, Level.COMMITTED),
        (50.0, Level.STRUCTURED),
        (74.9, Level.STRUCTURED),
        (75.0, Level.ADVANCED),
        (89.9, Level.ADVANCED),
        (90.0, Level.EXEMPLARY),
        (100.0, Level.EXEMPLARY),
    ],
)
def test_the_levels_begin_at_25_50_75_and_90(figure: float, level: Level) -> None:
    assert level_of(figure) is level


def test_the_shares_of_trust_follow_the_weight_of_the_answers() -> None:
    example = referential(theme("energy", yes_no("meter", weight=2), yes_no("audit"), yes_no("plan")))
    given_answers = answers(meter=True, audit=False, plan=True)
    given_answers["meter"].verified_at = NOON
    given_answers["audit"].proofs.append(_a_proof())

    result = score(example, GROWER, given_answers)

    assert result.trust == TrustShares(declared=0.25, evidenced=0.25, verified=0.5)


def test_a_verified_answer_with_a_proof_counts_as_verified_once() -> None:
    example = referential(theme("energy", yes_no("meter")))
    given_answers = answers(meter=True)
    given_answers["meter"].proofs.append(_a_proof())
    given_answers["meter"].verified_at = NOON

    assert score(example, GROWER, given_answers).trust == TrustShares(verified=1.0)


def test_strengths_are_the_good_answers_that_bring_most_first() -> None:
    example = referential(
        theme(
            "energy", yes_no("meter"), yes_no("audit", weight=2), one_of("plan", {"half": 0.5, "most": 0.75})
        )
    )

    result = score(example, GROWER, answers(meter=True, audit=True, plan="most"))
    assert [line.question.key for line in result.strengths] == ["audit", "meter", "plan"]

    result = score(example, GROWER, answers(meter=True, audit=False, plan="half"))
    assert [line.question.key for line in result.strengths] == ["meter"]


def _if_yes(question: str) -> Condition:
    return Condition(question, frozenset({"yes"}))


def _a_proof() -> Proof:
    return Proof(id=uuid4(), name="bill.pdf", media_type="application/pdf", size=12_000, added_at=NOON)
