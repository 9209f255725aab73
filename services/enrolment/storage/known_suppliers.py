"""The suppliers that somebody may mean, by SIRET, by their contact's address, or by name."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.supplier import SupplierEnrolment
from services.enrolment.storage.tables import organisations, supplier_enrolments


def organisations_by_siret(session: Session, sirets: Collection[str]) -> dict[str, Organisation]:
    query = select(Organisation).where(organisations.c.siret.in_(sirets))
    return {organisation.siret: organisation for organisation in session.scalars(query) if organisation.siret}


def suppliers_matching(
    session: Session,
    programme: str,
    *,
    organisation_ids: Collection[UUID],
    emails: Collection[str],
    names: Collection[str],
) -> list[tuple[SupplierEnrolment, Organisation]]:
    """The programme's suppliers by organisation, by contact's address, or, of those that have neither a
    SIRET nor an address, by name; the first invited first."""
    nameless = (supplier_enrolments.c.contact_email == "") & organisations.c.siret.is_(None)
    query = (
        select(SupplierEnrolment, Organisation)
        .join(organisations, organisations.c.id == supplier_enrolments.c.organisation_id)
        .where(
            supplier_enrolments.c.programme == programme,
            supplier_enrolments.c.merged_into.is_(None),
            or_(
                supplier_enrolments.c.organisation_id.in_(organisation_ids),
                supplier_enrolments.c.contact_email.in_(emails),
                nameless & organisations.c.name.in_(names),
            ),
        )
        .order_by(supplier_enrolments.c.invited_at, supplier_enrolments.c.id)
    )
    return [(supplier, organisation) for supplier, organisation in session.execute(query)]


def merged_names(session: Session, organisation_ids: Collection[UUID]) -> dict[UUID, list[str]]:
    """The names of what was merged into each of these organisations, if anything was."""
    query = select(organisations.c.merged_into, organisations.c.name).where(
        organisations.c.merged_into.in_(organisation_ids)
    )
    found: dict[UUID, list[str]] = {}
    for kept_id, name in session.execute(query) if organisation_ids else ():
        found.setdefault(kept_id, []).append(name)
    return found
