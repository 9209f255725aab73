"""Suppliers of which nothing was heard for long, and who come back to life. How long is dated data."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.privacy.retention import Outlived
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.person import Person, Role
from services.enrolment.domain.supplier import SupplierEnrolment, SupplierState
from services.enrolment.domain.supplier_log import SupplierDeed
from services.enrolment.handlers.supplier_history import log
from services.enrolment.handlers.suppliers import record
from services.enrolment.storage import queries, supplier_log

_AT_ONCE = 1000


def let_fall_dormant(unit_of_work: UnitOfWork, before: datetime) -> int:
    """Those of which nothing was heard since; how many there were."""
    found = supplier_log.silent_since(unit_of_work.session, before, most=_AT_ONCE)
    for supplier_id in found:
        supplier = unit_of_work.get(SupplierEnrolment, supplier_id, lock=True)
        if supplier.fall_dormant():
            log(supplier, SupplierDeed.FELL_DORMANT, unit_of_work)
            record(supplier, "fell_dormant", unit_of_work)
    return len(found)


def activate_supplier(programme: str, organisation_id: UUID, at: datetime, unit_of_work: UnitOfWork) -> None:
    """The supplier has begun to work, or works again. An unknown supplier is somebody else's, and left alone.

    What happened before it fell dormant, and is heard late or again, does not wake it.
    """
    supplier = queries.supplier_enrolment_of(unit_of_work.session, programme, organisation_id)
    if supplier is None:
        return
    if supplier.state is SupplierState.DORMANT and not _is_news(supplier, at, unit_of_work):
        return
    if supplier.activate():
        log(supplier, SupplierDeed.ACTIVATED, unit_of_work)
        record(supplier, "activated", unit_of_work)


def wake_suppliers_of(person_id: UUID | None, at: datetime, unit_of_work: UnitOfWork) -> None:
    """Somebody came: the dormant suppliers whose people they are take part again."""
    person = unit_of_work.session.get(Person, person_id) if person_id else None
    for grant in person.grants if person else ():
        if grant.role is not Role.SUPPLIER or grant.programme is None or grant.organisation_id is None:
            continue
        supplier = queries.supplier_enrolment_of(unit_of_work.session, grant.programme, grant.organisation_id)
        if supplier is not None and supplier.state is SupplierState.DORMANT:
            activate_supplier(grant.programme, grant.organisation_id, at, unit_of_work)


def _is_news(supplier: SupplierEnrolment, at: datetime, unit_of_work: UnitOfWork) -> bool:
    since = supplier_log.last_fell_dormant(unit_of_work.session, supplier.id)
    return since is None or at > since


def _count(session: Session, before: datetime) -> int:
    return len(supplier_log.silent_since(session, before, most=_AT_ONCE))


DORMANCY = Outlived(_count, let_fall_dormant)
