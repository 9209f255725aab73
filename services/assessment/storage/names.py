"""How people call what has an id: for the audit log, which keeps ids and nobody's name."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from services.assessment.storage.tables import assessments, sharings

_AT_ONCE = 1000


def names_of(session: Session, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Of an assessment, or of a sharing of it, the supplier's name."""
    wanted, found = list(ids), dict[UUID, str]()
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        query = union_all(
            select(assessments.c.id, assessments.c.organisation_name).where(assessments.c.id.in_(some)),
            select(sharings.c.id, sharings.c.supplier_name).where(sharings.c.id.in_(some)),
        )
        found |= {identifier: name for identifier, name in session.execute(query)}
    return found
