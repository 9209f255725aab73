"""What notifications says of a supplier's invitation that reached nobody."""

from __future__ import annotations

from uuid import UUID

from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.supplier import SupplierEnrolment
from services.enrolment.domain.supplier_log import SupplierDeed
from services.enrolment.handlers.supplier_history import log
from services.enrolment.storage import supplier_log


def note_undelivered(cause: UUID, what: SupplierDeed, unit_of_work: UnitOfWork) -> None:
    """Keep on the supplier's page that the mail which event ``cause`` set off did not arrive.

    Of an invitation and its reminders it is kept once; of other mails nothing is.
    """
    supplier_id = supplier_log.invited_by_event(unit_of_work.session, cause)
    if supplier_id is None:
        return
    supplier = unit_of_work.session.get(SupplierEnrolment, supplier_id)
    if supplier is None or not supplier.is_waiting:
        return
    if supplier_log.not_reached(unit_of_work.session, supplier_id) is None:
        log(supplier, what, unit_of_work)
