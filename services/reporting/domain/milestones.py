"""How far a buyer or a supplier has come: the fact that proves each milestone, or None before it.

Milestones follow from the newest state, not from events alone: what was submitted and taken back is not
submitted.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from services.reporting.domain import events
from services.reporting.domain.figures import Evidence
from services.reporting.domain.records import Assessment, Buyer, Supplier

Milestone = Callable[[Supplier], Evidence | None]


def agreement_signed(buyer: Buyer) -> Evidence | None:
    """The buyer is accompanied, or was until the end of its cohort."""
    if not buyer.takes_part:
        return None
    return Evidence(buyer.id, events.APPLICATION_ENROLLED, buyer.organisation_id, buyer.enrolled_at)


def entered(supplier: Supplier) -> Evidence | None:
    """The supplier was invited, or registered by itself."""
    if supplier.invited_at is None:
        return enrolled(supplier)
    return _fact(supplier, supplier.id, events.SUPPLIER_INVITED, supplier.invited_at)


def enrolled(supplier: Supplier) -> Evidence | None:
    """The supplier took up its place."""
    return _fact(supplier, supplier.id, events.SUPPLIER_ENROLLED, supplier.enrolled_at)


def started(supplier: Supplier) -> Evidence | None:
    """The first answer to the first état des lieux."""
    return _first(supplier, events.ASSESSMENT_STARTED, lambda each: each.started_at or each.submitted_at)


def submitted(supplier: Supplier) -> Evidence | None:
    """The first état des lieux that stands submitted."""
    return _first(supplier, events.ASSESSMENT_SUBMITTED, lambda each: each.submitted_at)


def counted(supplier: Supplier) -> Evidence | None:
    """Submitted by a supplier whose SIRET is known: funders count no other."""
    return submitted(supplier) if supplier.siret else None


def validated(supplier: Supplier) -> Evidence | None:
    """The first état des lieux that an adviser has validated."""
    return _first(
        supplier, events.ASSESSMENT_VALIDATED, lambda each: each.validated_at if each.submitted_at else None
    )


def days_to_submission(supplier: Supplier) -> Evidence | None:
    """Submitted, with the days since the invitation as amount."""
    first = submitted(supplier)
    if first is None or first.at is None or supplier.invited_at is None:
        return None
    return first.worth((first.at - supplier.invited_at) / timedelta(days=1))


def scored(supplier: Supplier) -> Evidence | None:
    """The latest submitted état des lieux, with its score as amount."""
    latest = supplier.latest
    if latest is None or latest.score is None:
        return None
    fact = _fact(supplier, latest.id, events.ASSESSMENT_SUBMITTED, latest.submitted_at)
    return fact.worth(latest.score) if fact else None


def trusted(supplier: Supplier) -> Evidence | None:
    """The latest submitted état des lieux; amount: the share (0 to 1) of its score that a proof backs."""
    latest = supplier.latest
    if latest is None or latest.trust is None:
        return None
    fact = _fact(supplier, latest.id, events.ASSESSMENT_SUBMITTED, latest.submitted_at)
    return fact.worth(latest.trust.evidenced + latest.trust.verified) if fact else None


def _first(
    supplier: Supplier, event_type: str, instant: Callable[[Assessment], datetime | None]
) -> Evidence | None:
    dated = [(at, each) for each in supplier.assessments if (at := instant(each))]
    if not dated:
        return None
    at, assessment = min(dated, key=lambda pair: pair[0])
    return _fact(supplier, assessment.id, event_type, at)


def _fact(supplier: Supplier, subject: UUID, event_type: str, at: datetime | None) -> Evidence | None:
    return Evidence(subject, event_type, supplier.organisation_id, at) if at else None
