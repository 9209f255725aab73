"""Which known supplier is meant by what somebody typed: one rule for forms, programs and files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.model import Conflict
from services.enrolment.company_names import comparable
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import normalise_email
from services.enrolment.domain.supplier import SupplierEnrolment
from services.enrolment.storage import known_suppliers as stored

Known = tuple[SupplierEnrolment, Organisation]


class Described(Protocol):
    """A supplier as somebody describes it. ``contact_email`` may be empty, ``commune`` is INSEE's code."""

    @property
    def organisation_name(self) -> str: ...

    @property
    def siret(self) -> str | None: ...

    @property
    def commune(self) -> str | None: ...

    @property
    def contact_email(self) -> str: ...


class KnownSuppliers:
    """The suppliers that some descriptions may mean, found with few questions to the database.

    One SIRET is one organisation. Without a common SIRET the contact's address and the name have to agree,
    since one accountant may answer for many firms; without an address, the name and the commune.
    """

    def __init__(self, session: Session, programme: str, described: Sequence[Described]) -> None:
        self._organisations = stored.organisations_by_siret(
            session, {each.siret for each in described if each.siret}
        )
        self._by_organisation: dict[UUID, SupplierEnrolment] = {}
        self._by_address: dict[tuple[str, str], list[Known]] = {}
        self._by_name: dict[tuple[str, str | None], Known] = {}
        matching = stored.suppliers_matching(
            session,
            programme,
            organisation_ids={organisation.id for organisation in self._organisations.values()},
            emails={normalise_email(each.contact_email) for each in described if each.contact_email},
            names={each.organisation_name for each in described if not each.contact_email and not each.siret},
        )
        former = stored.merged_names(session, {organisation.id for _supplier, organisation in matching})
        for supplier, organisation in matching:
            self.add(supplier, organisation, former.get(organisation.id, ()))

    def add(
        self, supplier: SupplierEnrolment, organisation: Organisation, former_names: Sequence[str] = ()
    ) -> None:
        """From now on this one is known too. ``former_names`` are those of what was merged into it."""
        self._by_organisation[organisation.id] = supplier
        self.note_siret(organisation)
        if supplier.contact_email:
            for name in {comparable(each) for each in (organisation.name, *former_names)}:
                key = supplier.contact_email, name
                self._by_address.setdefault(key, []).append((supplier, organisation))
        elif not organisation.siret:
            self._by_name.setdefault((organisation.name, organisation.commune_code), (supplier, organisation))

    def note_siret(self, organisation: Organisation) -> None:
        if organisation.siret:
            self._organisations[organisation.siret] = organisation

    def find(self, described: Described) -> tuple[SupplierEnrolment | None, Organisation | None]:
        """The supplier, or the organisation alone when it is in no enrolment of this programme yet.

        Raises Conflict for a buyer's SIRET.
        """
        organisation = self._organisations.get(described.siret) if described.siret else None
        if organisation is not None:
            if organisation.kind != "supplier":
                raise Conflict("This SIRET belongs to an organisation that is not a supplier.", field="siret")
            return self._by_organisation.get(organisation.id), organisation
        if described.contact_email:
            address = normalise_email(described.contact_email)
            for known in self._by_address.get((address, comparable(described.organisation_name)), ()):
                if described.siret is None or known[1].siret is None:
                    return known
        elif described.siret is None:
            return self._by_name.get((described.organisation_name, described.commune), (None, None))
        return None, None


def known_supplier(
    session: Session, programme: str, described: Described
) -> tuple[SupplierEnrolment | None, Organisation | None]:
    """Like ``KnownSuppliers.find``, of one alone. Raises Conflict for a buyer's SIRET."""
    return KnownSuppliers(session, programme, [described]).find(described)
