"""Answers: how what a person typed becomes an answer, and how far an answer can be trusted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.assessment.domain.referential import Question, QuestionType, Scale, Value
from services.chassis.model import DomainError

LONGEST_TEXT = 2000
LONGEST_REASON = 300

_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
_SPACES = re.compile(r"\s")


class Trust(StrEnum):
    """How far an answer can be trusted: said, shown by a proof, or checked by an adviser."""

    DECLARED = "declared"
    EVIDENCED = "evidenced"
    VERIFIED = "verified"


@dataclass(eq=False, kw_only=True)
class Proof:
    """A file that shows that an answer is true. ``size`` is in bytes; the content is stored elsewhere."""

    id: UUID
    name: str
    media_type: str
    size: int
    added_at: datetime


@dataclass(eq=False, kw_only=True)
class Answer:
    """The answer to one question: a value, or the reason why the question does not concern the person.

    Neither of both is a question left open, which happens when an answer is taken back.
    """

    question: str
    value: Value | None = None
    reason: str | None = None
    given_at: datetime | None = None
    verified_at: datetime | None = None
    verified_by: str | None = None
    proofs: list[Proof] = field(default_factory=list)

    @property
    def given(self) -> bool:
        return self.value is not None

    @property
    def not_applicable(self) -> bool:
        return self.reason is not None

    @property
    def trust(self) -> Trust:
        if self.verified_at is not None:
            return Trust.VERIFIED
        return Trust.EVIDENCED if self.proofs else Trust.DECLARED

    def replace(self, value: Value | None, reason: str | None, now: datetime) -> None:
        """Give another answer. A changed answer is no longer verified; its proofs stay."""
        if (value, reason) == (self.value, self.reason):
            return
        self.value, self.reason, self.given_at = value, reason, now
        self.verified_at = self.verified_by = None


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a person typed or ticked for one question, as the form sends it."""

    values: tuple[str, ...] = ()
    not_applicable: bool = False
    reason: str = ""


def read(question: Question, given: Given) -> tuple[Value | None, str | None]:
    """The value and the reason for "does not concern me" that ``given`` means; one of them is ``None``.

    Both are ``None`` when nothing was answered. Raises DomainError, in words for the person who answers.
    """
    typed = tuple(text for value in given.values if (text := value.strip()))
    if not given.not_applicable:
        return (_READERS[question.type](question, typed) if typed else None), None
    if typed:
        raise DomainError("You answered and also said that this does not concern you. Keep one of both.")
    return None, _reason(question, given.reason.strip())


def _reason(question: Question, reason: str) -> str:
    if question.not_applicable is None:
        raise DomainError("This question concerns everybody: please choose an answer.")
    if not reason:
        raise DomainError("Say in a few words why the question does not concern you.")
    return _short_enough(reason, LONGEST_REASON)


def _read_single_choice(question: Question, typed: tuple[str, ...]) -> Value:
    if len(typed) != 1 or typed[0] not in question.choice:
        raise DomainError("Choose one answer of the list.")
    return typed[0]


def _read_multiple_choice(question: Question, typed: tuple[str, ...]) -> Value:
    ticked = set(typed)
    if not ticked <= question.choice.keys():
        raise DomainError("Choose among the answers of the list.")
    if len(ticked) > 1 and any(question.choice[key].exclusive for key in ticked):
        raise DomainError("You ticked an action and also that there is none. Keep one or the other.")
    return tuple(choice.key for choice in question.choices if choice.key in ticked)


def _read_yes_no(question: Question, typed: tuple[str, ...]) -> Value:
    if typed not in {("yes",), ("no",)}:
        raise DomainError("Answer yes or no.")
    return typed == ("yes",)


def _read_number(question: Question, typed: tuple[str, ...]) -> Value:
    scale = question.scale
    assert scale is not None, "a number question has a scale"
    text = _SPACES.sub("", typed[0])
    if not _NUMBER.fullmatch(text):
        raise DomainError("Write a number in figures, for example %(example)s.", example=_example(scale))
    number = float(text.replace(",", "."))
    if scale.whole and not number.is_integer():
        raise DomainError("Write a whole number, without decimals.")
    if not scale.least <= number <= scale.most:
        raise DomainError(
            "The number has to be between %(least)s and %(most)s.",
            least=f"{scale.least:g}",
            most=f"{scale.most:g}",
        )
    return number


def _example(scale: Scale) -> str:
    return f"{min(max(30, scale.least), scale.most):g}"


def _read_text(question: Question, typed: tuple[str, ...]) -> Value:
    return _short_enough(typed[0], LONGEST_TEXT)


def _short_enough(text: str, most: int) -> str:
    if len(text) > most:
        raise DomainError(
            "The text has %(length)s characters, at most %(most)s are kept. Please shorten it.",
            length=len(text),
            most=most,
        )
    return text


_READERS = {
    QuestionType.SINGLE_CHOICE: _read_single_choice,
    QuestionType.MULTIPLE_CHOICE: _read_multiple_choice,
    QuestionType.YES_NO: _read_yes_no,
    QuestionType.NUMBER: _read_number,
    QuestionType.TEXT: _read_text,
}
