"""What is put right about an organisation, and everywhere its name is kept beside it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from services.chassis.model import Forbidden
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.company_register.look_up import known_company
from services.enrolment.domain.organisation import LegalForm, Organisation
from services.enrolment.domain.supplier import SupplierEnrolment
from services.enrolment.domain.supplier_log import SupplierDeed
from services.enrolment.events.organisations import organisation_snapshot
from services.enrolment.handlers.organisations import (
    check_siret_is_free,
    learn_from_register,
    leave_place,
    settle_in,
)
from services.enrolment.handlers.supplier_changes import changed_meanwhile
from services.enrolment.handlers.supplier_history import log
from services.enrolment.handlers.suppliers import record
from services.enrolment.storage import merges, organisation_traces, queries


@dataclass(frozen=True, kw_only=True)
class CorrectOrganisation:
    """``commune`` is INSEE's code; it and ``siret`` are checked already. Without ``siret`` it stays as it is.

    ``legal_form`` is None where nobody asks for it. ``seen_version`` is the organisation's that the person
    has seen.
    """

    organisation_id: UUID
    name: str
    commune: str | None
    size: str | None
    siret: str | None
    by: UUID
    legal_form: LegalForm | None = None
    seen_version: int | None = None


def correct_by_own_people(command: CorrectOrganisation, unit_of_work: UnitOfWork) -> Organisation:
    """Its people mend what is said of it. Raises NotFound, Conflict, Forbidden for another SIRET."""
    organisation = _locked(command, unit_of_work)
    if organisation.siret is not None and command.siret not in (None, organisation.siret):
        raise Forbidden(
            "Another SIRET is entered by the team of the programme. Write to them.", field="siret"
        )
    return _correct(organisation, command, unit_of_work)


def correct_by_team(
    command: CorrectOrganisation, programmes: Collection[str], unit_of_work: UnitOfWork
) -> Organisation:
    """Somebody of a team mends what is said of it, for a programme in whose name they may.

    Raises NotFound; Forbidden when it takes part in another programme than these, whose team has to agree;
    Conflict when the SIRET is another one's, or somebody has changed something meanwhile.
    """
    organisation = _locked(command, unit_of_work)
    if not organisation_traces.programmes_of(unit_of_work.session, organisation.id) <= set(programmes):
        raise Forbidden(
            "%(name)s takes part in another programme too, whose team has to agree. Write to each other.",
            name=organisation.name,
        )
    return _correct(organisation, command, unit_of_work)


def _locked(command: CorrectOrganisation, unit_of_work: UnitOfWork) -> Organisation:
    session = unit_of_work.session
    # As for an invitation and a merge: whoever adds or changes suppliers of a programme takes turns.
    for programme in sorted(organisation_traces.programmes_of(session, command.organisation_id)):
        queries.programme_by_slug(session, programme, lock=True)
    organisation = unit_of_work.get(Organisation, command.organisation_id, lock=True)
    if organisation.merged_into is not None or command.seen_version not in (None, organisation.version):
        raise changed_meanwhile()
    return organisation


def _correct(
    organisation: Organisation, command: CorrectOrganisation, unit_of_work: UnitOfWork
) -> Organisation:
    before = organisation_snapshot(organisation)
    if command.siret is not None and command.siret != organisation.siret:
        _take_siret(organisation, command.siret, unit_of_work)
    organisation.name, organisation.size = command.name, command.size
    organisation.legal_form = command.legal_form or organisation.legal_form
    if command.commune is None:
        leave_place(organisation)
    elif command.commune != organisation.commune_code:
        settle_in(organisation, command.commune)
    after = organisation_snapshot(organisation)
    if after != before:
        unit_of_work.record(organisation, "enrolment.organisation.updated", after)
        _tell_of_suppliers(organisation, command.by, unit_of_work)
        if after["name"] != before["name"]:
            _rename_inviter(organisation, unit_of_work)
    return organisation


def _take_siret(organisation: Organisation, siret: str, unit_of_work: UnitOfWork) -> None:
    """An establishment that moves gets a new one; what a register proved of the old one goes with it."""
    check_siret_is_free(siret, unit_of_work)
    organisation.siret, organisation.proven = siret, None
    if company := known_company(unit_of_work.session, siret):
        learn_from_register(organisation, company)


def _tell_of_suppliers(organisation: Organisation, by: UUID, unit_of_work: UnitOfWork) -> None:
    """Others keep a supplier's name and place with its enrolment."""
    for supplier in merges.enrolments_of(unit_of_work.session, organisation.id):
        log(supplier, SupplierDeed.DETAILS_CORRECTED, unit_of_work, by)
        record(supplier, "updated", unit_of_work)


def _rename_inviter(organisation: Organisation, unit_of_work: UnitOfWork) -> None:
    """A buyer's name stands with those whom it has invited."""
    session = unit_of_work.session
    for supplier_id in organisation_traces.invited_by(session, organisation.id):
        supplier = unit_of_work.get(SupplierEnrolment, supplier_id, lock=True)
        for inviter in supplier.invited_by:
            if inviter.organisation_id == organisation.id:
                inviter.organisation_name = organisation.name
        record(supplier, "updated", unit_of_work)
