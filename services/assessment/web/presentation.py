"""Answers and results as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.assessment.domain.answers import Answer, Given
from services.assessment.domain.assessment import Assessment
from services.assessment.domain.referential import Question, Referential, Theme, Value
from services.assessment.domain.scoring import Line, Result, Standing, standings
from services.chassis.web.formatting import format_number
from services.chassis.web.i18n import current_locale

NOT_APPLICABLE = "not-applicable"


@dataclass(frozen=True)
class Asked:
    """A question on a page, with what was answered or typed so far."""

    question: Question
    values: tuple[str, ...]
    set_aside: bool
    reason: str
    answer: Answer | None

    @property
    def chosen(self) -> tuple[str, ...]:
        """The options that are ticked."""
        return (*self.values, NOT_APPLICABLE) if self.set_aside else self.values


def asked_in(
    theme: Theme,
    assessment: Assessment,
    referential: Referential,
    typed: Mapping[str, Given] | None = None,
) -> list[Asked]:
    """The questions of a theme that are asked now; ``typed`` counts before what is kept.

    A question that depends on another one is asked once the other is answered.
    """
    standing = standings(referential, assessment.profile, assessment.answers)
    return [
        _asked(question, assessment.answers.get(question.key), (typed or {}).get(question.key))
        for question in theme.questions
        if _is_asked(question, standing[question.key], assessment.answers)
    ]


def _is_asked(question: Question, standing: Standing, answers: Mapping[str, Answer]) -> bool:
    if standing not in {Standing.APPLIES, Standing.SET_ASIDE}:
        return False
    if question.only_if is None:
        return True
    gate = answers.get(question.only_if.question)
    return gate is not None and gate.given


def _asked(question: Question, answer: Answer | None, typed: Given | None) -> Asked:
    if typed is not None:
        return Asked(question, typed.values, typed.not_applicable, typed.reason, answer)
    if answer is None:
        return Asked(question, (), False, "", None)
    return Asked(question, _as_typed(answer.value), answer.not_applicable, answer.reason or "", answer)


def _as_typed(value: Value | None) -> tuple[str, ...]:
    match value:
        case None:
            return ()
        case bool():
            return ("yes",) if value else ("no",)
        case tuple():
            return value
        case str():
            return (value,)
        case _:
            return (format_number(value),)


def answer_lines(question: Question, answer: Answer | None) -> list[str]:
    """An answer in words, one for each choice; empty when the question is open."""
    if answer is None or answer.value is None:
        return []
    locale = current_locale()
    if question.choices:
        return [question.choice[key].label.to(locale) for key in _as_typed(answer.value)]
    if question.scale is not None:
        return [f"{_as_typed(answer.value)[0]} {question.scale.unit.to(locale)}"]
    return [str(answer.value)]


def theme_axes(result: Result, *, linked: bool = True) -> list[dict[str, Any]]:
    """The themes as the charts want them, each leading to its answers unless these are not on the page."""
    locale = current_locale()
    return [
        {
            "label": each.theme.label.to(locale),
            "value": each.score,
            "display": format_number(each.score, 0) if each.score is not None else None,
            "previous": None,
            "target": None,
            "href": f"#theme-{each.theme.key}" if linked else None,
            "kind": None,
        }
        for each in result.themes
    ]


def shown_lines(lines: Iterable[Line]) -> list[Line]:
    """The lines that concern the organisation: what applies, and what the person has set aside."""
    return [line for line in lines if line.standing in {Standing.APPLIES, Standing.SET_ASIDE}]
