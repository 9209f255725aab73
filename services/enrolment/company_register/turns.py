"""When the register may be asked: one rate and one circuit breaker for all processes of the service.

Whoever asks takes the next free turn, in the order in which they come, and waits for it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services.chassis.database import insert_for
from services.enrolment.storage.tables import register_turns

# Source: the API's documentation, 7 requests a second.
_APART = timedelta(seconds=1) / 7
# Nobody waits longer in front of a form.
_LONGEST_WAIT = timedelta(seconds=2)
_FAILURES_TO_CLOSE = 3
_CLOSED_FOR = timedelta(seconds=30)
_THE_ROW = 1


def take_turn(session: Session, now: datetime) -> timedelta | None:
    """For how long to wait before asking; None when the register is not to be asked now."""
    session.execute(
        insert_for(session, register_turns)
        .values(id=_THE_ROW, next_at=now, failures=0)
        .on_conflict_do_nothing(index_elements=["id"])
    )
    turn = session.execute(select(register_turns).with_for_update()).one()
    if turn.closed_until is not None and now < turn.closed_until:
        return None
    at: datetime = max(now, turn.next_at)
    if at - now > _LONGEST_WAIT:
        return None
    values = {"next_at": at + _APART}
    if turn.closed_until is not None:
        # Half open: this one tries, and the others wait until it is known how it went.
        values["closed_until"] = now + _CLOSED_FOR
    session.execute(update(register_turns).values(values))
    return at - now


def note_success(session: Session) -> None:
    session.execute(update(register_turns).values(failures=0, closed_until=None))


def note_failure(session: Session, now: datetime, rest: timedelta | None) -> None:
    """Close for as long as the register asks, or for a while when it has failed several times in a row."""
    session.execute(update(register_turns).values(failures=register_turns.c.failures + 1))
    turn = session.execute(select(register_turns).with_for_update()).one()
    if rest is None and turn.failures < _FAILURES_TO_CLOSE:
        return
    until = now + (rest or _CLOSED_FOR)
    session.execute(update(register_turns).values(closed_until=max(until, turn.closed_until or until)))
