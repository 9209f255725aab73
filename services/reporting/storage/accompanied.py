"""Which buyers an adviser follows; what they see of a programme follows from it (``State.of_buyers``)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.reporting.storage.tables import adviser_assignments


def followed_buyers(session: Session, adviser_id: UUID, slug: str) -> frozenset[UUID]:
    """The organisations that an adviser follows in a programme."""
    table = adviser_assignments
    query = select(table.c.organisation_id).where(table.c.adviser_id == adviser_id, table.c.programme == slug)
    return frozenset(session.scalars(query))
