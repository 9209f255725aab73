"""The actions that gain most for least effort, computed from the answers and the referential."""

from __future__ import annotations

from dataclasses import dataclass

from services.assessment.domain.referential import Advice, Question
from services.assessment.domain.scoring import Line, Result


@dataclass(frozen=True)
class Suggestion:
    """An action for one organisation. ``gain`` is in points of the whole score."""

    advice: Advice
    question: Question
    gain: float

    @property
    def worthwhile(self) -> float:
        """Points gained for each unit of effort."""
        return self.gain / self.advice.effort


def best_actions(result: Result, count: int = 5) -> list[Suggestion]:
    """The ``count`` actions that gain most for least effort, best first, at most one for each question.

    Only answered questions give actions: of an open question nobody knows what is left to gain.
    """
    best = [max(suggestions, key=_rank) for line in result.lines if (suggestions := _suggestions(line))]
    return sorted(best, key=_rank, reverse=True)[:count]


def _suggestions(line: Line) -> list[Suggestion]:
    worth = line.worth
    if worth is None:
        return []
    return [
        Suggestion(advice, line.question, (advice.reaches - worth) * line.available)
        for advice in line.question.actions
        if advice.reaches > worth and line.available
    ]


def _rank(suggestion: Suggestion) -> tuple[float, int, str]:
    """Equal gain for effort: the smaller effort first, then a fixed order so that pages never flicker."""
    return round(suggestion.worthwhile, 6), -suggestion.advice.effort, suggestion.advice.key
