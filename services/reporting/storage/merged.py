"""Organisations that turned out to be others."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.reporting.storage.tables import organisations


def kept_organisations(session: Session) -> dict[UUID, UUID]:
    """For each organisation that was merged into another the one that it is now, over several merges."""
    query = select(organisations.c.id, organisations.c.merged_into).where(
        organisations.c.merged_into.is_not(None)
    )
    into = dict(session.execute(query).all())
    kept: dict[UUID, UUID] = {}
    for merged, target in into.items():
        passed = {merged}
        while target in into and target not in passed:
            passed.add(target)
            target = into[target]
        kept[merged] = target
    return kept
