"""What the services hold of somebody, worded for the person: labels, states in words, local dates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.chassis.privacy.holdings import Wording
from services.chassis.web.formatting import format_instant, format_number, format_short_date
from services.chassis.web.i18n import current_locale
from services.chassis.web.i18n import gettext as _

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")

Lines = list[tuple[str, list[str]]]


def readable_rows(part: Mapping[str, Any], section: Mapping[str, Any]) -> list[Lines]:
    """The rows of one section of a service's part, each as labels with what stands there.

    Ids, and what is for programs only, are left out; it is in the JSON file.
    """
    wording = Wording(**part["wording"]) if "wording" in part else Wording()
    table = section.get("table", "")
    return [list(_lines(row, table, wording)) for row in section["rows"]]


def _lines(row: Mapping[str, Any], table: str, wording: Wording) -> Iterator[tuple[str, list[str]]]:
    for column, value in row.items():
        if wording.is_technical(table, column):
            continue
        said = list(_said(value, table, column, wording))
        if said:
            yield _label(table, column, wording), said


def _label(table: str, column: str, wording: Wording) -> str:
    label = wording.label(table, column)
    return label[_language()] if label else column.replace("_", " ")


def _said(value: Any, table: str, column: str, wording: Wording) -> Iterator[str]:
    """One text for each thing that stands there; nothing for what is empty or an id."""
    match value:
        case None | "":
            return
        case bool():
            yield _("Yes") if value else _("No")
        case int() | float():
            yield format_number(value)
        case str():
            word = wording.word(table, column, value)
            if word is not None:
                yield word[_language()]
            elif not _is_id(value):
                yield _date_or_text(value)
        case Mapping():
            parts = (
                (_label(table, key, wording), ", ".join(_said(part, table, key, wording)))
                for key, part in value.items()
            )
            together = " · ".join(f"{label} – {text}" for label, text in parts if text)
            if together:
                yield together
        case _:
            for each in value:
                yield from _said(each, table, column, wording)


def _date_or_text(text: str) -> str:
    if _INSTANT.fullmatch(text):
        return format_instant(datetime.fromisoformat(text))
    return format_short_date(date.fromisoformat(text)) if _DATE.fullmatch(text) else text


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _language() -> str:
    return "en" if current_locale().startswith("en") else "fr"
