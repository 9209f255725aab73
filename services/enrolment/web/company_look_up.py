"""The public register in front of a form: what it knows of the SIRET that was typed fills in the rest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
from flask import request

from services.chassis.model import DomainError
from services.chassis.web.forms import Form
from services.chassis.web.i18n import N_, error_message
from services.chassis.web.i18n import gettext as _
from services.chassis.web.work import runtime
from services.enrolment.communes import communes
from services.enrolment.company_register.company import Company
from services.enrolment.company_register.look_up import LookUp, Outcome, look_up
from services.enrolment.domain.organisation import Proof
from services.enrolment.siret import parse_siret

_FROM_REGISTER = "from_register"
_PROOFS = {
    Proof.ORGANIC: N_("organic"),
    Proof.SOCIAL_ECONOMY: N_("social economy"),
    Proof.WORK_INTEGRATION: N_("work integration"),
    Proof.RGE: N_("RGE (energy renovation)"),
    Proof.RESPONSIBLE_PURCHASING: N_("responsible purchasing"),
    Proof.MISSION_DRIVEN: N_("mission-driven company"),
}


def has_register() -> bool:
    """Whether there is a register to ask."""
    return bool(runtime().settings.company_register_url)


def proof_words(proven: Iterable[str] | None) -> list[str]:
    """What a register proves, in the person's language."""
    return [_(_PROOFS[Proof(each)]) for each in proven or ()]


def asks_to_look_up() -> bool:
    """Whether the form was sent with its button "look up", to be filled in and shown again."""
    return has_register() and "look_up" in request.form


def fill_in(form: Form) -> str:
    """Fill in what nobody has typed, and say in one or two sentences what the register knows.

    What it said of another SIRET before gives way. Of what is wrong only the SIRET is told: the person has
    not finished.
    """
    form.errors = {name: messages for name, messages in form.errors.items() if name == "siret"}
    try:
        found = look_up(parse_siret(form.values["siret"]), runtime())
    except DomainError as error:
        form.errors["siret"] = [error_message(error)]
        return ""
    before = _filled_before()
    fields = {**dict.fromkeys(before, ""), **filled_fields(found)}
    filled = {
        name: value
        for name, value in fields.items()
        if name in form.values and form.values[name] in ("", before.get(name))
    }
    form.values.update(filled)
    form.values[_FROM_REGISTER] = orjson.dumps(filled).decode()
    return message_about(found)


def _filled_before() -> dict[str, str]:
    """By field, what the register and not the person has written into the form that was sent."""
    try:
        stored = orjson.loads(request.form.get(_FROM_REGISTER) or "{}")
    except orjson.JSONDecodeError:
        return {}
    return {name: str(value) for name, value in stored.items()} if isinstance(stored, dict) else {}


def filled_fields(found: LookUp) -> dict[str, str]:
    """The fields of a form that the register fills in, as they would be typed."""
    company = found.company
    if company is None:
        return {}
    known = communes().get(company.commune_code or "")
    fields = {"organisation_name": company.name, "legal_form": company.legal_form}
    if known is not None:
        fields["commune"] = f"{known.name} ({known.department})"
    return fields


def message_about(found: LookUp) -> str:
    match found.outcome:
        case Outcome.UNAVAILABLE:
            return _("The public register does not answer at the moment. Please type the details.")
        case Outcome.UNKNOWN:
            return _("The public register knows no such SIRET. Check it, or type the details.")
    return " ".join(_about_company(found.company)) if found.company else ""


def look_up_answer(found: LookUp) -> dict[str, Any]:
    """What a program or the page's script is told."""
    company = found.company
    return {
        "outcome": found.outcome,
        "message": message_about(found),
        "fields": filled_fields(found),
        "proven": list(company.proven) if company else [],
        "is_closed": company.is_closed if company else None,
        "naf_code": company.naf_code if company else None,
        "size": company.size if company else None,
    }


def _about_company(company: Company) -> list[str]:
    sentences = [_("Found in the public register: %(name)s.", name=company.name)]
    if company.is_closed:
        sentences.append(_("According to it this establishment is closed: check the SIRET."))
    if company.proven:
        words = ", ".join(proof_words(company.proven))
        sentences.append(_("Already proven by a public register: %(proofs)s.", proofs=words))
    return sentences
