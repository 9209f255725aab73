"""The agreement as a document: the programme's template with the names of the parties, as a PDF.

A template is plain text: an empty line between paragraphs, "# " before a heading, and names in braces for
what is filled in. It is no program: nothing that is written there is run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from importlib.resources import files

from babel.dates import format_date

from services.chassis.model import DomainError
from services.chassis.pdf import typeset
from services.enrolment.domain.local_time import PARIS
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.programme import Cohort, Programme

_BLANK = re.compile(r"\{([^{}]*)\}")
_TO_BE_AGREED = "(date à convenir)"
# What can stand in braces; the words are those of the people who write the template.
BLANKS = (
    "acheteur",
    "siret",
    "commune",
    "contact",
    "chambre",
    "programme",
    "promotion",
    "debut",
    "fin",
    "financeurs",
)


def default_template() -> str:
    """The template of a programme that has none of its own."""
    return (files("services.enrolment") / "documents" / "agreement-template.txt").read_text("utf-8").strip()


def check_template(text: str) -> None:
    """Raises DomainError for a blank that nobody could fill."""
    for name in _BLANK.findall(text):
        if name not in BLANKS:
            raise DomainError(
                "“{%(name)s}” cannot be filled in. These can: %(known)s.",
                field="template",
                name=name,
                known=", ".join(f"{{{blank}}}" for blank in BLANKS),
            )


def draw_agreement(
    programme: Programme, cohort: Cohort, organisation: Organisation, contact: str, now: datetime
) -> bytes:
    """The agreement as a PDF, ready to be signed."""
    filled = {
        "acheteur": organisation.name,
        "siret": organisation.siret or "",
        "commune": organisation.commune_name or "",
        "contact": contact,
        "chambre": programme.chamber,
        "programme": programme.name,
        "promotion": cohort.label,
        "debut": _day(cohort.starts_on),
        "fin": _day(cohort.ends_on),
        "financeurs": ", ".join(funder.name for funder in programme.funders) or "(à préciser)",
    }
    data = {
        "programme": programme.name,
        "chamber": programme.chamber,
        "cohort": cohort.label,
        "buyer": organisation.name,
        "siret": organisation.siret or "",
        "made_at": format_date(now.astimezone(PARIS), "long", locale="fr"),
        "funders": [funder.name for funder in programme.funders],
        "blocks": _blocks(programme.agreement_template or default_template(), filled),
    }
    source = (files("services.enrolment") / "documents" / "agreement.typ").read_text("utf-8")
    return typeset(source, data, now)


def _blocks(template: str, filled: Mapping[str, str]) -> list[dict[str, object]]:
    paragraphs = (" ".join(part.split()) for part in re.split(r"\n\s*\n", template))
    return [
        {
            "heading": paragraph.startswith("# "),
            "text": _BLANK.sub(lambda found: filled[found[1]], paragraph.removeprefix("# ")),
        }
        for paragraph in paragraphs
        if paragraph
    ]


def _day(day: date | None) -> str:
    return format_date(day, "long", locale="fr") if day else _TO_BE_AGREED
