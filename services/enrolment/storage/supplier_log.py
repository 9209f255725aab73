"""What happened to a supplier, its links and when it last gave a sign of life."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from services.chassis.events import Event
from services.chassis.messages import outbox
from services.enrolment.domain.supplier import (
    INVITATION_LIFETIME,
    Invitation,
    SupplierEnrolment,
    SupplierState,
)
from services.enrolment.domain.supplier_log import SupplierDeed, SupplierLogEntry
from services.enrolment.storage import roles
from services.enrolment.storage.tables import (
    account_uses,
    invitations,
    people,
    supplier_assessments,
    supplier_enrolments,
    supplier_inviters,
    supplier_log,
)

_SENT = (SupplierDeed.INVITED_AGAIN, SupplierDeed.CONTACT_CORRECTED, SupplierDeed.RETURNED)
_NOT_REACHED = (SupplierDeed.NOT_DELIVERED, SupplierDeed.UNSUBSCRIBED)
_NOT_BEGUN = "assigned"


def entries_of(session: Session, supplier_id: UUID) -> list[tuple[SupplierLogEntry, str | None]]:
    """What happened with the name of who did it, the first thing first."""
    query = (
        select(SupplierLogEntry, people.c.name)
        .outerjoin(people, people.c.id == supplier_log.c.by)
        .where(supplier_log.c.supplier_id == supplier_id)
        .order_by(supplier_log.c.position)
    )
    return [(entry, name) for entry, name in session.execute(query)]


def last_sent_at(session: Session, supplier_id: UUID) -> datetime | None:
    """When a link was last sent to the supplier; None for one that was never invited."""
    invited = select(func.max(supplier_inviters.c.invited_at, type_=supplier_inviters.c.invited_at.type))
    first = session.scalar(invited.where(supplier_inviters.c.supplier_id == supplier_id))
    return max(filter(None, (first, last_sent_again_at(session, supplier_id))), default=None)


def last_sent_again_at(session: Session, supplier_id: UUID) -> datetime | None:
    """When the supplier was last sent a link without being invited by anybody."""
    return _last(session, supplier_id, _SENT)


def links_of(session: Session, supplier_id: UUID, *, lock: bool = False) -> Sequence[Invitation]:
    """The invitations that were sent to it, in one order, so that two who lock them take turns."""
    query = select(Invitation).where(invitations.c.supplier_id == supplier_id).order_by(invitations.c.id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).all()


def link_ends_at(session: Session, supplier_id: UUID, sent_at: datetime) -> datetime:
    """When the supplier's last link ends, or has ended, that was sent at ``sent_at``.

    Of a link that expired long ago nothing is kept but when it was sent.
    """
    kept = (each.expires_at for each in links_of(session, supplier_id))
    return max(kept, default=sent_at + INVITATION_LIFETIME)


def has_worked(session: Session, supplier: SupplierEnrolment) -> bool:
    """Whether it has begun one of its assessments."""
    begun = exists().where(
        supplier_assessments.c.organisation_id == supplier.organisation_id,
        supplier_assessments.c.programme == supplier.programme,
        supplier_assessments.c.state != _NOT_BEGUN,
    )
    return bool(session.scalar(select(begun)))


def last_fell_dormant(session: Session, supplier_id: UUID) -> datetime | None:
    return _last(session, supplier_id, (SupplierDeed.FELL_DORMANT,))


def invited_by_event(session: Session, event_id: UUID) -> UUID | None:
    """The supplier whose invitation this event of ours was."""
    query = select(outbox.c.body).where(
        outbox.c.event_id == event_id, outbox.c.type == "enrolment.supplier.invited"
    )
    body = session.scalar(query)
    return None if body is None else Event.from_bytes(body).subject


def not_reached(session: Session, supplier_id: UUID) -> SupplierDeed | None:
    """Why the last link did not reach its contact, if that is known."""
    query = (
        select(supplier_log.c.what, supplier_log.c.happened_at)
        .where(supplier_log.c.supplier_id == supplier_id, supplier_log.c.what.in_(_NOT_REACHED))
        .order_by(supplier_log.c.position.desc())
    )
    found = session.execute(query.limit(1)).first()
    sent_at = last_sent_at(session, supplier_id)
    return None if found is None or (sent_at and found.happened_at < sent_at) else found.what


def silent_since(session: Session, before: datetime, *, most: int) -> list[UUID]:
    """The suppliers that take part and of which nothing was heard since: nobody of theirs signed in, none of
    their assessments came on, nobody brought them back. At most ``most``, the longest enrolled first."""
    query = (
        select(supplier_enrolments.c.id, supplier_enrolments.c.organisation_id)
        .outerjoin(account_uses, account_uses.c.person_id == supplier_enrolments.c.contact_id)
        .where(
            supplier_enrolments.c.state.in_((SupplierState.ENROLLED, SupplierState.ACTIVE)),
            supplier_enrolments.c.merged_into.is_(None),
            supplier_enrolments.c.enrolled_at < before,
            or_(account_uses.c.used_at.is_(None), account_uses.c.used_at < before),
            ~_went_on(before),
            ~exists().where(
                supplier_log.c.supplier_id == supplier_enrolments.c.id, supplier_log.c.happened_at >= before
            ),
        )
        .order_by(supplier_enrolments.c.enrolled_at)
    )
    found: list[UUID] = []
    for supplier_id, organisation_id in session.execute(query):
        if len(found) < most and not _somebody_came(session, organisation_id, before):
            found.append(supplier_id)
    return found


def _last(session: Session, supplier_id: UUID, deeds: Sequence[SupplierDeed]) -> datetime | None:
    """When one of these last happened."""
    instant = supplier_log.c.happened_at
    query = select(func.max(instant, type_=instant.type))
    found: datetime | None = session.scalar(
        query.where(supplier_log.c.supplier_id == supplier_id, supplier_log.c.what.in_(deeds))
    )
    return found


def _went_on(before: datetime) -> ColumnElement[bool]:
    table = supplier_assessments.c
    return exists().where(
        table.organisation_id == supplier_enrolments.c.organisation_id,
        table.programme == supplier_enrolments.c.programme,
        or_(table.submitted_at >= before, table.validated_at >= before),
    )


def _somebody_came(session: Session, organisation_id: UUID, before: datetime) -> bool:
    """Colleagues of the contact count as well."""
    ids = [person.id for person in roles.people_of(session, organisation_id)]
    came = exists().where(account_uses.c.person_id.in_(ids), account_uses.c.used_at >= before)
    return bool(session.scalar(select(came)))
