"""The score: which questions count, what each answer brings, and where every point comes from.

The rules, in full:

- a choice is worth 0 to 1; a theme is the mean of its applicable questions by weight, × 100; the whole is
  the mean of the themes by weight;
- a question that does not apply leaves the mean, and so does a theme without any applicable question;
- a question that applies and is unanswered stays in the mean as 0 and is counted apart;
- without a single scored answer there is no score: neither 0 nor 100.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum

from services.assessment.domain.answers import Answer, Trust
from services.assessment.domain.referential import Profile, Question, Referential, Theme


class Level(IntEnum):
    """The maturity that a score stands for."""

    TO_BE_STARTED = 1
    COMMITTED = 2
    STRUCTURED = 3
    ADVANCED = 4
    EXEMPLARY = 5


#: The lowest score of each level.
LEVEL_FLOORS = {
    Level.TO_BE_STARTED: 0.0,
    Level.COMMITTED: 25.0,
    Level.STRUCTURED: 50.0,
    Level.ADVANCED: 75.0,
    Level.EXEMPLARY: 90.0,
}


#: From this worth on, an answer is a strength.
STRENGTH = 0.75


def level_of(score: float) -> Level:
    """The level of a score from 0 to 100."""
    return max(level for level, floor in LEVEL_FLOORS.items() if score >= floor)


class Standing(StrEnum):
    """Whether a question applies, and if not, why not."""

    APPLIES = "applies"
    OTHER_PROFILE = "other_profile"
    CONDITION_UNMET = "condition_unmet"
    SET_ASIDE = "set_aside"


def standings(
    referential: Referential, profile: Profile, answers: Mapping[str, Answer]
) -> dict[str, Standing]:
    """How each question stands, by key.

    A condition rules a question out only when the earlier answer contradicts it: as long as the earlier
    question is open, the later one applies, so that leaving questions open never improves a score.
    """
    result: dict[str, Standing] = {}
    for question in referential.questions:
        result[question.key] = _standing(question, profile, answers, result)
    return result


def _standing(
    question: Question, profile: Profile, answers: Mapping[str, Answer], earlier: Mapping[str, Standing]
) -> Standing:
    if not question.concerns.includes(profile):
        return Standing.OTHER_PROFILE
    if (condition := question.only_if) is not None:
        if earlier[condition.question] is not Standing.APPLIES:
            return Standing.CONDITION_UNMET
        asked = answers.get(condition.question)
        if asked is not None and asked.value is not None and not condition.met_by(asked.value):
            return Standing.CONDITION_UNMET
    answer = answers.get(question.key)
    return Standing.SET_ASIDE if answer is not None and answer.not_applicable else Standing.APPLIES


@dataclass(frozen=True)
class Line:
    """One question in the score. Points are points of the whole: the lines' points add up to the score.

    ``available`` is what the best answer would bring, ``points`` what this answer brings; ``worth`` is
    ``None`` when there is no answer that counts.
    """

    question: Question
    standing: Standing
    answer: Answer | None
    worth: float | None
    available: float
    points: float

    @property
    def applies(self) -> bool:
        return self.standing is Standing.APPLIES

    @property
    def answered(self) -> bool:
        return self.applies and self.answer is not None and self.answer.given

    @property
    def expected(self) -> bool:
        """Whether the person is expected to answer: the question applies and is not optional."""
        return self.applies and not self.question.optional

    @property
    def missing(self) -> bool:
        return self.expected and not self.answered


@dataclass(frozen=True)
class ThemeScore:
    """One theme in the score; ``score`` is from 0 to 100, or ``None`` without data."""

    theme: Theme
    score: float | None
    lines: tuple[Line, ...]

    @property
    def answered(self) -> int:
        return sum(line.expected and line.answered for line in self.lines)

    @property
    def applicable(self) -> int:
        return sum(line.expected for line in self.lines)


@dataclass(frozen=True)
class TrustShares:
    """Shares, from 0 to 1, of the answered part of the score by degree of trust; all 0 without answers."""

    declared: float = 0.0
    evidenced: float = 0.0
    verified: float = 0.0


@dataclass(frozen=True)
class Result:
    """A score with everything that it is made of."""

    score: float | None
    level: Level | None
    themes: tuple[ThemeScore, ...]
    trust: TrustShares

    @property
    def lines(self) -> Iterable[Line]:
        return (line for theme in self.themes for line in theme.lines)

    @property
    def answered(self) -> int:
        return sum(theme.answered for theme in self.themes)

    @property
    def applicable(self) -> int:
        return sum(theme.applicable for theme in self.themes)

    @property
    def missing(self) -> list[Line]:
        return [line for line in self.lines if line.missing]

    @property
    def strengths(self) -> list[Line]:
        """The answers that are nearly or quite the best possible, those that bring most first."""
        strong = [line for line in self.lines if line.points and (line.worth or 0) >= STRENGTH]
        return sorted(strong, key=lambda line: line.points, reverse=True)


def score(referential: Referential, profile: Profile, answers: Mapping[str, Answer]) -> Result:
    """The score of ``answers``. Scores have one decimal, so that figure and level always agree."""
    standing = standings(referential, profile, answers)
    weights = {theme.key: _applicable_weight(theme, standing) for theme in referential.themes}
    whole = sum(theme.weight for theme in referential.themes if weights[theme.key])
    themes = []
    for theme in referential.themes:
        share = 100 * theme.weight / whole / weights[theme.key] if weights[theme.key] and whole else 0.0
        lines = tuple(
            _line(question, standing[question.key], answers.get(question.key), share)
            for question in theme.questions
        )
        themes.append(ThemeScore(theme, _theme_score(lines), lines))
    every_line = [line for theme in themes for line in theme.lines]
    if not any(line.answered and line.available for line in every_line):
        return Result(None, None, tuple(replace(theme, score=None) for theme in themes), TrustShares())
    figure = round(sum(line.points for line in every_line), 1)
    return Result(figure, level_of(figure), tuple(themes), _trust(every_line))


def _applicable_weight(theme: Theme, standing: Mapping[str, Standing]) -> float:
    return sum(question.weight for question in theme.questions if standing[question.key] is Standing.APPLIES)


def _line(question: Question, standing: Standing, answer: Answer | None, share: float) -> Line:
    """``share`` is the number of points of the whole that one unit of the question's weight stands for."""
    if standing is not Standing.APPLIES:
        return Line(question, standing, answer, None, 0.0, 0.0)
    available = share * question.weight
    if answer is None or answer.value is None:
        return Line(question, standing, answer, None, available, 0.0)
    worth = question.worth(answer.value)
    return Line(question, standing, answer, worth, available, worth * available)


def _theme_score(lines: Iterable[Line]) -> float | None:
    counted = [line for line in lines if line.available]
    if not counted:
        return None
    return round(100 * sum(line.points for line in counted) / sum(line.available for line in counted), 1)


def _trust(lines: Iterable[Line]) -> TrustShares:
    sums = dict.fromkeys(Trust, 0.0)
    for line in lines:
        if line.answered and line.answer is not None:
            sums[line.answer.trust] += line.available
    total = sum(sums.values())
    if not total:
        return TrustShares()
    return TrustShares(**{degree.value: part / total for degree, part in sums.items()})
