"""The buyers of a cohort who have given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.enrolment.domain.application import ApplicationState
from services.enrolment.storage.accompanied import Accompanied
from services.enrolment.storage.tables import applications, organisations


@dataclass(frozen=True)
class LeftBuyer:
    application_id: UUID
    name: str
    left_on: date | None
    reason: str | None


def left_buyers(session: Session, cohort_id: UUID, accompanied: Accompanied) -> list[LeftBuyer]:
    """Those whom somebody accompanied, the last who left first."""
    query = (
        select(applications.c.id, organisations.c.name, applications.c.left_on, applications.c.reason)
        .join(organisations, organisations.c.id == applications.c.organisation_id)
        .where(
            applications.c.cohort_id == cohort_id,
            applications.c.state == ApplicationState.LEFT,
            accompanied.applications(),
        )
        .order_by(applications.c.left_on.desc(), organisations.c.name)
    )
    return [LeftBuyer(*row) for row in session.execute(query)]
