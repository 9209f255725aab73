"""Sign-ins and API tokens that were ended before their time, and when each was last used.

A session says by itself who somebody is, so each service keeps a small table of its own of what a session
cannot say: that it has been ended. The event that tells of it fills the table; what has expired leaves it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from marshmallow import fields
from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from services.chassis.contracts import Contracts, EventSchema
from services.chassis.database import insert_for
from services.chassis.events import Event
from services.chassis.messages import session_state
from services.chassis.model import Aggregate
from services.chassis.reactions import Reactions, TolerantSchema
from services.chassis.unit_of_work import UnitOfWork

# Use is told no more often than this: who wants to know "last week or today" needs no more.
TOLD_EVERY = timedelta(minutes=10)
# For how long an expired session is still known, since clocks differ.
_KEPT_AFTER = timedelta(minutes=5)


class SessionUsed(EventSchema):
    """``id`` is the session's: a sign-in in a browser, or an API token."""

    id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    used_at = fields.AwareDateTime(required=True)


class EndedSession(TolerantSchema):
    """What a service reads of the event that ends a session."""

    id = fields.UUID(required=True)
    expires_at = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(required=True)


def publish_use(contracts: Contracts) -> None:
    """Declare that a service tells when a session is used."""
    contracts.define(f"{contracts.service}.session.used", SessionUsed)


def heed_ended_sessions(reactions: Reactions, event_type: str) -> None:
    """Let a service refuse whom another one has put out; ``event_type`` is how it hears of it."""

    @reactions.on(event_type, reads=EndedSession)
    def session_ended(event: Event, unit_of_work: UnitOfWork) -> None:
        if event.data["expires_at"] > unit_of_work.now - _KEPT_AFTER:
            ended = event.data["id"], event.data["expires_at"], event.data["ended_at"]
            end_session(unit_of_work.session, *ended)


def end_session(session: Session, session_id: UUID, expires_at: datetime, ended_at: datetime) -> None:
    """From now on nobody gets in with it. Safe to repeat, in any order."""
    session.execute(delete(session_state).where(session_state.c.expires_at < ended_at - _KEPT_AFTER))
    row = {"session_id": session_id, "version": 0, "expires_at": expires_at, "ended_at": ended_at}
    session.execute(
        insert_for(session, session_state)
        .values(row)
        .on_conflict_do_update(index_elements=["session_id"], set_={"ended_at": ended_at})
    )


def look_up(session: Session, session_id: UUID, now: datetime) -> tuple[bool, bool]:
    """Whether the session has been ended, and whether its use is to be told (see ``tell_use``)."""
    query = select(session_state.c.ended_at, session_state.c.used_at)
    found = session.execute(query.where(session_state.c.session_id == session_id)).one_or_none()
    if found is None:
        return False, True
    return found.ended_at is not None, found.used_at is None or found.used_at <= now - TOLD_EVERY


def tell_use(
    unit_of_work: UnitOfWork, service: str, session_id: UUID, person_id: UUID, expires_at: datetime
) -> None:
    """Publish that the session is used, unless another request has done so a moment ago."""
    session, now = unit_of_work.session, unit_of_work.now
    row = {"session_id": session_id, "version": 0, "expires_at": expires_at}
    session.execute(insert_for(session, session_state).values(row).on_conflict_do_nothing())
    version = session.scalar(
        update(session_state)
        .where(
            session_state.c.session_id == session_id,
            or_(session_state.c.used_at.is_(None), session_state.c.used_at <= now - TOLD_EVERY),
        )
        .values(used_at=now, version=session_state.c.version + 1)
        .returning(session_state.c.version)
    )
    if version is not None:
        used = Aggregate(id=session_id, version=version - 1)
        data = {"id": session_id, "person_id": person_id, "used_at": now}
        unit_of_work.record(used, f"{service}.session.used", data)
