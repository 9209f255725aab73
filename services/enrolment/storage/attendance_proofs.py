"""What proves who came to a workshop: its sheets, their corrections, and the sheet signed on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.chassis.model import NotFound
from services.enrolment.storage.tables import attendance_corrections, attendance_sheets, people, signed_sheets


@dataclass(frozen=True)
class AttendanceSheet:
    """A sheet as it was stored when its workshop was closed, or when its attendance was corrected."""

    content: bytes
    sha256: str
    made_at: datetime


@dataclass(frozen=True)
class Correction:
    """``changes`` counts the people of whom something else is known since. ``by`` is missing once erased."""

    corrected_at: datetime
    corrected_by: UUID
    by: str | None
    reason: str
    changes: int


@dataclass(frozen=True)
class SignedSheet:
    """A page of the sheet signed on paper. ``size`` is in bytes; ``by`` is missing once erased."""

    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str
    added_at: datetime
    added_by: UUID
    by: str | None


def closed_at(session: Session, workshop_id: UUID) -> datetime:
    """When the workshop was closed. Raises NotFound for one that was not."""
    table = attendance_sheets
    found: datetime | None = session.scalar(select(table.c.made_at).where(table.c.workshop_id == workshop_id))
    if found is None:
        raise NotFound("This workshop has no attendance sheet yet.")
    return found


def attendance_sheet(session: Session, workshop_id: UUID) -> AttendanceSheet:
    """The stored sheet that counts: the first, or that of the last correction. Raises NotFound."""
    first, table = attendance_sheets, attendance_corrections
    corrected = select(table.c.content, table.c.sha256, table.c.corrected_at).where(
        table.c.workshop_id == workshop_id
    )
    row = session.execute(corrected.order_by(table.c.corrected_at.desc(), table.c.id.desc()).limit(1)).first()
    if row is None:
        query = select(first.c.content, first.c.sha256, first.c.made_at)
        row = session.execute(query.where(first.c.workshop_id == workshop_id)).first()
    if row is None:
        raise NotFound("This workshop has no attendance sheet yet.")
    return AttendanceSheet(*row)


def corrections_of(session: Session, workshop_id: UUID) -> list[Correction]:
    """What was corrected, the first correction first."""
    table = attendance_corrections
    query = (
        select(table.c.corrected_at, table.c.corrected_by, people.c.name, table.c.reason, table.c.changes)
        .outerjoin(people, people.c.id == table.c.corrected_by)
        .where(table.c.workshop_id == workshop_id)
        .order_by(table.c.corrected_at, table.c.id)
    )
    return [Correction(*row[:-1], changes=len(row[-1])) for row in session.execute(query)]


def signed_sheets_of(session: Session, workshop_id: UUID) -> Sequence[SignedSheet]:
    """The pages that were added, in their order."""
    table = signed_sheets
    kept = (table.c.id, table.c.name, table.c.media_type, table.c.size, table.c.sha256)
    query = (
        select(*kept, table.c.added_at, table.c.added_by, people.c.name)
        .outerjoin(people, people.c.id == table.c.added_by)
        .where(table.c.workshop_id == workshop_id)
        .order_by(table.c.added_at, table.c.id)
    )
    return [SignedSheet(*row) for row in session.execute(query)]


def signed_sheet_content(session: Session, workshop_id: UUID, sheet_id: UUID) -> tuple[SignedSheet, bytes]:
    """One page of a workshop, byte for byte. Raises NotFound."""
    for sheet in signed_sheets_of(session, workshop_id):
        if sheet.id == sheet_id:
            table = signed_sheets
            return sheet, session.execute(select(table.c.content).where(table.c.id == sheet_id)).scalar_one()
    raise NotFound("This does not exist, or no longer.")


def count_signed_sheets(session: Session, workshop_id: UUID) -> int:
    query = select(func.count()).where(signed_sheets.c.workshop_id == workshop_id)
    return session.scalar(query) or 0
