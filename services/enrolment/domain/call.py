"""What a call for applications asks, and by which criteria the jury reads the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from services.chassis.model import Conflict, DomainError

MOST_QUESTIONS = 30
MOST_CRITERIA = 12
BEST_SCORE = 5
_LONGEST = {"short": 300, "long": 5000}


class QuestionKind(StrEnum):
    SHORT = "short"
    LONG = "long"
    NUMBER = "number"
    CHOICE = "choice"
    YES_NO = "yes_no"
    FILE = "file"


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question of a call. ``key`` names it in answers and stays when the wording is mended."""

    key: str
    label: str
    kind: QuestionKind
    help: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """What the jury scores from 0 to ``BEST_SCORE``. ``weight`` counts relative to those of the others."""

    key: str
    label: str
    weight: int
    help: str = ""


def check_questions(questions: Sequence[Question]) -> None:
    """Raises DomainError for a choice without anything to choose from, or for too many questions."""
    if len(questions) > MOST_QUESTIONS:
        raise DomainError("A form has at most %(most)s questions.", most=MOST_QUESTIONS)
    for number, question in enumerate(questions):
        if question.kind is QuestionKind.CHOICE and len(set(question.choices)) < 2:
            raise DomainError(
                "“%(label)s” needs at least two answers to choose from.",
                field=f"questions.{number}.choices",
                label=question.label,
            )


def check_criteria(criteria: Sequence[Criterion]) -> None:
    """Raises DomainError for weights that count for nothing, for two of one name, or for too many."""
    if len(criteria) > MOST_CRITERIA:
        raise DomainError("A call has at most %(most)s criteria.", most=MOST_CRITERIA)
    if any(criterion.weight < 1 for criterion in criteria):
        raise DomainError("The weight of a criterion is at least 1.")
    if len({criterion.label.casefold() for criterion in criteria}) < len(criteria):
        raise DomainError("Two criteria have the same name.")


def check_only_adds_optional(before: Sequence[Question], after: Sequence[Question]) -> None:
    """Raises Conflict when a form to which somebody has answered loses, changes or demands anything."""
    if tuple(after[: len(before)]) != tuple(before):
        raise Conflict("Somebody has applied already: questions can be added, not changed or removed.")
    if any(question.required for question in after[len(before) :]):
        raise Conflict("Somebody has applied already: a new question has to be optional.")


def wrong_answers(
    questions: Sequence[Question], answers: Mapping[str, str], files: Mapping[str, int]
) -> dict[str, DomainError]:
    """What is wrong with the answers, by the key of the question. ``files`` counts those of each question."""
    return {
        question.key: error
        for question in questions
        if (error := _wrong(question, answers.get(question.key, ""), files.get(question.key, 0)))
    }


def total_weight(criteria: Sequence[Criterion]) -> int:
    return sum(criterion.weight for criterion in criteria)


def shares(criteria: Sequence[Criterion]) -> dict[str, float]:
    """What part of the whole each criterion counts, from 0 to 1, by its key."""
    return {criterion.key: criterion.weight / total_weight(criteria) for criterion in criteria}


def _wrong(question: Question, answer: str, files: int) -> DomainError | None:
    is_given = files > 0 if question.kind is QuestionKind.FILE else bool(answer)
    if not is_given:
        return DomainError("This question has to be answered.") if question.required else None
    match question.kind:
        case QuestionKind.SHORT | QuestionKind.LONG if len(answer) > _LONGEST[question.kind]:
            return DomainError("At most %(most)s characters.", most=_LONGEST[question.kind])
        case QuestionKind.NUMBER if not _is_number(answer):
            return DomainError("Write a number, for example 1250 or 12.5.")
        case QuestionKind.CHOICE if answer not in question.choices:
            return DomainError("Choose one of the answers.")
        case QuestionKind.YES_NO if answer not in ("yes", "no"):
            return DomainError("Choose one of the answers.")
    return None


def _is_number(text: str) -> bool:
    try:
        return Decimal("".join(text.split()).replace(",", ".")).is_finite()
    except InvalidOperation:
        return False
