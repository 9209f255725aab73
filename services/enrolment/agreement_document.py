"""The agreement as a document: the programme's wording with the names of the parties, as a PDF."""

from __future__ import annotations

from datetime import date, datetime
from importlib.resources import files

from babel.dates import format_date

from services.chassis.pdf import typeset
from services.enrolment.domain.agreement_wording import BLANKS, blocks_of, fill_in, has_blank
from services.enrolment.domain.local_time import PARIS
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.programme import Cohort, Programme

_TO_BE_SAID = "(à préciser)"
_NOT_SAID_YET = {"debut": "(date à convenir)", "fin": "(date à convenir)"}


def default_wording() -> str:
    """The wording of a programme that has none of its own."""
    return (files("services.enrolment") / "documents" / "agreement-template.txt").read_text("utf-8").strip()


def draw_agreement(
    wording: str,
    programme: Programme,
    cohort: Cohort,
    organisation: Organisation,
    contact: str,
    now: datetime,
) -> bytes:
    """The agreement as a PDF, ready to be signed; what is not known yet stands in it in brackets."""
    known = _known(programme, cohort, organisation) | {"contact": contact}
    filled = {name: value or _NOT_SAID_YET.get(name, _TO_BE_SAID) for name, value in known.items()}
    data = {
        "programme": programme.name,
        "chamber": programme.chamber,
        "cohort": cohort.label,
        "buyer": organisation.name,
        "siret": filled["siret"],
        "made_at": format_date(now.astimezone(PARIS), "long", locale="fr"),
        "funders": [funder.name for funder in programme.funders],
        # Texts stay texts: the source sets them as they are and evaluates nothing of them.
        "blocks": [
            {"kind": block.kind.value, "text": fill_in(block.text, filled)} for block in blocks_of(wording)
        ],
    }
    source = (files("services.enrolment") / "documents" / "agreement.typ").read_text("utf-8")
    return typeset(source, data, now)


def missing_blanks(
    wording: str, programme: Programme, cohort: Cohort, organisation: Organisation
) -> list[str]:
    """Which blanks of the wording nothing is known for yet, by their names in ``BLANKS``."""
    known = _known(programme, cohort, organisation)
    return [name for name in BLANKS if known.get(name) == "" and has_blank(wording, name)]


def _known(programme: Programme, cohort: Cohort, organisation: Organisation) -> dict[str, str]:
    return {
        "acheteur": organisation.name,
        "siret": organisation.siret or "",
        "commune": organisation.commune_name or "",
        "chambre": programme.chamber,
        "programme": programme.name,
        "promotion": cohort.label,
        "debut": _day(cohort.starts_on),
        "fin": _day(cohort.ends_on),
        "financeurs": ", ".join(funder.name for funder in programme.funders),
    }


def _day(day: date | None) -> str:
    return format_date(day, "long", locale="fr") if day else ""
