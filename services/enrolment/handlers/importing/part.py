"""The rows of one part become suppliers: known ones one by one, new ones written together."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Literal

from services.chassis.model import Conflict
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.company_register.look_up import known_companies
from services.enrolment.domain.importing import KnownRow, RowDeed, SupplierImport
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.supplier import SupplierEnrolment
from services.enrolment.events.organisations import organisation_snapshot
from services.enrolment.events.suppliers import supplier_snapshot
from services.enrolment.handlers.importing.writing import NewRows
from services.enrolment.handlers.known_suppliers import KnownSuppliers
from services.enrolment.handlers.organisations import OrganisationDetails, add_siret, new_organisation
from services.enrolment.handlers.suppliers import (
    invitation_url,
    invite_known,
    inviter_of,
    new_enrolment,
    new_invitation,
)
from services.enrolment.spreadsheets.suppliers import ListedSupplier

Outcome = Literal["added", "renewed", "known"]


class Part:
    """Some rows of one import within one transaction. ``write`` comes last, once.

    ``known`` are the rows so far that meant suppliers who were known.
    """

    def __init__(
        self,
        supplier_import: SupplierImport,
        listed: Sequence[ListedSupplier],
        public_url: str,
        unit_of_work: UnitOfWork,
    ) -> None:
        self._import = supplier_import
        self._public_url = public_url
        self._work = unit_of_work
        # Locks the programme: nobody else adds one of these suppliers meanwhile.
        self._inviter = inviter_of(supplier_import.programme, supplier_import.inviter_id, unit_of_work)
        self._known = KnownSuppliers(unit_of_work.session, supplier_import.programme, listed)
        sirets = [row.siret for row in listed if row.siret]
        self._companies = known_companies(unit_of_work.session, sirets)
        self._new = NewRows()
        self.known: list[KnownRow] = []

    def take(self, row: ListedSupplier) -> Outcome:
        """What came of the row. Raises DomainError for a row that contradicts what is known."""
        supplier, organisation = self._known.find(row)
        if supplier is None or organisation is None:
            self._add(row, organisation)
            return "added"
        deeds = self._complete(row, supplier, organisation)
        if self._import.invites:
            # Conflict: invited before, perhaps by this very file.
            with suppress(Conflict):
                invite_known(supplier, self._inviter, self._public_url, self._work)
                deeds.append(RowDeed.INVITED)
        if deeds and RowDeed.INVITED not in deeds:
            self._publish(supplier, organisation, "updated")
        self.known.append(KnownRow(row.number, supplier.id, deeds))
        return "renewed" if deeds else "known"

    def write(self) -> None:
        self._new.write(self._work.session)

    def _complete(
        self, row: ListedSupplier, supplier: SupplierEnrolment, organisation: Organisation
    ) -> list[RowDeed]:
        """Add what was missing; what it was."""
        deeds: list[RowDeed] = []
        if row.siret is not None and organisation.siret is None:
            deeds.append(RowDeed.SIRET)
            add_siret(organisation, row.siret, self._work)
            self._known.note_siret(organisation)
        if supplier.learn_contact(row.contact_name, row.contact_email, row.contact_phone):
            deeds.append(RowDeed.CONTACT)
        return deeds

    def _add(self, row: ListedSupplier, organisation: Organisation | None) -> None:
        if organisation is None:
            organisation = self._register(row)
        supplier = new_enrolment(
            self._import.programme,
            organisation.id,
            row.contact_name,
            row.contact_email,
            self._import.locale,
            row.contact_phone,
        )
        self._known.add(supplier, organisation)
        self._new.enrolments.append(supplier)
        if not self._import.invites:
            self._publish(supplier, organisation, "registered")
            return
        supplier.invite(self._inviter)
        invitation, token = new_invitation(supplier, self._work.now)
        self._new.invitations.append(invitation)
        self._publish(supplier, organisation, "invited", invitation_url(self._public_url, token))

    def _register(self, row: ListedSupplier) -> Organisation:
        details = OrganisationDetails(
            name=row.organisation_name,
            kind="supplier",
            siret=row.siret,
            email=row.contact_email or None,
            commune=row.commune,
            naf_code=row.naf_code,
            size=row.size,
        )
        organisation = new_organisation(details, self._companies.get(row.siret or ""))
        self._new.organisations.append(organisation)
        self._work.record(
            organisation, "enrolment.organisation.registered", organisation_snapshot(organisation)
        )
        return organisation

    def _publish(
        self,
        supplier: SupplierEnrolment,
        organisation: Organisation,
        what_happened: str,
        url: str | None = None,
    ) -> None:
        snapshot = supplier_snapshot(supplier, organisation, invitation_url=url)
        self._work.record(supplier, f"enrolment.supplier.{what_happened}", snapshot)
