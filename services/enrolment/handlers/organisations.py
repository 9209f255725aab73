"""Organisations as they are registered."""

from __future__ import annotations

from dataclasses import dataclass

from services.chassis.events import new_id
from services.chassis.model import Conflict
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.communes import communes
from services.enrolment.company_register.company import Company
from services.enrolment.company_register.look_up import known_company
from services.enrolment.domain.organisation import LegalForm, Organisation, OrganisationKind
from services.enrolment.events.organisations import organisation_snapshot
from services.enrolment.storage import queries


@dataclass(frozen=True, kw_only=True)
class OrganisationDetails:
    """What is known of an organisation when it is registered. ``commune`` is INSEE's code."""

    name: str
    kind: OrganisationKind
    legal_form: LegalForm = "private"
    siret: str | None = None
    email: str | None = None
    commune: str | None = None
    naf_code: str | None = None
    size: str | None = None


def register_organisation(details: OrganisationDetails, unit_of_work: UnitOfWork) -> Organisation:
    """Raises KeyError for a commune that does not exist; it and the SIRET are checked by the caller."""
    company = known_company(unit_of_work.session, details.siret) if details.siret else None
    organisation = new_organisation(details, company)
    unit_of_work.session.add(organisation)
    unit_of_work.record(
        organisation, "enrolment.organisation.registered", organisation_snapshot(organisation)
    )
    return organisation


def new_organisation(details: OrganisationDetails, company: Company | None) -> Organisation:
    """An organisation that nobody has heard of yet. ``company`` is what the public register says of it."""
    organisation = Organisation(
        id=new_id(),
        name=details.name,
        kind=details.kind,
        legal_form=details.legal_form,
        siret=details.siret,
        email=details.email,
        naf_code=details.naf_code,
        size=details.size,
    )
    if details.commune:
        settle_in(organisation, details.commune)
    if company is not None:
        learn_from_register(organisation, company)
    return organisation


def add_siret(organisation: Organisation, siret: str, unit_of_work: UnitOfWork) -> None:
    """Complete an organisation that was registered without its SIRET, which is checked by the caller.

    Raises Conflict when it has another SIRET, or when another organisation has this one.
    """
    if organisation.siret == siret:
        return
    if organisation.siret is not None:
        raise Conflict("%(name)s is registered with another SIRET.", field="siret", name=organisation.name)
    check_siret_is_free(siret, unit_of_work)
    organisation.siret = siret
    if company := known_company(unit_of_work.session, siret):
        learn_from_register(organisation, company)
    unit_of_work.record(organisation, "enrolment.organisation.updated", organisation_snapshot(organisation))


def check_siret_is_free(siret: str, unit_of_work: UnitOfWork) -> None:
    """Raises Conflict: whoever is not of an organisation must not be able to speak for it."""
    if queries.organisation_by_siret(unit_of_work.session, siret):
        raise Conflict(
            "An organisation with this SIRET is registered already. Ask its contact person, or the programme "
            "team, to give you access.",
            field="siret",
        )


def learn_from_register(organisation: Organisation, company: Company) -> None:
    """Take over what the public register proves, and what it knows and nobody has typed."""
    organisation.proven = list(company.proven)
    organisation.naf_code = organisation.naf_code or company.naf_code
    organisation.size = organisation.size or company.size


def settle_in(organisation: Organisation, code: str) -> None:
    """Where it is, by INSEE's code of the commune. Raises KeyError for one that does not exist."""
    commune = communes()[code]
    organisation.commune_code, organisation.commune_name = commune.code, commune.name
    organisation.department = commune.department
    organisation.latitude, organisation.longitude = commune.latitude, commune.longitude


def leave_place(organisation: Organisation) -> None:
    """Where it is, is not known."""
    organisation.commune_code = organisation.commune_name = organisation.department = None
    organisation.latitude = organisation.longitude = None
