"""What makes a referential sound beyond the form of its entries."""

from __future__ import annotations

from collections.abc import Iterable

from services.assessment.domain.referential import Condition, Question, QuestionType, Referential
from services.assessment.referentials.document import Entry


def check_question(question: Question, entry: Entry) -> None:
    """What can be seen of one question: its weight, its worths and its bounds."""
    scale = question.scale
    if scale is not None and scale.least >= scale.most:
        entry.complain("“from” has to be smaller than “to”.")
    if question.optional and question.weight:
        entry.complain("An optional question cannot be scored: give it “weight: 0”.")
    if not question.weight:
        if question.actions:
            entry.complain("A question without weight gains nothing, so that it cannot have actions.")
        return
    if question.type is QuestionType.TEXT:
        entry.complain("A text cannot be scored: remove “weight”.")
    elif _most_worth(question) < 1:
        entry.complain("No answer to this question is worth 1, so that nobody could reach 100.")


def _most_worth(question: Question) -> float:
    if question.scale is not None:
        return max((step.worth for step in question.scale.steps), default=0.0)
    worths = [choice.worth for choice in question.choices]
    if question.type is QuestionType.MULTIPLE_CHOICE:
        return round(sum(choice.worth for choice in question.choices if not choice.exclusive), 6)
    return max(worths, default=0.0)


def check_together(referential: Referential, themes: Entry) -> None:
    """What can only be seen across questions: keys used twice and conditions that lead nowhere."""
    places = _places(themes)
    theme_entries = list(themes.items())
    _check_once(
        ((theme.key, entry) for theme, entry in zip(referential.themes, theme_entries, strict=True)), "theme"
    )
    _check_once(zip((question.key for question in referential.questions), places, strict=True), "question")
    earlier: dict[str, Question] = {}
    advice: list[tuple[str, Entry]] = []
    for question, entry in zip(referential.questions, places, strict=True):
        _check_once(((choice.key, entry) for choice in question.choices), "choice")
        advice.extend((action.key, entry) for action in question.actions)
        if question.only_if is not None:
            _check_condition(question.only_if, earlier, referential, entry)
        earlier[question.key] = question
    _check_once(advice, "action")


def _places(themes: Entry) -> list[Entry]:
    places: list[Entry] = []
    for theme in themes.items():
        entries = theme.mapping(optional=("key", "label", "introduction", "weight", "questions"))
        places.extend(entries["questions"].items())
    return places


def _check_once(keys: Iterable[tuple[str, Entry]], what: str) -> None:
    seen: set[str] = set()
    for key, entry in keys:
        if key in seen:
            entry.complain(f"The {what} “{key}” exists twice. Each {what} needs a key of its own.")
        seen.add(key)


def _check_condition(
    condition: Condition, earlier: dict[str, Question], referential: Referential, entry: Entry
) -> None:
    asked = earlier.get(condition.question)
    if asked is None:
        where = "comes later" if condition.question in referential.question else "does not exist"
        entry.complain(
            f"“only_if” names the question “{condition.question}”, which {where}. Name an earlier question."
        )
    elif not asked.choices:
        entry.complain(f"“only_if” names “{asked.key}”, which has no choices to compare with.")
    elif unknown := sorted(str(answer) for answer in condition.answers if answer not in asked.choice):
        entry.complain(
            f"“only_if” expects “{unknown[0]}”, but “{asked.key}” has the answers: {', '.join(asked.choice)}."
        )
