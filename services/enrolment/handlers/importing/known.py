"""Who of the listed suppliers is known already: the same rule as for one who is invited alone."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.model import Conflict
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.supplier import SupplierEnrolment
from services.enrolment.spreadsheets.suppliers import ListedSupplier
from services.enrolment.storage import imports

Known = tuple[SupplierEnrolment, Organisation]


class KnownSuppliers:
    """The suppliers that some rows may mean, found with two questions to the database."""

    def __init__(self, session: Session, programme: str, listed: Sequence[ListedSupplier]) -> None:
        self._organisations = imports.organisations_by_siret(
            session, {row.siret for row in listed if row.siret}
        )
        self._by_organisation: dict[UUID, SupplierEnrolment] = {}
        self._by_address: dict[str, list[Known]] = {}
        self._by_name: dict[tuple[str, str | None], Known] = {}
        matching = imports.suppliers_matching(
            session,
            programme,
            organisation_ids={organisation.id for organisation in self._organisations.values()},
            emails={row.contact_email for row in listed if row.contact_email},
            names={row.organisation_name for row in listed if not row.contact_email and not row.siret},
        )
        for supplier, organisation in matching:
            self.add(supplier, organisation)

    def add(self, supplier: SupplierEnrolment, organisation: Organisation) -> None:
        """From now on this one is known too."""
        self._by_organisation[organisation.id] = supplier
        if organisation.siret:
            self._organisations[organisation.siret] = organisation
        if supplier.contact_email:
            self._by_address.setdefault(supplier.contact_email, []).append((supplier, organisation))
        elif not organisation.siret:
            self._by_name.setdefault((organisation.name, organisation.commune_code), (supplier, organisation))

    def find(self, row: ListedSupplier) -> tuple[SupplierEnrolment | None, Organisation | None]:
        """The supplier, or the organisation alone when it is in no enrolment of this programme yet.

        One SIRET is one organisation, and one address stands for several only if their SIRETs differ. Without
        either the name and the commune have to be the same. Raises Conflict for a buyer's SIRET.
        """
        organisation = self._organisations.get(row.siret) if row.siret else None
        if organisation is not None:
            if organisation.kind != "supplier":
                raise Conflict("This SIRET belongs to an organisation that is not a supplier.", field="siret")
            return self._by_organisation.get(organisation.id), organisation
        for supplier, known in self._by_address.get(row.contact_email, ()):
            if row.siret is None or known.siret is None:
                return supplier, known
        if row.siret is None and not row.contact_email:
            return self._by_name.get((row.organisation_name, row.commune), (None, None))
        return None, None
