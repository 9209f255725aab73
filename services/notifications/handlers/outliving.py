"""What notifications keeps for a time only: messages, and what gave rise to them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, func, select
from sqlalchemy.orm import Session

from services.chassis.privacy.retention import Outlived
from services.chassis.unit_of_work import UnitOfWork
from services.notifications.storage.tables import messages, occasions


def _old(before: datetime) -> ColumnElement[bool]:
    return messages.c.expires_at < before


def _count(session: Session, before: datetime) -> int:
    return session.scalar(select(func.count()).select_from(messages).where(_old(before))) or 0


def _remove(unit_of_work: UnitOfWork, before: datetime) -> int:
    session = unit_of_work.session
    concerned = _count(session, before)
    session.execute(delete(messages).where(_old(before)))
    unused = ~exists().where(messages.c.occasion_id == occasions.c.id)
    session.execute(delete(occasions).where(occasions.c.open_until < before, unused))
    return concerned


OUTLIVED = {"remove-old-messages": Outlived(_count, _remove)}
