"""A small referential and its answers, for tests that read like the rules."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from services.assessment.domain.answers import Answer, Given
from services.assessment.domain.assessment import Assessment, Contact, Person
from services.assessment.domain.referential import (
    Advice,
    Audience,
    Choice,
    Condition,
    Profile,
    Question,
    QuestionType,
    Referential,
    Scale,
    Step,
    Text,
    Theme,
    Value,
)

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MARIE = Person(UUID(int=1), "Marie Vidal")
ADVISER = Person(UUID(int=2), "Paul Costa")
GROWER = Profile(size="1-9", sector="01.13Z", legal_form="private")


def words(text: str) -> Text:
    return Text(fr=text, en=text)


def advice(key: str, *, effort: int = 1, reaches: float = 1.0) -> Advice:
    return Advice(key, words(key), words(key), effort, reaches)


def yes_no(
    key: str,
    *,
    weight: float = 1.0,
    only_if: Condition | None = None,
    concerns: Audience | None = None,
    may_be_set_aside: bool = False,
    actions: tuple[Advice, ...] = (),
) -> Question:
    return Question(
        key,
        QuestionType.YES_NO,
        words(key),
        weight,
        choices=(Choice("yes", words("Yes"), 1.0), Choice("no", words("No"), 0.0)),
        only_if=only_if,
        concerns=concerns or Audience(),
        not_applicable=words("for example ...") if may_be_set_aside else None,
        actions=actions,
    )


def one_of(key: str, worths: dict[str, float], *, weight: float = 1.0) -> Question:
    choices = tuple(Choice(name, words(name), worth) for name, worth in worths.items())
    return Question(key, QuestionType.SINGLE_CHOICE, words(key), weight, choices=choices)


def several_of(key: str, worths: dict[str, float], *, weight: float = 1.0) -> Question:
    choices = (
        *(Choice(name, words(name), worth) for name, worth in worths.items()),
        Choice("none", words("None of these"), 0.0, exclusive=True),
    )
    return Question(key, QuestionType.MULTIPLE_CHOICE, words(key), weight, choices=choices)


def days(key: str) -> Question:
    """A number for which less is better."""
    steps = (Step(0, 1.0), Step(31, 0.5), Step(61, 0.0))
    scale = Scale(words("days"), 0, 365, whole=True, steps=steps)
    return Question(key, QuestionType.NUMBER, words(key), 1.0, scale=scale)


def free_text(key: str) -> Question:
    return Question(key, QuestionType.TEXT, words(key), 0.0, optional=True)


def theme(key: str, *questions: Question, weight: float = 1.0) -> Theme:
    return Theme(key, words(key), words(key), weight, questions)


def referential(*themes: Theme, version: str = "2026.1") -> Referential:
    return Referential("example", version, words("Example"), words("Example"), 10, themes)


def answers(**values: Value) -> dict[str, Answer]:
    return {key: Answer(question=key, value=value) for key, value in values.items()}


def set_aside(question: str) -> dict[str, Answer]:
    return {question: Answer(question=question, reason="We rent a shared room.")}


def typed(**values: str) -> dict[str, Given]:
    return {key: Given(values=(value,)) for key, value in values.items()}


def an_assessment(profile: Profile = GROWER) -> Assessment:
    return Assessment(
        id=UUID(int=10),
        programme="cesar",
        enrolment_id=UUID(int=11),
        organisation_id=UUID(int=12),
        organisation_name="Les Jardins du Lez",
        contact=Contact(MARIE.id, MARIE.name, "marie@example.fr", "fr"),
        referential="example",
        referential_version="2026.1",
        profile=profile,
        assigned_at=NOON,
    )
