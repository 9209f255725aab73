"""What happened to a supplier, kept for its page: also what the next thing that happens would make forget."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.supplier import SupplierEnrolment
from services.enrolment.domain.supplier_log import SupplierDeed, SupplierLogEntry
from services.enrolment.storage import supplier_log


def log(
    supplier: SupplierEnrolment,
    what: SupplierDeed,
    unit_of_work: UnitOfWork,
    by: UUID | None = None,
    reason: str = "",
    *,
    at: datetime | None = None,
) -> None:
    """Keep what happened, now or at another instant."""
    unit_of_work.session.add(
        SupplierLogEntry(
            supplier_id=supplier.id, what=what, happened_at=at or unit_of_work.now, by=by, reason=reason
        )
    )


def log_expired_link(supplier: SupplierEnrolment, sent_at: datetime | None, unit_of_work: UnitOfWork) -> None:
    """Keep that the link last sent at ``sent_at`` has expired, if it has, before it gives way to another."""
    if sent_at is None:
        return
    ended_at = supplier_log.link_ends_at(unit_of_work.session, supplier.id, sent_at)
    if ended_at <= unit_of_work.now:
        log(supplier, SupplierDeed.LINK_EXPIRED, unit_of_work, at=ended_at)


def log_earlier_invitations(
    supplier: SupplierEnrolment, earlier: Iterable[datetime], unit_of_work: UnitOfWork
) -> None:
    """Keep when the supplier was invited by those who have invited it anew since."""
    known = {each.invited_at for each in supplier.invited_by}
    for invited_at in sorted(set(earlier) - known):
        log(supplier, SupplierDeed.INVITED, unit_of_work, at=invited_at)
