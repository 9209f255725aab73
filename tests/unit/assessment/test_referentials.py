"""Referentials are files that people without programming write: they are checked, with the line to mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.assessment.domain.referential import Profile, QuestionType, Referential
from services.assessment.domain.scoring import score
from services.assessment.referentials import (
    FOLDER,
    SUPPLIER,
    InvalidReferential,
    Library,
    UnknownReferential,
    library,
    load_referential,
)
from services.assessment.referentials.parse import parse_referential
from tests.unit.assessment.examples import referential, theme, yes_no

SOUND = """\
key: example
version: 2026.1
title: {fr: Exemple, en: Example}
introduction: {fr: Exemple, en: Example}
minutes: 5
themes:
  - key: people
    label: {fr: Personnes, en: People}
    introduction: {fr: Personnes, en: People}
    questions:
      - key: staff
        type: yes_no
        weight: 0
        question: {fr: Du personnel, en: Any staff}
      - key: safety
        type: single_choice
        question: {fr: La sécurité, en: Safety}
        only_if: {question: staff, answer: yes}
        choices:
          - {key: none, label: {fr: Rien, en: Nothing}, worth: 0}
          - {key: all, label: {fr: Tout, en: All}, worth: 1}
        actions:
          - key: act
            title: {fr: Agir, en: Act}
            what_to_do: {fr: Agir, en: Act}
            effort: 1
      - key: payment
        type: number
        question: {fr: Le paiement, en: Payment}
        unit: {fr: jours, en: days}
        from: 0
        to: 90
        steps:
          - {reaches: 0, worth: 1}
          - {reaches: 31, worth: 0}
"""


def parse(content: str) -> Referential:
    return parse_referential("example-2026.1.yaml", content)


def test_a_sound_file_becomes_a_referential() -> None:
    example = parse(SOUND)

    assert [question.key for question in example.questions] == ["staff", "safety", "payment"]
    assert example.question["safety"].choice["all"].worth == 1.0
    assert example.question["payment"].type is QuestionType.NUMBER
    assert example.title.to("fr") == "Exemple"


@pytest.mark.parametrize(
    ("written", "instead", "line", "sentence"),
    [
        (
            "minutes: 5",
            "minuets: 5",
            5,
            "“minuets” is not known in “the referential”. Did you mean “minutes”?",
        ),
        ("minutes: 5", "minutes: soon", 5, "“minutes” is “soon” but has to be a number"),
        ("version: 2026.1", "version: v1", 2, "has to be a year, a point and a number"),
        ("key: example", "key: other", 1, "has to be named other-2026.1.yaml"),
        ("{fr: Exemple, en: Example}", "{fr: Exemple}", 3, "“title” lacks “en”"),
        ("{fr: Exemple, en: Example}", '{fr: "", en: Example}', 3, "“fr” is empty"),
        ("key: staff", "key: Staff é", 11, "small letters without accents"),
        ("type: yes_no", "type: oui_non", 12, "has to be one of: single_choice, multiple_choice, yes_no"),
        ("        weight: 0", "        weight: -1", 13, "has to be from 0 to 100"),
        ("        weight: 0", "        weight: 0\n        weight: 2", 14, "“weight” stands twice"),
        ("worth: 1}", "worth: 1.5}", 21, "“worth” is 1.5 but has to be from 0 to 1"),
        ("en: All}, worth: 1}", "en: All}, worth: 0.9}", 15, "No answer to this question is worth 1"),
        ("key: all,", "key: none,", 15, "The choice “none” exists twice"),
        ("{question: staff,", "{question: stuff,", 15, "“stuff”, which does not exist"),
        ("{question: staff,", "{question: payment,", 15, "“payment”, which comes later"),
        ("answer: yes}", "answer: perhaps}", 15, "expects “perhaps”, but “staff” has the answers: yes, no"),
        ("key: payment", "key: staff", 27, "The question “staff” exists twice"),
        ("effort: 1", "effort: 4", 26, "“effort” is 4 but has to be from 1 to 3"),
        ("to: 90", "to: 0", 27, "“from” has to be smaller than “to”"),
        ("{reaches: 31, worth: 0}", "{reaches: 0, worth: 0}", 35, "a greater number than the one before"),
        ("        unit: {fr: jours, en: days}\n", "", 27, "type number needs “unit”"),
        (
            "type: yes_no",
            "type: yes_no\n        unit: {fr: j, en: d}",
            13,
            "does not go with the type yes_no",
        ),
        ("        weight: 0", "        vsme: E1", 13, "has to name a disclosure"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_how_to_mend_it(
    written: str, instead: str, line: int, sentence: str
) -> None:
    assert written in SOUND

    with pytest.raises(InvalidReferential) as refusal:
        parse(SOUND.replace(written, instead, 1))

    told = {(problem.line, problem.sentence) for problem in refusal.value.problems}
    assert any(at == line and sentence in words for at, words in told), told
    assert str(refusal.value).startswith("example-2026.1.yaml, line ")


def test_every_mistake_is_told_at_once_in_the_order_of_the_file() -> None:
    with pytest.raises(InvalidReferential) as refusal:
        parse(
            SOUND.replace("effort: 1", "effort: 9")
            .replace("weight: 0", "weight: x")
            .replace("to: 90", "to: x")
        )

    assert [problem.line for problem in refusal.value.problems] == [13, 26, 32]


def test_a_file_that_is_not_yaml_is_told_in_plain_words() -> None:
    with pytest.raises(InvalidReferential, match="line 5: The file cannot be read here"):
        parse(SOUND.replace("minutes: 5", "minutes: 5: 6"))


@pytest.mark.parametrize("content", ["", "just a sentence", "- a\n- list\n"])
def test_a_file_without_a_referential_is_refused(content: str) -> None:
    with pytest.raises(InvalidReferential, match="line 1"):
        parse(content)


def test_the_newest_version_is_given_out_and_earlier_ones_stay() -> None:
    first, tenth, second = (
        referential(theme("energy", yes_no("meter")), version=version)
        for version in ("2026.1", "2026.10", "2026.2")
    )
    versions = Library([first, tenth, second])

    assert versions.newest("example") is tenth
    assert versions.get("example", "2026.1") is first
    with pytest.raises(UnknownReferential):
        versions.get("example", "2025.1")


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_referential_of_the_software_is_sound(path: Path) -> None:
    assert load_referential(path).themes


def test_the_suppliers_referential_asks_a_grower_about_ten_questions_over_seven_themes() -> None:
    supplier = library().newest(SUPPLIER)

    asked = score(supplier, Profile("1-9", "01.13Z", "private"), {}).applicable

    assert len(supplier.themes) == 7
    assert 9 <= asked <= 12
    assert {question.type for question in supplier.questions} == set(QuestionType)


def test_every_scored_question_of_the_suppliers_referential_leads_to_an_action() -> None:
    supplier = library().newest(SUPPLIER)

    assert [q.key for q in supplier.questions if q.weight and not q.actions] == []


def test_a_version_that_was_given_out_keeps_its_questions_weights_and_worths() -> None:
    """Assessments are frozen only as long as the file that they were made with is."""
    first = library().get(SUPPLIER, "2026.1")

    assert {theme.key: theme.weight for theme in first.themes} == {
        "governance": 1,
        "environment": 1.5,
        "people": 1,
        "fair-practices": 1,
        "purchasing": 1,
        "local-anchoring": 1,
        "readiness": 1.5,
    }
    assert {q.key: (q.weight, *(c.worth for c in q.choices)) for q in first.questions} == {
        "commitment": (1, 0, 0.4, 0.7, 1),
        "energy": (1, 0, 0.2, 0.6, 1),
        "nature-and-waste": (1, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0),
        "employees": (0, 1, 0),
        "own-safety": (1, 1, 0),
        "risk-assessment": (1, 0, 0.5, 0.8, 1),
        "equal-pay": (0.5, 1, 0),
        "payment-time": (1,),
        "purchase-criteria": (1, 0.34, 0.34, 0.34, 0.34, 0.34, 0),
        "subcontractors": (1, 0, 0.6, 1),
        "local-purchases": (1,),
        "documents": (1, 0.25, 0.25, 0.25, 0.25, 0.25, 0),
        "e-invoicing": (1, 1, 0),
        "what-would-help": (0,),
    }
