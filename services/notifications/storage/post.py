"""The state of the mail as a whole: for the operator's page and for those who watch it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from services.notifications.domain.message import Reason, State
from services.notifications.storage.tables import messages

_LATELY = timedelta(days=1)


@dataclass(frozen=True)
class Post:
    """How many mails were sent within a day, are due now, are tried again later, and have failed for good.

    ``due_since`` is when the one was due that has been due for longest.
    """

    sent: int
    due: int
    due_since: datetime | None
    retried: int
    failed: int


def post(session: Session, now: datetime) -> Post:
    """What became of the mail lately, and what is still to leave."""
    due = _is_due(now)
    number, since = session.execute(select(func.count(), func.min(messages.c.due_at)).where(due)).one()
    return Post(
        sent=_count(session, messages.c.state == State.SENT, messages.c.sent_at > now - _LATELY),
        due=number,
        due_since=since,
        retried=_count(session, messages.c.state == State.PLANNED, messages.c.reason == Reason.RETRY),
        failed=_count(session, messages.c.state == State.FAILED),
    )


def seconds_overdue(session: Session, now: datetime) -> float:
    """For how long the mail has been due that has been due for longest; 0 when none is."""
    since = session.scalar(select(func.min(messages.c.due_at)).where(_is_due(now)))
    return max(0.0, (now - since).total_seconds()) if since else 0.0


def count_due(session: Session, now: datetime) -> int:
    return _count(session, _is_due(now))


def _is_due(now: datetime) -> ColumnElement[bool]:
    return (messages.c.state == State.PLANNED) & (messages.c.due_at <= now)


def _count(session: Session, *conditions: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(messages).where(*conditions)) or 0
