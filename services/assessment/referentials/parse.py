"""From a referential's file to its dataclasses, with every rule that a sound referential keeps."""

from __future__ import annotations

import re
from collections.abc import Iterable

from services.assessment.domain.referential import (
    Advice,
    Audience,
    Choice,
    Condition,
    Question,
    QuestionType,
    Referential,
    Scale,
    Step,
    Text,
    Theme,
)
from services.assessment.referentials.checks import check_question, check_together
from services.assessment.referentials.document import Entry, Report, read_document

LEGAL_FORMS = ("public", "private")

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_VERSION = re.compile(r"\d{4}\.\d+")
_VSME = re.compile(r"[BC]\d{1,2}")
_YES = Text("Oui", "Yes")
_NO = Text("Non", "No")

_COMMON = (
    "weight",
    "help",
    "proof",
    "not_applicable",
    "vsme",
    "optional",
    "only_if",
    "concerns",
    "actions",
)
_OF_TYPE: dict[QuestionType, tuple[tuple[str, ...], tuple[str, ...]]] = {
    QuestionType.SINGLE_CHOICE: (("choices",), ()),
    QuestionType.MULTIPLE_CHOICE: (("choices",), ()),
    QuestionType.YES_NO: ((), ("good_answer",)),
    QuestionType.NUMBER: (("unit", "from", "to"), ("whole", "steps")),
    QuestionType.TEXT: ((), ()),
}


def parse_referential(file: str, content: str) -> Referential:
    """The referential in ``content``. Raises InvalidReferential with every problem; ``file`` names it."""
    report = Report(file)
    document = read_document(report, content, "the referential")
    entries = document.mapping(required=("key", "version", "title", "introduction", "minutes", "themes"))
    report.settle()
    referential = Referential(
        key=_key(entries["key"]),
        version=_version(entries["version"]),
        title=_text(entries["title"]),
        introduction=_text(entries["introduction"]),
        minutes=entries["minutes"].whole(1, 240),
        themes=tuple(_theme(entry) for entry in entries["themes"].items()),
    )
    report.settle()
    expected = f"{referential.key}-{referential.version}.yaml"
    if file != expected:
        entries["key"].complain(f"With this key and version the file has to be named {expected}.")
    check_together(referential, entries["themes"])
    report.settle()
    return referential


def _theme(entry: Entry) -> Theme:
    entries = entry.mapping(required=("key", "label", "introduction", "questions"), optional=("weight",))
    return Theme(
        key=_key(entries.get("key")),
        label=_text(entries.get("label")),
        introduction=_text(entries.get("introduction")),
        weight=entries["weight"].number(0.1, 100) if "weight" in entries else 1.0,
        questions=tuple(_question(each) for each in _items(entries.get("questions"))),
    )


def _question(entry: Entry) -> Question:
    every = {name for required, optional in _OF_TYPE.values() for name in (*required, *optional)}
    entries = entry.mapping(required=("key", "type", "question"), optional=(*_COMMON, *sorted(every)))
    known_problems = len(entry.report.problems)
    type_entry = entries.get("type")
    type_name = type_entry.one_of(list(QuestionType)) if type_entry else ""
    if type_name not in list(QuestionType):
        return Question(_key(entries.get("key")), QuestionType.TEXT, Text("", ""), 0)
    type_ = QuestionType(type_name)
    required, optional = _OF_TYPE[type_]
    for name in sorted(every & entries.keys() - {*required, *optional}):
        entries[name].complain(f"“{name}” does not go with the type {type_}.")
    for name in required:
        if name not in entries:
            entry.complain(f"A question of the type {type_} needs “{name}”.")
    scored = type_ is not QuestionType.TEXT
    question = Question(
        key=_key(entries.get("key")),
        type=type_,
        wording=_text(entries.get("question")),
        weight=entries["weight"].number(0, 100) if "weight" in entries else float(scored),
        help=_text(entries["help"]) if "help" in entries else None,
        proof=_text(entries["proof"]) if "proof" in entries else None,
        not_applicable=_text(entries["not_applicable"]) if "not_applicable" in entries else None,
        vsme=_vsme(entries["vsme"]) if "vsme" in entries else None,
        optional=entries["optional"].truth() if "optional" in entries else False,
        choices=_choices(type_, entries),
        scale=_scale(entries) if type_ is QuestionType.NUMBER else None,
        only_if=_condition(entries["only_if"]) if "only_if" in entries else None,
        concerns=_audience(entries["concerns"]) if "concerns" in entries else Audience(),
        actions=tuple(_advice(each) for each in _items(entries.get("actions"))),
    )
    if len(entry.report.problems) == known_problems:
        check_question(question, entry)
    return question


def _choices(type_: QuestionType, entries: dict[str, Entry]) -> tuple[Choice, ...]:
    if type_ is QuestionType.YES_NO:
        good = entries["good_answer"].one_of(("yes", "no")) if "good_answer" in entries else "yes"
        return Choice("yes", _YES, float(good == "yes")), Choice("no", _NO, float(good == "no"))
    return tuple(_choice(entry) for entry in _items(entries.get("choices")))


def _choice(entry: Entry) -> Choice:
    entries = entry.mapping(required=("key", "label", "worth"), optional=("exclusive",))
    return Choice(
        key=_key(entries.get("key")),
        label=_text(entries.get("label")),
        worth=entries["worth"].number(0, 1) if "worth" in entries else 0.0,
        exclusive=entries["exclusive"].truth() if "exclusive" in entries else False,
    )


def _scale(entries: dict[str, Entry]) -> Scale:
    steps = []
    for entry in _items(entries.get("steps")):
        step = entry.mapping(required=("reaches", "worth"))
        if len(step) == 2:
            steps.append(Step(step["reaches"].number(-1e12, 1e12), step["worth"].number(0, 1)))
            if len(steps) > 1 and steps[-1].reaches <= steps[-2].reaches:
                entry.complain("Each step has to reach a greater number than the one before.")
    return Scale(
        unit=_text(entries.get("unit")),
        least=entries["from"].number(-1e12, 1e12) if "from" in entries else 0.0,
        most=entries["to"].number(-1e12, 1e12) if "to" in entries else 0.0,
        whole=entries["whole"].truth() if "whole" in entries else False,
        steps=tuple(steps),
    )


def _condition(entry: Entry) -> Condition:
    entries = entry.mapping(required=("question", "answer"))
    answers = frozenset(each.text() for each in _items(entries.get("answer")))
    return Condition(entries["question"].text() if "question" in entries else "", answers)


def _audience(entry: Entry) -> Audience:
    entries = entry.mapping(optional=("employing_from", "employing_to", "sectors", "legal_forms"))
    return Audience(
        employing_from=entries["employing_from"].whole(0, 1_000_000) if "employing_from" in entries else None,
        employing_to=entries["employing_to"].whole(0, 1_000_000) if "employing_to" in entries else None,
        sectors=tuple(each.text() for each in _items(entries.get("sectors"))),
        legal_forms=tuple(each.one_of(LEGAL_FORMS) for each in _items(entries.get("legal_forms"))),
    )


def _advice(entry: Entry) -> Advice:
    entries = entry.mapping(required=("key", "title", "what_to_do", "effort"), optional=("reaches",))
    return Advice(
        key=_key(entries.get("key")),
        title=_text(entries.get("title")),
        what_to_do=_text(entries.get("what_to_do")),
        effort=entries["effort"].whole(1, 3) if "effort" in entries else 1,
        reaches=entries["reaches"].number(0, 1) if "reaches" in entries else 1.0,
    )


def _items(entry: Entry | None) -> Iterable[Entry]:
    return entry.items() if entry is not None else ()


def _key(entry: Entry | None) -> str:
    if entry is None:
        return ""
    key = entry.text()
    if key and not _KEY.fullmatch(key):
        entry.complain(f"The key “{key}” may only have small letters without accents, digits and hyphens.")
    return key


def _version(entry: Entry) -> str:
    version = entry.text()
    if not _VERSION.fullmatch(version):
        entry.complain(f"The version is “{version}” but has to be a year, a point and a number: 2026.1.")
    return version


def _vsme(entry: Entry) -> str:
    disclosure = entry.text()
    if not _VSME.fullmatch(disclosure):
        entry.complain(
            f"“vsme” is “{disclosure}” but has to name a disclosure of the VSME standard, such as B3."
        )
    return disclosure


def _text(entry: Entry | None) -> Text:
    if entry is None:
        return Text("", "")
    entries = entry.mapping(required=("fr", "en"))
    return Text(
        fr=entries["fr"].text() if "fr" in entries else "",
        en=entries["en"].text() if "en" in entries else "",
    )
