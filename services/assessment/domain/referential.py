"""A referential: the questions, what each answer is worth, and the actions that follow from it.

A referential is data, written and changed by people who do not program; these classes are the shape that
it has once it has been read and found sound. A version of a referential never changes after assessments
have been made with it: a change is a new version, and both stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

#: A stored answer: the key of a choice, the keys of several, yes or no, a number, a text.
Value = str | bool | float | tuple[str, ...]


@dataclass(frozen=True)
class Text:
    """The same words in the languages of the interface."""

    fr: str
    en: str

    def to(self, locale: str) -> str:
        """The words in ``locale`` ("fr", "en", "fr_FR" ...); French, the first language, for any other."""
        return self.en if locale.startswith("en") else self.fr


class QuestionType(StrEnum):
    """How a question is answered."""

    SINGLE_CHOICE = "single_choice"
    MULTIPLE_CHOICE = "multiple_choice"
    YES_NO = "yes_no"
    NUMBER = "number"
    TEXT = "text"


@dataclass(frozen=True)
class Choice:
    """A ready answer and its worth, from 0 to 1. An exclusive choice ("none of these") stands alone."""

    key: str
    label: Text
    worth: float
    exclusive: bool = False


@dataclass(frozen=True)
class Step:
    """Numbers that reach ``reaches`` are worth ``worth``, until the next step."""

    reaches: float
    worth: float


@dataclass(frozen=True)
class Scale:
    """A number's unit, its bounds (``least`` and ``most`` included) and its worth, in ascending steps."""

    unit: Text
    least: float
    most: float
    whole: bool
    steps: tuple[Step, ...]

    def worth(self, number: float) -> float:
        """The worth of the highest step that ``number`` reaches; 0 below the first."""
        return max(
            (step for step in self.steps if step.reaches <= number),
            key=lambda step: step.reaches,
            default=Step(number, 0.0),
        ).worth


@dataclass(frozen=True)
class Condition:
    """The question is asked only if an earlier one was answered with one of ``answers``, keys of choices."""

    question: str
    answers: frozenset[str]

    def met_by(self, value: Value) -> bool:
        return not self.answers.isdisjoint(chosen(value))


def chosen(value: Value) -> tuple[str, ...]:
    """The keys of the choices that ``value`` stands for; none for numbers, and a text is its own key."""
    match value:
        case bool():
            return ("yes",) if value else ("no",)
        case str():
            return (value,)
        case tuple():
            return value
        case _:
            return ()


@dataclass(frozen=True)
class Profile:
    """What decides which questions concern an organisation; ``None`` is unknown.

    ``size`` is a band of people employed ("1-9", "250+"), ``sector`` a NAF code ("01.13Z"), ``legal_form``
    is "public" or "private".
    """

    size: str | None = None
    sector: str | None = None
    legal_form: str | None = None


@dataclass(frozen=True)
class Audience:
    """The organisations that a question concerns; ``None`` and an empty tuple are no restriction.

    ``employing_from`` and ``employing_to`` are people employed, both included, compared with the beginning
    of the organisation's band, since registers cut their bands differently. ``sectors`` are beginnings of
    NAF codes: "43" is the whole of specialised construction.
    """

    employing_from: int | None = None
    employing_to: int | None = None
    sectors: tuple[str, ...] = ()
    legal_forms: tuple[str, ...] = ()

    def includes(self, profile: Profile) -> bool:
        """Whether the question concerns ``profile``. What is unknown never excludes."""
        employed = _beginning_of_band(profile.size)
        if employed is not None:
            if self.employing_from is not None and employed < self.employing_from:
                return False
            if self.employing_to is not None and employed > self.employing_to:
                return False
        if self.sectors and profile.sector is not None and not profile.sector.startswith(self.sectors):
            return False
        return not self.legal_forms or profile.legal_form is None or profile.legal_form in self.legal_forms


def _beginning_of_band(size: str | None) -> int | None:
    found = re.match(r"\d+", size or "")
    return int(found[0]) if found else None


@dataclass(frozen=True)
class Advice:
    """An action that improves the answer to a question.

    ``effort`` is 1 (an afternoon), 2 (some weeks) or 3 (a project); ``reaches`` is the worth that the
    answer has once the action is done.
    """

    key: str
    title: Text
    what_to_do: Text
    effort: int
    reaches: float


@dataclass(frozen=True)
class Question:
    """One question.

    ``weight`` is its weight within the theme; 0 is a question that informs and is not scored.
    ``not_applicable`` says when a person may declare that the question does not concern them; without it
    they may not. ``vsme`` is the disclosure of the European VSME standard that the answer prepares.
    """

    key: str
    type: QuestionType
    wording: Text
    weight: float
    help: Text | None = None
    proof: Text | None = None
    not_applicable: Text | None = None
    vsme: str | None = None
    optional: bool = False
    choices: tuple[Choice, ...] = ()
    scale: Scale | None = None
    only_if: Condition | None = None
    concerns: Audience = Audience()
    actions: tuple[Advice, ...] = ()

    @cached_property
    def choice(self) -> Mapping[str, Choice]:
        """The choices by key."""
        return {choice.key: choice for choice in self.choices}

    def worth(self, value: Value) -> float:
        """What the answer ``value`` is worth, from 0 to 1; several choices add up, to 1 at most."""
        if self.choices:
            return min(1.0, sum(self.choice[key].worth for key in chosen(value)))
        if self.scale is not None and isinstance(value, float | int):
            return self.scale.worth(value)
        return 0.0


@dataclass(frozen=True)
class Theme:
    """A group of questions with its weight in the whole."""

    key: str
    label: Text
    introduction: Text
    weight: float
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Referential:
    """One version of one questionnaire. ``minutes`` is how long answering takes."""

    key: str
    version: str
    title: Text
    introduction: Text
    minutes: int
    themes: tuple[Theme, ...]

    @property
    def questions(self) -> Iterator[Question]:
        """Every question, in the order in which they are asked."""
        return (question for theme in self.themes for question in theme.questions)

    @cached_property
    def question(self) -> Mapping[str, Question]:
        """The questions by key."""
        return {question.key: question for question in self.questions}
