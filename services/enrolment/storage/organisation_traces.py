"""Where an organisation takes part, and where its name stands."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import exists, or_, select, union
from sqlalchemy.orm import Session

from services.enrolment.storage.tables import (
    applications,
    assignments,
    supplier_enrolments,
    supplier_inviters,
)


def programmes_of(session: Session, organisation_id: UUID) -> set[str]:
    """The programmes for which it has applied, or in which it is a supplier."""
    applied = select(applications.c.programme).where(applications.c.organisation_id == organisation_id)
    supplies = select(supplier_enrolments.c.programme).where(
        supplier_enrolments.c.organisation_id == organisation_id
    )
    return set(session.scalars(union(applied, supplies)))


def takes_part(session: Session, organisation_id: UUID) -> bool:
    """Whether something was done for it as a buyer: suppliers whom it invited, an adviser who follows it."""
    has_invited = exists().where(supplier_inviters.c.organisation_id == organisation_id)
    is_followed = exists().where(assignments.c.organisation_id == organisation_id)
    return bool(session.scalar(select(or_(has_invited, is_followed))))


def invited_by(session: Session, organisation_id: UUID) -> Sequence[UUID]:
    """The enrolments of the suppliers that this buyer has invited, in one order."""
    query = (
        select(supplier_inviters.c.supplier_id)
        .where(supplier_inviters.c.organisation_id == organisation_id)
        .distinct()
        .order_by(supplier_inviters.c.supplier_id)
    )
    return session.scalars(query).all()
