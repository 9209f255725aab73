"""What a supplier lets each buyer see."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID, uuid5

from sqlalchemy import update

from services.assessment.domain.assessment import Assessment
from services.assessment.domain.sharing import Scope, Sharing
from services.assessment.events import sharing_snapshot
from services.assessment.storage import queries
from services.assessment.storage.tables import sharings
from services.chassis.model import Conflict, NotFound
from services.chassis.unit_of_work import UnitOfWork


def share(
    assessment_id: UUID, buyer_organisation_id: UUID, parts: Collection[Scope], unit_of_work: UnitOfWork
) -> Sharing:
    """Let one buyer see exactly ``parts`` from now on.

    Raises Conflict before the assessment is submitted, NotFound for a buyer that is not in the programme,
    DomainError for parts that cannot be shared like this.
    """
    assessment = unit_of_work.get(Assessment, assessment_id, lock=True)
    if not assessment.is_handed_in:
        raise Conflict("Submit your assessment first: there is nothing to share before.")
    sharing = queries.sharing_with(
        unit_of_work.session, assessment_id, buyer_organisation_id
    ) or _new_sharing(assessment, buyer_organisation_id, unit_of_work)
    if sharing.grant(parts, unit_of_work.now):
        _record(sharing, assessment, "granted", unit_of_work)
    return sharing


def stop_sharing(assessment_id: UUID, buyer_organisation_id: UUID, unit_of_work: UnitOfWork) -> Sharing:
    """The buyer sees nothing any more. Raises NotFound or Conflict when nothing is shared."""
    assessment = unit_of_work.get(Assessment, assessment_id, lock=True)
    sharing = queries.sharing_with(unit_of_work.session, assessment_id, buyer_organisation_id)
    if sharing is None:
        raise NotFound("Nothing is shared with this buyer.")
    sharing.revoke(unit_of_work.now)
    _record(sharing, assessment, "revoked", unit_of_work)
    return sharing


def _new_sharing(assessment: Assessment, buyer_organisation_id: UUID, unit_of_work: UnitOfWork) -> Sharing:
    known = {
        buyer.organisation_id: buyer.name for buyer in queries.buyers_for(unit_of_work.session, assessment)
    }
    if buyer_organisation_id not in known:
        raise NotFound("This buyer does not take part in the programme.")
    sharing = Sharing(
        id=uuid5(assessment.id, str(buyer_organisation_id)),
        programme=assessment.programme,
        assessment_id=assessment.id,
        supplier_organisation_id=assessment.organisation_id,
        supplier_name=assessment.organisation_name,
        buyer_organisation_id=buyer_organisation_id,
        buyer_name=known[buyer_organisation_id],
    )
    unit_of_work.session.add(sharing)
    return sharing


def _record(sharing: Sharing, assessment: Assessment, what_happened: str, unit_of_work: UnitOfWork) -> None:
    unit_of_work.record(sharing, f"assessment.sharing.{what_happened}", sharing_snapshot(sharing, assessment))


def rename(organisation_id: UUID, name: str, unit_of_work: UnitOfWork) -> None:
    """What was shared is found under the names that organisations have now."""
    for whose, what in (
        (sharings.c.supplier_organisation_id, sharings.c.supplier_name),
        (sharings.c.buyer_organisation_id, sharings.c.buyer_name),
    ):
        is_other = (whose == organisation_id) & (what != name)
        unit_of_work.session.execute(update(sharings).where(is_other).values({what: name}))
