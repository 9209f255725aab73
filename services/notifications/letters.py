"""Writes a letter: one template, one language, and the values, turned into a subject, HTML and plain text."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import mjml
from babel.dates import format_date, format_datetime
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, pass_context
from jinja2.runtime import Context

from services.notifications.domain.calendar import PARIS
from services.notifications.plain_text import plain_text

TEMPLATES = Path(__file__).parent / "templates" / "mail"


@dataclass(frozen=True)
class Letter:
    """What a recipient reads. ``subject`` is one line without markup."""

    subject: str
    html: str
    text: str


def write_letter(template: str, locale: str, values: Mapping[str, Any]) -> Letter:
    """The letter of ``template`` (a workflow's key) in ``locale`` ("fr" or "en").

    Raises jinja2.UndefinedError when the template needs a value that is not there.
    """
    document = _template(template, locale).render({**values, "locale": locale})
    return Letter(
        subject=write_subject(template, locale, values),
        # Without this, MJML would load known fonts from elsewhere, which tells others who reads what.
        html=mjml.mjml2html(document, fonts={}),
        text=plain_text(document),
    )


def write_subject(template: str, locale: str, values: Mapping[str, Any]) -> str:
    """Only the subject of a letter. Raises like ``write_letter``."""
    source = _template(template, locale)
    subject = "".join(source.blocks["subject"](source.new_context({**values, "locale": locale})))
    return re.sub(r"\s*[\r\n]\s*", " ", html.unescape(subject)).strip()


def _template(template: str, locale: str) -> Template:
    return _templates().get_template(f"{locale}/{template}.mjml")


def letter_templates(locale: str) -> set[str]:
    """The names of the templates that exist in a language."""
    return {path.stem for path in (TEMPLATES / locale).glob("*.mjml") if not path.stem.startswith("_")}


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"day": _day, "hour": _hour, "moment": _moment, "score": _score, "stop": _stop}
    return environment


@pass_context
def _day(context: Context, value: date | datetime | str) -> str:
    """``12 mars 2026``, in Paris."""
    local = _local(value)
    return format_date(local, "long", locale=context["locale"])


@pass_context
def _moment(context: Context, value: datetime | str) -> str:
    """``jeudi 12 mars à 14:32``, in Paris."""
    pattern = "EEEE d MMMM 'à' HH:mm" if context["locale"] == "fr" else "EEEE d MMMM 'at' HH:mm"
    return format_datetime(_local(value), pattern, locale=context["locale"])


@pass_context
def _hour(context: Context, value: datetime | str) -> str:
    """``14:32``, in Paris."""
    return format_datetime(_local(value), "HH:mm", locale=context["locale"])


def _score(value: float | int | str) -> str:
    """A score out of 100, without decimals."""
    return f"{float(value):.0f}"


def _stop(name: str) -> str:
    """A name at the end of a sentence: some, such as C.E.S.A.R., bring their full stop with them."""
    return name if name.endswith(".") else f"{name}."


def _local(value: date | datetime | str) -> date:
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    return value.astimezone(PARIS) if isinstance(value, datetime) else value
