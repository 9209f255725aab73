"""The actions that gain most for least effort come from the answers and the referential."""

from __future__ import annotations

import pytest

from services.assessment.domain.actions import best_actions
from services.assessment.domain.scoring import score
from tests.unit.assessment.examples import GROWER, advice, answers, referential, set_aside, theme, yes_no


def test_the_gain_is_what_the_whole_score_would_win() -> None:
    example = referential(
        theme("energy", yes_no("meter", actions=(advice("read-meter", reaches=0.5),)), yes_no("audit")),
        theme("people", yes_no("safety"), weight=3),
    )

    [suggestion] = best_actions(score(example, GROWER, answers(meter=False, audit=True, safety=True)))

    assert suggestion.gain == pytest.approx(6.25)  # half of the question, half of the theme, a quarter of all


def test_the_most_points_for_the_least_effort_come_first() -> None:
    example = referential(
        theme(
            "energy",
            yes_no("small", weight=2, actions=(advice("small", effort=1),)),
            yes_no("large", weight=3, actions=(advice("large", effort=3),)),
            yes_no("middle", weight=3, actions=(advice("middle", effort=2),)),
        )
    )

    result = score(example, GROWER, answers(small=False, large=False, middle=False))

    assert [each.advice.key for each in best_actions(result)] == ["small", "middle", "large"]


def test_of_equal_gain_the_smaller_effort_comes_first() -> None:
    example = referential(
        theme(
            "energy",
            yes_no("double", weight=2, actions=(advice("double", effort=2),)),
            yes_no("single", weight=1, actions=(advice("single", effort=1),)),
        )
    )

    result = score(example, GROWER, answers(double=False, single=False))

    assert [each.advice.key for each in best_actions(result)] == ["single", "double"]


def test_a_question_gives_its_best_action_only() -> None:
    question = yes_no("meter", actions=(advice("easy", reaches=0.6), advice("thorough", effort=2)))
    example = referential(theme("energy", question))

    [suggestion] = best_actions(score(example, GROWER, answers(meter=False)))

    assert suggestion.advice.key == "easy"


def test_nothing_is_suggested_where_nothing_is_to_gain() -> None:
    example = referential(
        theme(
            "energy",
            yes_no("done", actions=(advice("a"),)),
            yes_no("open", actions=(advice("b"),)),
            yes_no("aside", actions=(advice("c"),), may_be_set_aside=True),
        )
    )

    result = score(example, GROWER, answers(done=True) | set_aside("aside"))

    assert best_actions(result) == []


def test_five_actions_are_enough() -> None:
    questions = [yes_no(f"q{n}", actions=(advice(f"a{n}"),)) for n in range(8)]
    example = referential(theme("energy", *questions))

    assert len(best_actions(score(example, GROWER, answers(**{f"q{n}": False for n in range(8)})))) == 5
